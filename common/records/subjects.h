#ifndef TSUNAGU_COMMON_RECORDS_SUBJECTS_H_
#define TSUNAGU_COMMON_RECORDS_SUBJECTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/store.h"

namespace tsunagu::store {

// People whose data a service keeps: which key seals it, and who was erased.
void AddSubjectTables(Store& store);

// The key that seals what this transaction writes about `subject`; makes the subject known where it is new. Erasing it
// meanwhile fails one of the two transactions. SUBJECT_ERASED.
absl::StatusOr<std::string> KeyOfSubject(Tx& tx, absl::string_view subject);
// The same for the record that is the subject itself: its own revision stands between it and an erasure, so that
// nothing has to be locked here.
absl::StatusOr<std::string> KeyOfOwnRecord(Tx& tx, absl::string_view subject);
// Makes a subject known whose record this transaction has just made.
absl::Status AddSubject(Tx& tx, absl::string_view subject, absl::string_view key_id);

// 0 where it was not.
absl::StatusOr<int64_t> EraseTimeOf(View& view, absl::string_view subject);

// Erases `subject`: clears all that is personal in its records, with a revision each, and marks its key to be deleted
// by FinishErasures. How many records. Repeated, it changes nothing.
absl::StatusOr<int64_t> EraseSubject(Tx& tx, const std::string& subject);
// Deletes the keys of erasures that were committed; what a crash has left, too.
absl::Status FinishErasures(Store& store);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SUBJECTS_H_
