#ifndef TSUNAGU_TESTS_FAULTS_TRUTH_H_
#define TSUNAGU_TESTS_FAULTS_TRUTH_H_

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "tests/faults/checker.h"
#include "tests/faults/ground.h"

namespace tsunagu::faults {

// Reads from the registry's database the facilities whose ids begin as those of a Load.
absl::StatusOr<Truth> ReadTruth(store::Database& database);

// Compares `truth` with the data over the wire: every row, and the revisions of those that changed most. A difference
// fails the test.
void ExpectWireAgrees(process::ServerProcess& server, const Truth& truth);

// Expects that SQLite's check finds no damaged page. Does nothing for another database.
void ExpectUndamaged(store::Database& database);

// The complete check of a ground after `history`: starts a server on it, reads both ways, compares, and verifies the
// chain of the journal.
void ExpectHolds(const Ground& ground, const History& history);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_TRUTH_H_
