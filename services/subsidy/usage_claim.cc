#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/records/conflict.h"
#include "common/records/rule.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/claim_file.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/usage.h"
#include "services/subsidy/usage.h"
#include "services/subsidy/usage_claim_steps.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using v1::ServiceRecord;
using v1::UsageClaim;

// The total of a provider's records of a month for one grant.
struct Due {
  int64_t minutes = 0, yen = 0;
};
struct Month {
  std::map<std::string, Due> grants;  // by name
  int duplicates = 0;
};

absl::StatusOr<Month> ReadMonth(store::Tx& tx, const std::string& provider, const jp::Period& days) {
  Month month;
  const Where then = Where("provider", provider) && Where::AtLeast("service_date", jp::FormatIso(days.from)) &&
                     Where::AtMost("service_date", jp::FormatIso(days.to));
  RETURN_IF_ERROR(store::Records<ServiceRecord>::All(tx).ForEach(then, [&](const ServiceRecord& record) {
    month.grants[std::string(Schema::ParentOf(record.name()))];
    return absl::OkStatus();
  }));
  for (auto& [grant, due] : month.grants) {
    ASSIGN_OR_RETURN(const auto held, ReadHeld(tx, grant));
    for (const ServiceRecord& record : held) {
      if (record.provider() != provider || !days.Contains(jp::DayOf(record.service_date()))) continue;
      due.minutes += record.minutes();
      due.yen += record.yen();
      if (record.duplicate()) ++month.duplicates;
    }
  }
  return month;
}

// Returns what the claims that are not withdrawn claim for a grant.
absl::StatusOr<int64_t> PaidFor(store::Tx& tx, const v1::UsageGrant& grant) {
  int64_t yen = 0;
  const jp::FiscalYear year(grant.fiscal_year());
  const Where then = Where::AtLeast("month_date", jp::FormatIso(year.first_day())) &&
                     Where::AtMost("month_date", jp::FormatIso(year.last_day()));
  RETURN_IF_ERROR(store::Records<UsageClaim>::All(tx).ForEach(then, [&](const UsageClaim& claim) {
    if (claim.state() == UsageClaim::STATE_WITHDRAWN) return absl::OkStatus();
    for (const auto& line : claim.lines()) yen += line.usage_grant() == grant.name() ? line.yen() : 0;
    return absl::OkStatus();
  }));
  return yen;
}

