#ifndef TSUNAGU_TESTS_FAULTS_TRUTH_H_
#define TSUNAGU_TESTS_FAULTS_TRUTH_H_

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "tests/faults/checker.h"
#include "tests/faults/ground.h"

namespace tsunagu::faults {

// What the registry's database holds of facilities whose ids begin as those of a Load.
absl::StatusOr<Truth> ReadTruth(store::Database& database);

// The same over the wire: every row, and the revisions of those that changed most. A difference is a failure of the
// test.
void ExpectWireAgrees(process::ServerProcess& server, const Truth& truth);

// SQLite finds every page as it has to be. Nothing where the database is another.
void ExpectUndamaged(store::Database& database);

// The whole proof for a ground on which `history` has happened: starts a server on it, reads both ways, checks, and
// verifies the chain of the journal.
void ExpectHolds(const Ground& ground, const History& history);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_TRUTH_H_
