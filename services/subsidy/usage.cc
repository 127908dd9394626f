#include "services/subsidy/usage.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "services/subsidy/rules/usage.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;

std::string FirstOf(jp::CivilDay day) { return jp::FormatIso(jp::CivilDay(absl::CivilMonth(day))); }

}  // namespace

store::GuardKey SchemeGuard(const std::string& scheme) { return {"activity scheme", scheme}; }
store::GuardKey ChildGuard(const v1::UsageGrant& grant) {
  return {"child", absl::StrCat(grant.body(), "\n", grant.child())};
}
store::GuardKey MonthGuard(const std::string& provider, jp::CivilDay day) {
  return {"claimed month", absl::StrCat(provider, "\n", FirstOf(day))};
}
store::GuardKey ClaimGuard(const v1::UsageClaim& claim) {
  return MonthGuard(std::string(contract::Schema::ParentOf(claim.name())), jp::DayOf(claim.month_date()));
}
store::GuardKey PaidGuard(const std::string& grant) { return {"paid for grant", grant}; }

absl::StatusOr<std::vector<v1::ServiceRecord>> ReadHeld(store::View& view, const std::string& grant) {
  std::vector<v1::ServiceRecord> records;
  const auto all = store::Records<v1::ServiceRecord>::All(view);
  RETURN_IF_ERROR(all.ForEach(Where::Under(grant), [&](v1::ServiceRecord& one) {
    records.push_back(std::move(one));
    return absl::OkStatus();
  }));
  return rules::Holding(std::move(records));
}

absl::StatusOr<absl::optional<v1::UsageClaim>> FindClaim(store::View& view, const std::string& provider,
                                                         jp::CivilDay day) {
  absl::optional<v1::UsageClaim> found;
  RETURN_IF_ERROR(store::Records<v1::UsageClaim>::All(view).ForEach(
      Where::Under(provider) && Where("month_date", FirstOf(day)), [&](v1::UsageClaim& claim) {
        if (claim.state() != v1::UsageClaim::STATE_WITHDRAWN) found = std::move(claim);
        return absl::OkStatus();
      }));
  return found;
}

absl::optional<jp::CivilDay> DayIn(const google::type::Date& date) {
  if (!jp::CheckDate(date).ok()) return absl::nullopt;
  return jp::DayOf(date);
}

}  // namespace tsunagu::subsidy
