#ifndef TSUNAGU_SERVICES_MATCHING_RULES_HALF_DAY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_HALF_DAY_H_

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "google/protobuf/repeated_field.h"

namespace tsunagu::matching::rules {

// Adds a fault about a half-day, with the name of the half-day in both languages. Adds nothing for a number that is no
// half-day: the field's own contract reports that.
void AddHalfDayFault(absl::string_view field, Reason reason, int half_day, Faults& faults);

// Returns whether both lists name the same half-days, in any order.
bool AreSame(const google::protobuf::RepeatedField<int>& a, const google::protobuf::RepeatedField<int>& b);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_HALF_DAY_H_
