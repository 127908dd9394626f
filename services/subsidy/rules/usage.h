#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_USAGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_USAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::subsidy::rules {

// Returns the limit period of the scheme that contains the day.
jp::Period LimitPeriodOf(const v1::ActivityScheme& scheme, jp::CivilDay day);

// Returns the minutes that a child may use in the limit period around `day`, by a decision of the day `decided`;
// absent: no limit.
absl::optional<int64_t> MinutesByScheme(const v1::ActivityScheme& scheme, jp::CivilDay decided, jp::CivilDay day);
// As MinutesByScheme, for a grant, which may have a lower limit.
absl::optional<int64_t> MinutesByGrant(const v1::ActivityScheme& scheme, const v1::UsageGrant& grant, jp::CivilDay day);

// Returns the days of a grant; empty if the grant's own last day is before them. Its dates must exist.
jp::Period DaysOf(const v1::ActivityScheme& scheme, const v1::UsageGrant& grant);

// Adds the faults in a visit by its scheme: its times, length, place and price. The length is not checked for a
// correction which states that nothing was done.
void CheckVisit(const v1::ActivityScheme& scheme, const v1::ServiceRecord& record, Faults& faults);

// Returns the class of a grant on a day. Its dates must exist.
const std::string& ClassOn(const v1::UsageGrant& grant, jp::CivilDay day);

// The result of a visit.
struct Counted {
  int64_t minutes = 0;            // counted against the grant
  int64_t duplicate_minutes = 0;  // paid by another source
  int64_t yen = 0, own_yen = 0;   // what the body and the family pay, before the cap of the year

  friend bool operator==(const Counted& a, const Counted& b) {
    return a.minutes == b.minutes && a.duplicate_minutes == b.duplicate_minutes && a.yen == b.yen &&
           a.own_yen == b.own_yen;
  }
};
// `record` must have passed CheckVisit. A class that the scheme does not have pays nothing.
Counted Count(const v1::ActivityScheme& scheme, absl::string_view cost_class, const v1::ServiceRecord& record);

// Returns whether two records of one child overlap in time.
bool AtTheSameTime(const v1::ServiceRecord& a, const v1::ServiceRecord& b);

// Returns, of the records of one grant, those that no other record replaces.
std::vector<v1::ServiceRecord> Holding(std::vector<v1::ServiceRecord> records);

// Returns the part of `yen` that is paid if `paid` yen have been paid in that year already.
int64_t WithinCap(const v1::ActivityScheme& scheme, int64_t yen, int64_t paid);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_USAGE_H_
