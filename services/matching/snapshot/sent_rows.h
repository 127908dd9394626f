#ifndef TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_
#define TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_

#include <string>

#include "common/base/error.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Adds the faults in sent rows, beyond their contract, at `path`: a name of another form (names appear in logs, so a
// person's name is not allowed), a repeated half-day or wish, a maximum of weekly minutes below the minimum.
void CheckSentRow(const v1::SnapshotNurse& row, const std::string& path, Faults& faults);
void CheckSentRow(const v1::SnapshotOpening& row, const std::string& path, Faults& faults);
void CheckSentRow(const v1::SnapshotSupply& row, const std::string& path, Faults& faults);
// As CheckSentRow, for a person who describes herself: her name may be any word.
void CheckSentPerson(const v1::SnapshotNurse& row, const std::string& path, Faults& faults);

// Checks all rows of a snapshot as it was sent.
void CheckSentRows(const v1::Snapshot& snapshot, const std::string& path, Faults& faults);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SENT_ROWS_H_
