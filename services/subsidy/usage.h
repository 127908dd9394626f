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

// Adds hours of activities: schemes and providers, grants, records and claims.
void AddActivitySchemes(Service& service);
void AddUsageGrants(Service& service);
void AddServiceRecords(Service& service);
void AddUsageClaims(Service& service);

// Collects grants that end on 31 March and have no successor.
absl::Status CollectDueRenewals(DueRun& run);

// Guards that rules over several rows lock, in this order; all guards of one kind together.

// Protects whether hours were granted under a scheme.
store::GuardKey SchemeGuard(const std::string& scheme);
// Protects what a child may use, and what was done for it.
store::GuardKey ChildGuard(const v1::UsageGrant& grant);
// Protects the records of a provider in the month of a day, and whether they are claimed.
store::GuardKey MonthGuard(const std::string& provider, jp::CivilDay day);
// Protects the decisions about a claim, and its payment.
store::GuardKey ClaimGuard(const v1::UsageClaim& claim);
// Protects what is paid for a grant.
store::GuardKey PaidGuard(const std::string& grant);

// Returns the records of a grant that no other record replaces, regardless of scope.
absl::StatusOr<std::vector<v1::ServiceRecord>> ReadHeld(store::View& view, const std::string& grant);

// Returns the claim of a provider for the month of a day that was not withdrawn, regardless of scope.
absl::StatusOr<absl::optional<v1::UsageClaim>> FindClaim(store::View& view, const std::string& provider,
                                                         jp::CivilDay day);

// Returns the day, if the date exists.
absl::optional<jp::CivilDay> DayIn(const google::type::Date& date);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_USAGE_H_
