#ifndef TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_
#define TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_

#include <string>

#include "common/base/error.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Adds what is wrong with rows that somebody sends, beyond their contract, at `path`: a name of another form (names end
// up in logs, so that a person's is none), a half-day or a wish twice, at most fewer minutes a week than at least.
void CheckSentRow(const v1::SnapshotNurse& row, const std::string& path, Faults& faults);
void CheckSentRow(const v1::SnapshotOpening& row, const std::string& path, Faults& faults);
void CheckSentRow(const v1::SnapshotSupply& row, const std::string& path, Faults& faults);
// The same of somebody who describes herself: her name is any word.
void CheckSentPerson(const v1::SnapshotNurse& row, const std::string& path, Faults& faults);

// All rows of a snapshot at once, as it was sent.
void CheckSentRows(const v1::Snapshot& snapshot, const std::string& path, Faults& faults);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_
