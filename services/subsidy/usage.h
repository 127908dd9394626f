#ifndef TSUNAGU_SERVICES_SUBSIDY_USAGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_USAGE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "common/service/due.h"
#include "google/type/date.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

// Hours of activities: schemes and providers, who may use how many, what was done, what is claimed.
void AddActivitySchemes(Service& service);
void AddUsageGrants(Service& service);
void AddServiceRecords(Service& service);
void AddUsageClaims(Service& service);

// Grants that end on 31 March and have no successor.
absl::Status CollectDueRenewals(DueRun& run);

// What is held while rules over several rows look at them, taken in this order; those of one kind together.

// Whether hours were granted by a scheme.
store::GuardKey SchemeGuard(const std::string& scheme);
// What a child may use, and what was done for it.
store::GuardKey ChildGuard(const v1::UsageGrant& grant);
// The records of a provider in the month of a day, and whether they are claimed.
store::GuardKey MonthGuard(const std::string& provider, jp::CivilDay day);
// The same of a claim: what is decided about it, and paid for it.
store::GuardKey ClaimGuard(const v1::UsageClaim& claim);
// What is paid for a grant.
store::GuardKey PaidGuard(const std::string& grant);

// Of the records of a grant those that hold; through no scope.
absl::StatusOr<std::vector<v1::ServiceRecord>> ReadHeld(store::View& view, const std::string& grant);

// Claims that were not taken back, of the month of a day by one provider; through no scope.
absl::StatusOr<absl::optional<v1::UsageClaim>> FindClaim(store::View& view, const std::string& provider,
                                                         jp::CivilDay day);

// The day, where there is such a day.
absl::optional<jp::CivilDay> DayIn(const google::type::Date& date);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_USAGE_H_
