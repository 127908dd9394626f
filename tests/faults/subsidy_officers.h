#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_

#include <map>
#include <string>
#include <vector>

#include "tests/faults/subsidy_desk.h"

namespace tsunagu::faults {

// What officers do all day. Each call does one thing from its beginning to its end, as far as it is let: whatever is
// refused, such as a decision for which there is too little budget, the next one has another turn.

// An application from its draft to the last payment, with an override or a payment of a past year at times.
void WorkOnApplication(Desk& desk);
// A contract, or own work, from its plan to what comes back.
void WorkOnContract(Desk& desk);
// A batch of payments, its result, and the same result again.
void WorkOnBatch(Desk& desk);
// What goes on to the State: examined, forwarded, granted or sent back.
void WorkOnForwarding(Desk& desk);
// A child's hours: granted, used, corrected, claimed and taken back.
void WorkOnHours(Desk& desk);
// Budget goes to another line and back, each time in one transaction over both.
void WorkOnBudget(Desk& desk);

// The roles that this takes.
const std::map<std::string, std::vector<std::string>>& OfficerRoles();
// What has to be there first. Everything is of year 2020, so that every day here is past.
void PrepareOffice(Desk& desk);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_OFFICERS_H_
