#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_

#include <map>
#include <string>
#include <vector>

#include "tests/faults/subsidy_desk.h"

namespace tsunagu::faults {

// The daily work of officers. Each call handles one thing from beginning to end, as far as it is permitted. If
// something is refused, such as a decision that exceeds the budget, the next call tries something else.

// Handles an application from its draft to the last payment, sometimes with an override or a payment of a past year.
void WorkOnApplication(Desk& desk);
// Handles a contract, or own work, from its plan to returned payments.
void WorkOnContract(Desk& desk);
// Handles a batch of payments, its result, and the same result again.
void WorkOnBatch(Desk& desk);
// Handles an application that goes on to the State: examined, forwarded, granted or sent back.
void WorkOnForwarding(Desk& desk);
// Handles a child's hours: granted, used, corrected, claimed and withdrawn.
void WorkOnHours(Desk& desk);
// Moves budget to another line and back, each time in one transaction over both.
void WorkOnBudget(Desk& desk);

// Returns the roles that this work requires.
const std::map<std::string, std::vector<std::string>>& OfficerRoles();
// Creates the records that must exist first. Everything is in fiscal year 2020, so that every day is in the past.
void PrepareOffice(Desk& desk);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_
