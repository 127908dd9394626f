#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/conflict.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/usage.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using v1::ServiceRecord;
using v1::UsageGrant;

// Returns the record that it corrects, if there is one.
absl::StatusOr<absl::optional<ServiceRecord>> ReadReplaced(const store::Decision<ServiceRecord>& decision) {
  if (decision.after().replaces().empty()) return absl::nullopt;
  auto replaced = store::Records<ServiceRecord>(decision.tx()).Get(decision.after().replaces());
  if (absl::IsNotFound(replaced.status())) return absl::nullopt;  // already reported
  RETURN_IF_ERROR(replaced.status());
  return *std::move(replaced);
}

absl::Status CheckCorrection(const store::Decision<ServiceRecord>& decision, const ServiceRecord& replaced) {
  if (Schema::ParentOf(replaced.name()) != Schema::ParentOf(decision.after().name())) {
    decision.faults().Add("replaces", "RECORD_OF_ANOTHER"_reason);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto earlier, decision.all().Find(Where("replaces", replaced.name())));
  if (earlier) decision.faults().Add("replaces", "RECORD_REPLACED"_reason, {{"name", earlier->name()}});
  return absl::OkStatus();
}

absl::Status CheckProvider(const store::Decision<ServiceRecord>& decision, const UsageGrant& grant, jp::CivilDay day) {
  const auto provider = store::Records<v1::Provider>(decision.tx()).Get(decision.after().provider());
  if (!provider.ok())
    return absl::IsNotFound(provider.status()) ? absl::OkStatus() : provider.status();  // already reported
  const bool is_then = jp::DayOf(provider->registration_date()) <= day &&
                       (!provider->has_end_date() || day <= jp::DayOf(provider->end_date()));
  const bool is_for = provider->activity() == grant.activity() && provider->body() == grant.body();
  if (is_for && is_then) return absl::OkStatus();
  decision.faults().Add("provider", "PROVIDER_NOT_REGISTERED"_reason);
  return absl::OkStatus();
}

absl::Status CheckDay(const store::Decision<ServiceRecord>& decision, const UsageGrant& grant) {
  const ServiceRecord& record = decision.after();
  Document::CheckDay(record.service_date(), absl::nullopt, decision.today(), "service_date", decision.faults());
  const auto day = DayIn(record.service_date());
  if (!day) return absl::OkStatus();  // already reported
  const jp::Period days = {jp::DayOf(grant.start_date()), jp::DayOf(grant.last_date())};
  if (!days.Contains(*day)) {
    decision.faults().Add("service_date", "OUTSIDE_GRANT"_reason,
                          {{"first", jp::FormatIso(days.from)}, {"last", jp::FormatIso(days.to)}});
  }
  return CheckProvider(decision, grant, *day);
}

// A child cannot be helped twice at the same minutes, under any grant of the same body.
absl::Status CheckOnePlace(const store::Decision<ServiceRecord>& decision, const UsageGrant& grant) {
  const ServiceRecord& record = decision.after();
  return decision.all<UsageGrant>().ForEach(
      Where("body", grant.body()) && Where("child", grant.child()) &&
          Where("fiscal_year", int64_t{grant.fiscal_year()}),
      [&](const UsageGrant& one) -> absl::Status {
        ASSIGN_OR_RETURN(const auto held, ReadHeld(decision.tx(), one.name()));
        for (const ServiceRecord& other : held) {
          if (other.name() == record.replaces() || !rules::AtTheSameTime(record, other)) continue;
          return decision.AddConflict("begins_at", "CHILD_AT_TWO_SERVICES"_reason,
                                      "CHILD_AT_TWO_SERVICES_UNSEEN"_reason, other);
        }
        return absl::OkStatus();
      });
}

absl::Status CheckNotClaimed(store::Tx& tx, const std::string& provider, jp::CivilDay day) {
  ASSIGN_OR_RETURN(const auto claim, FindClaim(tx, provider, day));
  if (!claim) return absl::OkStatus();
  return store::Conflict<v1::UsageClaim>(tx, claim->name(), "MONTH_CLAIMED"_reason, "MONTH_CLAIMED_UNSEEN"_reason);
}

