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

// The limit period of the scheme in which a day lies.
jp::Period LimitPeriodOf(const v1::ActivityScheme& scheme, jp::CivilDay day);

// What a child may use in the limit period around `day`, where that was decided on a day; absent: there is no limit.
absl::optional<int64_t> MinutesByScheme(const v1::ActivityScheme& scheme, jp::CivilDay decided, jp::CivilDay day);
// The same by a grant, which may give less.
absl::optional<int64_t> MinutesByGrant(const v1::ActivityScheme& scheme, const v1::UsageGrant& grant, jp::CivilDay day);

// The days of a grant; it has none where its own last day lies before them. Its dates exist.
jp::Period DaysOf(const v1::ActivityScheme& scheme, const v1::UsageGrant& grant);

// Adds what is wrong with a visit by its scheme: its times, its length, its place, its price. Where a correction says
// that nothing was done, its length is right.
void CheckVisit(const v1::ActivityScheme& scheme, const v1::ServiceRecord& record, Faults& faults);

// The class of a grant on a day. Its dates exist.
const std::string& ClassOn(const v1::UsageGrant& grant, jp::CivilDay day);

// What a visit comes to.
struct Counted {
  int64_t minutes = 0;            // against the grant
  int64_t duplicate_minutes = 0;  // paid elsewhere
  int64_t yen = 0, own_yen = 0;   // what the body and what the family pays, before the cap of the year

  friend bool operator==(const Counted& a, const Counted& b) {
    return a.minutes == b.minutes && a.duplicate_minutes == b.duplicate_minutes && a.yen == b.yen &&
           a.own_yen == b.own_yen;
  }
};
// `record` has passed CheckVisit. A class that the scheme does not have pays nothing.
Counted Count(const v1::ActivityScheme& scheme, absl::string_view cost_class, const v1::ServiceRecord& record);

// Whether two records of one child are at the same minutes.
bool AtTheSameTime(const v1::ServiceRecord& a, const v1::ServiceRecord& b);

// Of records of one grant those that hold: which nothing replaces.
std::vector<v1::ServiceRecord> Holding(std::vector<v1::ServiceRecord> records);

// What of `yen` is paid where `paid` are paid in that year already.
int64_t WithinCap(const v1::ActivityScheme& scheme, int64_t yen, int64_t paid);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_USAGE_H_
