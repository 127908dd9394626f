#ifndef TSUNAGU_SERVICES_MATCHING_RULES_COMMUTE_RULE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_COMMUTE_RULE_H_

#include "common/base/error.h"
#include "tsunagu/matching/v1/commute_rule.pb.h"
#include "tsunagu/matching/v1/travel_time.pb.h"

namespace tsunagu::matching::rules {

// Adds the faults in the area of a rule.
void CheckCommuteRule(const v1::CommuteRule& rule, Faults& faults);

// Adds the faults in the two ends of a way.
void CheckTravelTime(const v1::TravelTime& time, Faults& faults);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_COMMUTE_RULE_H_
