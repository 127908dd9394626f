#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/usage.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::ActivityScheme;
using v1::UsageGrant;

void CheckAgainstScheme(const UsageGrant& grant, const ActivityScheme& scheme, Faults& faults) {
  if (scheme.body() != grant.body()) {
    faults.Add("scheme", "SCHEME_OF_ANOTHER_BODY"_reason, {{"body", scheme.body()}});
  }
  std::vector<std::string> codes;
  for (const auto& one : scheme.cost_classes()) codes.push_back(one.code());
  const auto check = [&](const std::string& field, const std::string& code) {
    const bool known = std::find(codes.begin(), codes.end(), code) != codes.end() || (codes.empty() && code.empty());
    if (!known) faults.Add(field, "COST_CLASS_UNKNOWN"_reason, {{"codes", absl::StrJoin(codes, ", ")}});
  };
  check("cost_class", grant.cost_class());
  for (int i = 0; i < grant.later_classes_size(); ++i) {
    check(absl::StrCat("later_classes[", i, "].cost_class"), grant.later_classes(i).cost_class());
  }
  if (scheme.limit_minutes() > 0 && grant.minutes() > scheme.limit_minutes()) {
    faults.Add("minutes", "ABOVE_SCHEME"_reason, {{"most", absl::StrCat(scheme.limit_minutes())}});
  }
}

