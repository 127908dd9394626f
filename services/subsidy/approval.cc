#include "services/subsidy/approval.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using v1::ApprovalLimit;
using v1::CommitmentOverride;
using v1::Override;

jp::Period PeriodOf(const ApprovalLimit& limit) { return Schema::Of(ApprovalLimit::descriptor()).PeriodOf(limit); }

// Adds the reasons why `limit` cannot be that of a deputy.
absl::Status CheckDeputy(store::Tx& tx, const ApprovalLimit& limit, Faults& faults) {
  Require(limit.has_valid_to_date(), "valid_to_date", faults);
  const auto giver = store::Records<ApprovalLimit>::All(tx).Get(limit.deputy_of());
  if (!giver.ok()) return absl::IsNotFound(giver.status()) ? absl::OkStatus() : giver.status();  // already reported
  if (!giver->deputy_of().empty()) faults.Add("deputy_of", "DEPUTY_OF_DEPUTY"_reason);
  const jp::Period own = PeriodOf(limit), given = PeriodOf(*giver);
  if (giver->body() != limit.body()) faults.Add("body", "LIMIT_BEYOND_GIVER"_reason);
  if (limit.yen() > giver->yen()) faults.Add("yen", "LIMIT_BEYOND_GIVER"_reason);
  if (own.from < given.from) faults.Add("valid_from_date", "LIMIT_BEYOND_GIVER"_reason);
  if (own.to > given.to) faults.Add("valid_to_date", "LIMIT_BEYOND_GIVER"_reason);
  return absl::OkStatus();
}

absl::Status DecideApprovalLimit(const store::Decision<ApprovalLimit>& decision) {
  const ApprovalLimit& limit = decision.after();
  const std::string maker = decision.tx().actor().Person();
  if (limit.holder() == maker) decision.faults().Add("holder", "LIMIT_OF_ONESELF"_reason);
  if (!limit.deputy_of().empty()) RETURN_IF_ERROR(CheckDeputy(decision.tx(), limit, decision.faults()));
  decision.Derive([&](ApprovalLimit& derived) { derived.set_maker(maker); });
  return absl::OkStatus();
}

template <typename O>
absl::Status DecideOverride(const store::Decision<O>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // only the program changes one
  const google::type::Date& last = decision.after().last_date();
  if (jp::CheckDate(last).ok() && jp::DayOf(last) < decision.today()) {
    decision.faults().Add("last_date", "OVERRIDE_EXPIRED"_reason, {{"date", jp::FormatIso(jp::DayOf(last))}});
  }
  decision.Derive([&](O& derived) { derived.set_maker(decision.tx().actor().Person()); });
  return absl::OkStatus();
}

template <typename O>
absl::Status ApproveOverride(store::Tx& tx, jp::CivilDay today, O& override) {
  const jp::CivilDay last = jp::DayOf(override.last_date());
  if (!override.approver().empty()) return Fail("OVERRIDE_SETTLED"_reason);
  if (override.maker() == tx.actor().Person()) return Fail("SECOND_PERSON_NEEDED"_reason);
  if (today > last) return Fail("OVERRIDE_EXPIRED"_reason, {{"date", jp::FormatIso(last)}});
  override.set_approver(tx.actor().Person());
  *override.mutable_approval_date() = jp::ToDate(today);
  return absl::OkStatus();
}

// The service of overrides of one kind, whose method `approve` takes a `Request`.
template <typename O, typename Request>
void AddOverrides(Service& service, absl::string_view name, absl::string_view approve) {
  Resource& overrides = service.Add<O>().Rule(DecideOverride<O>);
  BindStandard(service, name, overrides).Unary(approve, [&](rpc::Call& call, const Request& request) {
    return ChangeRecord<O>(service, call, overrides, request,
                           [&](store::Tx& tx, O& override) { return ApproveOverride(tx, service.Today(), override); });
  });
}

}  // namespace

absl::Status CheckApprovalLimit(store::Tx& tx, const std::string& body, const std::string& maker, jp::CivilDay day,
                                int64_t yen) {
  const auto limits = store::Records<ApprovalLimit>::All(tx);
  const Where of_body("body", body);
  ASSIGN_OR_RETURN(const bool has_limits, limits.Any(of_body));
  if (!has_limits) return absl::OkStatus();
  int64_t most = 0;
  RETURN_IF_ERROR(limits.ForEach(of_body && Where("holder", maker), [&](const ApprovalLimit& limit) -> absl::Status {
    if (!PeriodOf(limit).Contains(day)) return absl::OkStatus();
    int64_t may = limit.yen();
    if (!limit.deputy_of().empty()) {  // the limit of the person represented may have changed since
      ASSIGN_OR_RETURN(const ApprovalLimit giver, limits.Get(limit.deputy_of()));
      may = PeriodOf(giver).Contains(day) ? std::min(may, giver.yen()) : 0;
    }
    most = std::max(most, may);
    return absl::OkStatus();
  }));
  if (yen <= most) return absl::OkStatus();
  return Fail("APPROVAL_LIMIT_EXCEEDED"_reason, {{"limit", absl::StrCat(most)}, {"yen", absl::StrCat(yen)}});
}

template <typename O>
absl::StatusOr<absl::optional<O>> FindOverride(store::Tx& tx, const std::string& owner, const std::string& maker,
                                               jp::CivilDay today) {
  absl::optional<O> found;
  RETURN_IF_ERROR(store::Records<O>::All(tx).ForEach(Where::Under(owner) && Where("maker", maker), [&](O& one) {
    const bool is_ready = !one.approver().empty() && one.used_by().empty() && today <= jp::DayOf(one.last_date());
    if (is_ready && (!found || one.name() < found->name())) found = std::move(one);
    return absl::OkStatus();
  }));
  return found;
}

template <typename O>
absl::Status UseOverride(store::Tx& tx, const O& override, const std::string& used_by) {
  O used = override;
  used.set_used_by(used_by);
  return store::Records<O>::Update(tx, override, used);
}

template absl::StatusOr<absl::optional<Override>> FindOverride(store::Tx&, const std::string&, const std::string&,
                                                               jp::CivilDay);
template absl::StatusOr<absl::optional<CommitmentOverride>> FindOverride(store::Tx&, const std::string&,
                                                                         const std::string&, jp::CivilDay);
template absl::Status UseOverride(store::Tx&, const Override&, const std::string&);
template absl::Status UseOverride(store::Tx&, const CommitmentOverride&, const std::string&);

void AddApproval(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.ApprovalLimitService",
               service.Add<ApprovalLimit>().Rule(DecideApprovalLimit));
  AddOverrides<Override, v1::ApproveOverrideRequest>(service, "tsunagu.subsidy.v1.OverrideService", "ApproveOverride");
  AddOverrides<CommitmentOverride, v1::ApproveCommitmentOverrideRequest>(
      service, "tsunagu.subsidy.v1.CommitmentOverrideService", "ApproveCommitmentOverride");
}

}  // namespace tsunagu::subsidy