// Reduces the amounts due to what the caps of the schemes leave.
absl::Status Cap(store::Tx& tx, Month& month) {
  std::vector<store::GuardKey> guards;
  for (const auto& [name, due] : month.grants) guards.push_back(PaidGuard(name));
  if (guards.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  for (auto& [name, due] : month.grants) {
    ASSIGN_OR_RETURN(const auto grant, store::Records<v1::UsageGrant>::All(tx).Get(name));
    ASSIGN_OR_RETURN(const auto scheme, store::Records<v1::ActivityScheme>::All(tx).Get(grant.scheme()));
    if (scheme.yearly_cap_yen() == 0) continue;
    ASSIGN_OR_RETURN(const int64_t paid, PaidFor(tx, grant));
    due.yen = rules::WithinCap(scheme, due.yen, paid);
  }
  return absl::OkStatus();
}

// Reports every line that differs from the records, every missing line, and a wrong sum.
void Compare(const UsageClaim& claim, std::map<std::string, Due> due, Faults& faults) {
  int64_t total = 0;
  const auto compare = [&](int line, const char* field, int64_t claimed, int64_t expected) {
    if (claimed == expected) return;
    faults.Add(absl::StrCat("lines[", line, "].", field), "CLAIM_LINE_DIFFERS"_reason,
               {{"expected", absl::StrCat(expected)}, {"difference", absl::StrCat(claimed - expected)}});
  };
  for (int i = 0; i < claim.lines_size(); ++i) {
    const auto& line = claim.lines(i);
    const Due expected = std::exchange(due[line.usage_grant()], {});  // a second line has nothing left
    compare(i, "minutes", line.minutes(), expected.minutes);
    compare(i, "yen", line.yen(), expected.yen);
    total += line.yen();
  }
  for (const auto& [name, left] : due) {
    if (left.minutes == 0 && left.yen == 0) continue;
    faults.Add("lines", "CLAIM_LINE_MISSING"_reason, {{"name", name}, {"yen", absl::StrCat(left.yen)}});
  }
  if (claim.total_yen() == total) return;
  faults.Add("total_yen", "CLAIM_TOTAL_DIFFERS"_reason,
             {{"expected", absl::StrCat(total)}, {"difference", absl::StrCat(claim.total_yen() - total)}});
}

absl::Status DecideUsageClaim(const store::Decision<UsageClaim>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // only its state ever changes
  const UsageClaim& claim = decision.after();
  store::Tx& tx = decision.tx();
  Faults& faults = decision.faults();
  const auto first = DayIn(claim.month_date());
  if (!first) return absl::OkStatus();  // already reported
  const jp::Period days = {*first, jp::CivilDay(absl::CivilMonth(*first) + 1) - 1};
  if (first->day() != 1) {
    faults.Add("month_date", "NOT_FIRST_OF_MONTH"_reason);
  } else if (days.to >= decision.today()) {
    faults.Add("month_date", "MONTH_NOT_OVER"_reason);
  }
  if (!faults.empty()) return absl::OkStatus();
  const std::string provider(Schema::ParentOf(claim.name()));
  RETURN_IF_ERROR(tx.Guard({MonthGuard(provider, *first)}));
  ASSIGN_OR_RETURN(const auto claimed, FindClaim(tx, provider, *first));
  if (claimed) {
    return store::Conflict<UsageClaim>(tx, claimed->name(), "MONTH_CLAIMED_ALREADY"_reason,
                                       "MONTH_CLAIMED_ALREADY_UNSEEN"_reason);
  }
  ASSIGN_OR_RETURN(Month month, ReadMonth(tx, provider, days));
  RETURN_IF_ERROR(Cap(tx, month));
  ASSIGN_OR_RETURN(const auto registered, decision.all<v1::Provider>().Get(provider));
  Compare(claim, month.grants, faults);
  decision.Derive([&](UsageClaim& derived) {
    derived.set_state(UsageClaim::STATE_FILED);
    derived.set_body(registered.body());
    derived.set_duplicate_count(month.duplicates);
    derived.set_maker(tx.actor().Person());
  });
  return absl::OkStatus();
}

// Returns the claim in a file. Adds CLAIM_GRANT_UNKNOWN by line.
absl::StatusOr<UsageClaim> ClaimOf(store::Tx& tx, const v1::FileUsageClaimRequest& request,
                                   const std::vector<ClaimRow>& rows, Faults& faults) {
  UsageClaim claim;
  *claim.mutable_month_date() = request.month_date();
  claim.set_document_number(request.document_number());
  for (const ClaimRow& row : rows) {
    ASSIGN_OR_RETURN(const auto grant, store::Records<v1::UsageGrant>(tx).Find(Where("code", row.grant)));
    if (!grant) {
      const std::string line = absl::StrCat(row.line);
      faults.Add(absl::StrCat("line[", line, "].code"), "CLAIM_GRANT_UNKNOWN"_reason, {{"line", line}});
      continue;
    }
    UsageClaim::Line& line = *claim.add_lines();
    line.set_usage_grant(grant->name());
    line.set_minutes(static_cast<int>(std::min<int64_t>(row.minutes, INT32_MAX)));
    line.set_yen(row.yen);
    claim.set_total_yen(claim.total_yen() + row.yen);
  }
  return claim;
}

// Maps "lines[0].yen" of a claim to "line[4].yen" of its file.
absl::Status ByLine(const absl::Status& status, const std::vector<ClaimRow>& rows) {
  const Fault all = FaultOf(status);
  if (all.faults().empty()) return status;
  Faults faults;
  for (Fault fault : all.faults()) {
    for (size_t i = 0; i < rows.size(); ++i) {
      absl::string_view field = fault.field();
      if (!absl::ConsumePrefix(&field, absl::StrCat("lines[", i, "]"))) continue;
      fault.set_field(absl::StrCat("line[", rows[i].line, "]", field));
      break;
    }
    faults.Add("", ToStatus(fault));
  }
  return faults.ToStatus();
}

absl::StatusOr<UsageClaim> File(Service& service, const rpc::Call& call, Resource& claims,
                                const v1::FileUsageClaimRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<ClaimRow> rows, ReadClaimFile(request.data()));
  UsageClaim claim;
  const std::string id = claims.table->DerivedId(claim);
  ASSIGN_OR_RETURN(const std::string under, claims.table->schema().IdUnder(request.parent(), id));
  RETURN_IF_ERROR(service.Change(call, request, claim, [&](store::Tx& tx) -> absl::Status {
    Faults faults;
    ASSIGN_OR_RETURN(claim, ClaimOf(tx, request, rows, faults));
    RETURN_IF_ERROR(faults.ToStatus());
    return ByLine(store::Records<UsageClaim>::Insert(tx, under, claim), rows);
  }));
  return claim;
}

}  // namespace

void AddUsageClaims(Service& service) {
  Resource& claims = service.Add<UsageClaim>().Rule(DecideUsageClaim);
  auto binder = BindStandard(service, "tsunagu.subsidy.v1.UsageClaimService", claims);
  binder.Unary("FileUsageClaim", [&](rpc::Call& call, const v1::FileUsageClaimRequest& request) {
    return File(service, call, claims, request);
  });
  BindClaimSteps(service, claims, binder);
}

}  // namespace tsunagu::subsidy