// Returns whether its days exist and are in order; adds the faults.
bool CheckDays(const UsageGrant& grant, const ActivityScheme& scheme, jp::CivilDay today, Faults& faults) {
  const auto applied = DayIn(grant.application_date()), decided = DayIn(grant.decision_date());
  if (!applied || !decided || (grant.has_end_date() && !DayIn(grant.end_date()))) return false;  // already reported
  for (const auto& one : grant.later_classes()) {
    if (!DayIn(one.from_date())) return false;  // already reported
  }
  const jp::FiscalYear year(grant.fiscal_year());
  Document::CheckDay(grant.application_date(), absl::nullopt, today, "application_date", faults);
  Document::CheckDay(grant.decision_date(), *applied, today, "decision_date", faults);
  // A renewal may be decided in the previous year.
  const auto outside = [&](absl::string_view field) {
    faults.Add(field, "OUTSIDE_FISCAL_YEAR"_reason, {{"year", absl::StrCat(year.year())}});
  };
  if (*decided < year.previous().first_day() || *decided > year.last_day()) outside("decision_date");
  if (!grant.has_end_date()) return true;
  if (!year.Contains(jp::DayOf(grant.end_date()))) {
    outside("end_date");
  } else if (!rules::DaysOf(scheme, grant).valid()) {
    faults.Add("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  }
  return true;
}

absl::Status CheckRenewal(const store::Decision<UsageGrant>& decision, const ActivityScheme& scheme) {
  const UsageGrant& grant = decision.after();
  if (grant.renews().empty()) return absl::OkStatus();
  const auto renewed = decision.all().Get(grant.renews());
  if (!renewed.ok())
    return absl::IsNotFound(renewed.status()) ? absl::OkStatus() : renewed.status();  // already reported
  const bool fits = renewed->body() == grant.body() && renewed->child() == grant.child() &&
                    renewed->activity() == scheme.activity() && renewed->fiscal_year() < grant.fiscal_year();
  if (!fits) decision.faults().Add("renews", "RENEWAL_OF_ANOTHER"_reason);
  return absl::OkStatus();
}

// A child has at most one grant under a scheme on any day.
absl::Status CheckAlone(const store::Decision<UsageGrant>& decision, const jp::Period& days) {
  const UsageGrant& grant = decision.after();
  return decision.all().ForEach(
      Where("body", grant.body()) && Where("child", grant.child()) && Where("scheme", grant.scheme()),
      [&](const UsageGrant& other) -> absl::Status {
        const jp::Period others = {jp::DayOf(other.start_date()), jp::DayOf(other.last_date())};
        if (other.name() == grant.name() || !days.Overlaps(others)) return absl::OkStatus();
        return decision.AddConflict("child", "CHILD_GRANTED_ALREADY"_reason, "CHILD_GRANTED_ALREADY_UNSEEN"_reason,
                                    other);
      });
}

// Checks that the used minutes fit into the new grant.
absl::Status CheckUsed(store::Tx& tx, const UsageGrant& grant, const ActivityScheme& scheme, const jp::Period& days,
                       Faults& faults) {
  ASSIGN_OR_RETURN(const auto held, ReadHeld(tx, grant.name()));
  std::map<jp::CivilDay, int64_t> used;  // by the first day of the limit period
  for (const v1::ServiceRecord& record : held) {
    const jp::CivilDay day = jp::DayOf(record.service_date());
    used[rules::LimitPeriodOf(scheme, day).from] += record.minutes();
    if (days.Contains(day)) continue;
    faults.Add("end_date", "GRANT_USED"_reason, {{"name", record.name()}});
    break;
  }
  for (const auto& [first, minutes] : used) {
    const auto most = rules::MinutesByGrant(scheme, grant, first);
    if (!most || minutes <= *most) continue;
    faults.Add("minutes", "GRANT_USED"_reason, {{"name", absl::StrCat(minutes)}});
    break;
  }
  return absl::OkStatus();
}

void CheckLaterClasses(const UsageGrant& grant, const jp::Period& days, Faults& faults) {
  jp::CivilDay last = days.from;
  for (int i = 0; i < grant.later_classes_size(); ++i) {
    const jp::CivilDay from = jp::DayOf(grant.later_classes(i).from_date());
    if (from <= last || from > days.to) {
      faults.Add(absl::StrCat("later_classes[", i, "].from_date"), "CLASS_OUT_OF_ORDER"_reason);
    }
    last = from;
  }
}

// Checks that recorded visits keep the class of their day when later classes change.
absl::Status CheckClassesUsed(store::Tx& tx, const UsageGrant& before, const UsageGrant& grant) {
  UsageGrant as_it_was = before;
  as_it_was.set_cost_class(grant.cost_class());
  ASSIGN_OR_RETURN(const auto held, ReadHeld(tx, grant.name()));
  for (const v1::ServiceRecord& record : held) {
    const jp::CivilDay day = jp::DayOf(record.service_date());
    const bool is_undone = record.yen() == 0 && record.own_yen() == 0;
    if (is_undone || rules::ClassOn(as_it_was, day) == rules::ClassOn(grant, day)) continue;
    return Fail("CLASS_USED"_reason, {{"date", jp::FormatIso(day)}, {"name", record.name()}});
  }
  return absl::OkStatus();
}

absl::Status DecideUsageGrant(const store::Decision<UsageGrant>& decision) {
  const UsageGrant& grant = decision.after();
  Faults& faults = decision.faults();
  RETURN_IF_ERROR(decision.tx().Guard({SchemeGuard(grant.scheme()), ChildGuard(grant)}));
  // Nothing is reported about a scheme that the caller may not see.
  const auto scheme = store::Records<ActivityScheme>(decision.tx()).Get(grant.scheme());
  if (!scheme.ok()) return absl::IsNotFound(scheme.status()) ? absl::OkStatus() : scheme.status();  // already reported
  CheckAgainstScheme(grant, *scheme, faults);
  if (!CheckDays(grant, *scheme, decision.today(), faults)) return absl::OkStatus();
  RETURN_IF_ERROR(CheckRenewal(decision, *scheme));
  const jp::Period days = rules::DaysOf(*scheme, grant);
  if (!days.valid()) return absl::OkStatus();  // already reported
  CheckLaterClasses(grant, days, faults);
  if (decision.before() == nullptr) {
    const jp::Period in_force = {scheme->has_valid_from_date() ? jp::DayOf(scheme->valid_from_date()) : jp::kFirstDay,
                                 scheme->has_valid_to_date() ? jp::DayOf(scheme->valid_to_date()) : jp::kLastDay};
    if (!in_force.Contains(days.from)) {
      faults.Add("scheme", "SCHEME_NOT_IN_FORCE"_reason, {{"date", jp::FormatIso(days.from)}});
    }
  } else {
    RETURN_IF_ERROR(CheckUsed(decision.tx(), grant, *scheme, days, faults));
    RETURN_IF_ERROR(CheckClassesUsed(decision.tx(), *decision.before(), grant));
  }
  RETURN_IF_ERROR(CheckAlone(decision, days));
  const jp::CivilDay first = std::max(days.from, jp::DayOf(grant.decision_date()));
  decision.Derive([&](UsageGrant& derived) {
    derived.set_activity(scheme->activity());
    *derived.mutable_start_date() = jp::ToDate(days.from);
    *derived.mutable_last_date() = jp::ToDate(days.to);
    derived.set_first_minutes(rules::MinutesByGrant(*scheme, grant, first).value_or(0));
    const jp::CivilDay later = rules::LimitPeriodOf(*scheme, first).to + 1;
    derived.set_period_minutes(rules::MinutesByGrant(*scheme, grant, later).value_or(0));
  });
  return absl::OkStatus();
}

}  // namespace

absl::Status CollectDueRenewals(DueRun& run) {
  const Where ending = Where::AtLeast("last_date", jp::FormatIso(run.days().from)) &&
                       Where::AtMost("last_date", jp::FormatIso(run.days().to));
  return run.records<UsageGrant>().ForEach(ending, [&](const UsageGrant& grant) -> absl::Status {
    if (grant.has_end_date()) return absl::OkStatus();  // an ended grant needs no renewal
    const Where next = Where("body", grant.body()) && Where("child", grant.child()) &&
                       Where("activity", grant.activity()) && Where("fiscal_year", int64_t{grant.fiscal_year()} + 1);
    ASSIGN_OR_RETURN(const bool renewed, run.records<UsageGrant>().Any(next));
    if (renewed) return absl::OkStatus();
    run.Add({jp::DayOf(grant.last_date()), grant.name(), "USAGE_GRANT_ENDS",
             "利用決定の期限です。続けるときは更新してください。",
             "The grant of hours ends. Renew it where it is to go on."});
    return absl::OkStatus();
  });
}

void AddUsageGrants(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.UsageGrantService", service.Add<UsageGrant>().Rule(DecideUsageGrant));
}

}  // namespace tsunagu::subsidy