absl::Status CheckWithinGrant(const store::Decision<ServiceRecord>& decision, const UsageGrant& grant,
                              const v1::ActivityScheme& scheme, int64_t minutes) {
  const ServiceRecord& record = decision.after();
  const jp::CivilDay day = jp::DayOf(record.service_date());
  const auto most = rules::MinutesByGrant(scheme, grant, day);
  if (!most) return absl::OkStatus();
  const jp::Period period = rules::LimitPeriodOf(scheme, day);
  ASSIGN_OR_RETURN(const auto held, ReadHeld(decision.tx(), grant.name()));
  for (const ServiceRecord& other : held) {
    if (other.name() == record.replaces() || !period.Contains(jp::DayOf(other.service_date()))) continue;
    minutes += other.minutes();
  }
  if (minutes <= *most) return absl::OkStatus();
  return Fail("GRANT_EXCEEDED"_reason, {{"shortfall", absl::StrCat(minutes - *most)}});
}

absl::Status DecideServiceRecord(const store::Decision<ServiceRecord>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const ServiceRecord& record = decision.after();
  store::Tx& tx = decision.tx();
  Faults& faults = decision.faults();
  const std::string name(Schema::ParentOf(record.name()));
  const auto seen = decision.all<UsageGrant>().Get(name);
  if (absl::IsNotFound(seen.status()) || absl::IsInvalidArgument(seen.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(seen.status());
  ASSIGN_OR_RETURN(const auto replaced, ReadReplaced(decision));
  const auto day = DayIn(record.service_date());
  std::vector<store::GuardKey> guards = {ChildGuard(*seen)};
  if (day) guards.push_back(MonthGuard(record.provider(), *day));
  if (replaced) guards.push_back(MonthGuard(replaced->provider(), jp::DayOf(replaced->service_date())));
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  // Another writer may have changed what was read before the guard.
  ASSIGN_OR_RETURN(const UsageGrant grant, decision.all<UsageGrant>().Get(name));
  ASSIGN_OR_RETURN(const auto scheme, decision.all<v1::ActivityScheme>().Get(grant.scheme()));

  rules::CheckVisit(scheme, record, faults);
  RETURN_IF_ERROR(CheckDay(decision, grant));
  if (grant.activity() == v1::ACTIVITY_PARALLEL_ATTENDANCE) {
    Require(record.linking() != ServiceRecord::LINKING_UNSPECIFIED, "linking", faults);
    Require(!record.day_care_facility().empty(), "day_care_facility", faults);
    Require(!record.nursery_facility().empty(), "nursery_facility", faults);
  }
  if (replaced) RETURN_IF_ERROR(CheckCorrection(decision, *replaced));
  if (day) RETURN_IF_ERROR(CheckOnePlace(decision, grant));
  if (!faults.empty()) return absl::OkStatus();

  RETURN_IF_ERROR(CheckNotClaimed(tx, record.provider(), *day));
  if (replaced) RETURN_IF_ERROR(CheckNotClaimed(tx, replaced->provider(), jp::DayOf(replaced->service_date())));
  const rules::Counted counted = rules::Count(scheme, rules::ClassOn(grant, *day), record);
  RETURN_IF_ERROR(CheckWithinGrant(decision, grant, scheme, counted.minutes));
  if (counted.duplicate_minutes > 0) {
    faults.Add("fee_minutes", "DUPLICATE_PAYMENT"_reason, {{"minutes", absl::StrCat(counted.duplicate_minutes)}});
  }
  decision.Derive([&](ServiceRecord& derived) {
    derived.set_minutes(counted.minutes);
    derived.set_yen(counted.yen);
    derived.set_own_yen(counted.own_yen);
    derived.set_duplicate(counted.duplicate_minutes > 0);
    derived.set_maker(tx.actor().Person());
  });
  return absl::OkStatus();
}

}  // namespace

void AddServiceRecords(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.ServiceRecordService",
               service.Add<ServiceRecord>().Rule(DecideServiceRecord));
}

}  // namespace tsunagu::subsidy
