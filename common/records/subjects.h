#ifndef TSUNAGU_COMMON_RECORDS_SUBJECTS_H_
#define TSUNAGU_COMMON_RECORDS_SUBJECTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

class Store;
class Tx;
class View;

// The people whose data a service stores: the key that encrypts it, and who was erased.
void AddSubjectTables(Store& store);

// Returns the id of the key that encrypts what this transaction writes about `subject`; registers a new subject. If the
// subject is erased at the same time, one of the two transactions fails. Errors: SUBJECT_ERASED.
absl::StatusOr<std::string> KeyIdOfSubject(Tx& tx, absl::string_view subject);
// The same for the record that is the subject itself. Its own revision conflicts with an erasure, so nothing has to be
// locked here.
absl::StatusOr<std::string> KeyIdOfOwnRecord(Tx& tx, absl::string_view subject);
// Registers the subject of a record that this transaction has just made.
absl::Status AddSubject(Tx& tx, absl::string_view subject, absl::string_view key_id);

// Returns 0 when the subject was not erased.
absl::StatusOr<int64_t> EraseTimeOf(View& view, absl::string_view subject);

// Erases `subject`: clears all personal fields in its records, with one revision each, and marks its key to be deleted
// by FinishErasures. Returns how many records it cleared. Repeating it changes nothing.
absl::StatusOr<int64_t> EraseSubject(Tx& tx, const std::string& subject);
// Deletes the keys of committed erasures, including those that a crash has left.
absl::Status FinishErasures(Store& store);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SUBJECTS_H_
