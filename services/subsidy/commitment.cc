#include "services/subsidy/commitment.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/approval.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/commitment.h"
#include "services/subsidy/rules/rational.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using rules::MovesMoney;
using rules::Rational;
using v1::Commitment;
using v1::CommitmentAct;
using v1::CommitmentOverride;

absl::optional<Rational> TaxRateOf(const Commitment& commitment) {
  const absl::optional<Rational> rate = Rational::ParseFraction(commitment.tax_rate());
  const bool fits = rate && !rate->is_zero() && Compare(*rate, 1).value_or(1) <= 0;
  return fits ? rate : absl::nullopt;
}

// Returns the tax included in an amount, rounded down to whole yen: yen × rate ÷ (1 + rate).
int64_t TaxIn(int64_t yen, const Rational& rate) {
  const auto divisor = Add(rate, 1), product = Multiply(yen, rate);
  const auto exact = divisor && product ? Divide(*product, *divisor) : absl::nullopt;
  const auto cut = exact ? exact->Rounded(1, Rational::Toward::kDown) : absl::nullopt;
  return cut ? cut->Whole().value_or(0) : 0;
}

absl::Status CheckItem(store::Tx& tx, const Commitment& commitment, Faults& faults) {
  const auto programme = store::Records<v1::Programme>::All(tx).Get(commitment.programme());
  if (!programme.ok())
    return absl::IsNotFound(programme.status()) ? absl::OkStatus() : programme.status();  // already reported
  const bool is_grantor = programme->grantor() == commitment.body() && !programme->decided_elsewhere();
  if (!is_grantor) faults.Add("body", "NOT_THE_GRANTOR"_reason);
  ASSIGN_OR_RETURN(const auto rule_set, store::Records<v1::RuleSet>::All(tx).Get(programme->rule_set()));
  const bool is_known = std::any_of(rule_set.items().begin(), rule_set.items().end(),
                                    [&](const auto& item) { return item.code() == commitment.item(); });
  if (!is_known) faults.Add("item", "ITEM_UNKNOWN"_reason, {{"code", commitment.item()}});
  return absl::OkStatus();
}

absl::Status DecideCommitment(const store::Decision<Commitment>& decision) {
  const Commitment& commitment = decision.after();
  Faults& faults = decision.faults();
  const bool is_contract = commitment.kind() == Commitment::KIND_CONTRACT;
  if (is_contract) Require(!commitment.contractor().empty(), "contractor", faults);
  if (!is_contract && !commitment.contractor().empty()) faults.Add("contractor", "FIELD_NOT_OF_KIND"_reason);
  if (is_contract && !commitment.expense().empty()) faults.Add("expense", "FIELD_NOT_OF_KIND"_reason);
  if (!commitment.tax_rate().empty() && !TaxRateOf(commitment)) faults.Add("tax_rate", "TAX_RATE_UNCLEAR"_reason);
  const bool has_both = commitment.has_start_date() && commitment.has_end_date() &&
                        jp::CheckDate(commitment.start_date()).ok() && jp::CheckDate(commitment.end_date()).ok();
  if (has_both && jp::DayOf(commitment.end_date()) < jp::DayOf(commitment.start_date())) {
    faults.Add("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  }
  if (decision.before() != nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckItem(decision.tx(), commitment, faults));
  decision.Derive([&](Commitment& derived) {
    derived.set_state(is_contract ? Commitment::STATE_PLANNED : Commitment::STATE_RUNNING);
  });
  return absl::OkStatus();
}

rules::CommitmentStanding StandingOf(const Commitment& commitment) {
  rules::CommitmentStanding standing;
  standing.kind = commitment.kind();
  standing.state = commitment.state();
  standing.contracted = commitment.contracted_yen();
  standing.inspected = commitment.inspected_yen();
  for (const auto& share : commitment.shares()) {
    standing.shares[share.budget_line()] = {share.committed_yen(), share.paid_yen()};
  }
  return standing;
}

void Stand(const rules::CommitmentStanding& standing, jp::CivilDay day, Commitment& commitment) {
  commitment.set_state(standing.state);
  commitment.set_contracted_yen(standing.contracted);
  commitment.set_inspected_yen(standing.inspected);
  commitment.set_committed_yen(standing.committed());
  commitment.set_paid_yen(standing.paid());
  commitment.clear_shares();
  for (const auto& [line, yen] : standing.shares) {
    auto& share = *commitment.add_shares();
    share.set_budget_line(line);
    share.set_committed_yen(yen.committed);
    share.set_paid_yen(yen.paid);
  }
  commitment.set_act_count(commitment.act_count() + 1);
  const bool is_last = !commitment.has_last_date() || jp::DayOf(commitment.last_date()) < day;
  if (is_last) *commitment.mutable_last_date() = jp::ToDate(day);
}

// Acts that pay and all other acts require separate permissions.
absl::Status CheckPermission(store::Tx& tx, const CommitmentAct& act) {
  const identity::Principal* caller = tx.actor().caller;
  if (caller == nullptr) return absl::OkStatus();
  const char* permission = MovesMoney(act.kind()) ? "commitmentActs.pay" : "commitmentActs.decide";
  const store::ReadAs where_permitted(tx, caller->ScopeFor(permission));
  const absl::Status found = store::Records<Commitment>(tx).Get(Schema::ParentOf(act.name())).status();
  return absl::IsNotFound(found) ? Fail("PERMISSION_DENIED"_reason, {{"permission", permission}}) : found;
}

// No voucher, contract or decision may be recorded twice.
absl::Status CheckNotRepeated(const store::Decision<CommitmentAct>& decision) {
  const CommitmentAct& act = decision.after();
  ASSIGN_OR_RETURN(const bool stands_there,
                   decision.all().Any(Where::Under(Schema::ParentOf(act.name())) && Where("kind", act.kind()) &&
                                      Where("document_number", act.document_number())));
  return stands_there ? Fail("PAID_ALREADY"_reason) : absl::OkStatus();
}

// A person who pays must have neither decided nor inspected, and vice versa.
absl::Status CheckDuty(const store::Decision<CommitmentAct>& decision, const std::string& maker) {
  const CommitmentAct& act = decision.after();
  const Where by_maker = Where::Under(Schema::ParentOf(act.name())) && Where("maker", maker);
  return decision.all().ForEach(by_maker, [&](const CommitmentAct& other) {
    if (MovesMoney(other.kind()) == MovesMoney(act.kind())) return absl::OkStatus();
    const bool has_paid = MovesMoney(other.kind());
    return Fail("DUTIES_OF_ONE_PERSON"_reason,
                {{"duty", has_paid ? "paid" : "decided"}, {"duty_ja", has_paid ? "支払" : "決定"}});
  });
}

// Returns whether the act requires an approval limit.
bool NeedsLimit(CommitmentAct::Kind kind) {
  return kind == CommitmentAct::KIND_CONCLUSION || kind == CommitmentAct::KIND_CHANGE ||
         kind == CommitmentAct::KIND_TERMINATION || kind == CommitmentAct::KIND_COMMITMENT;
}

// Returns the override that the act needs. Errors: DUTIES_OF_ONE_PERSON or APPROVAL_LIMIT_EXCEEDED if it needs one and
// `maker` has none.
absl::StatusOr<absl::optional<CommitmentOverride>> CheckMaker(const store::Decision<CommitmentAct>& decision,
                                                              const Commitment& commitment, const std::string& maker) {
  const CommitmentAct& act = decision.after();
  store::Tx& tx = decision.tx();
  absl::Status refused = CheckDuty(decision, maker);
  if (refused.ok() && NeedsLimit(act.kind())) {
    refused = CheckApprovalLimit(tx, commitment.body(), maker, jp::DayOf(act.act_date()), act.yen());
  }
  if (refused.ok()) return absl::nullopt;
  if (!absl::IsFailedPrecondition(refused)) return refused;
  ASSIGN_OR_RETURN(auto override, FindOverride<CommitmentOverride>(tx, commitment.name(), maker, decision.today()));
  if (!override) return refused;
  return override;
}

absl::Status CheckLine(store::Tx& tx, const CommitmentAct& act, const Commitment& commitment, Faults& faults) {
  if (!rules::IsCharged(act.kind())) {
    if (!act.budget_line().empty()) faults.Add("budget_line", "FIELD_NOT_OF_KIND"_reason);
    return absl::OkStatus();
  }
  Require(!act.budget_line().empty(), "budget_line", faults);
  if (act.budget_line().empty()) return absl::OkStatus();
  return ReadLineOf(tx, act.budget_line(), commitment.body(), faults).status();
}

// A payment must not be before the commitment.
absl::Status CheckPaidAfterwards(const store::Decision<CommitmentAct>& decision, jp::CivilDay day) {
  const CommitmentAct& act = decision.after();
  if (!MovesMoney(act.kind()) || act.kind() == CommitmentAct::KIND_RETURN) return absl::OkStatus();
  std::vector<CommitmentAct> of_line;
  const Where where = Where::Under(Schema::ParentOf(act.name())) && Where("budget_line", act.budget_line());
  RETURN_IF_ERROR(decision.all().ForEach(where, [&](CommitmentAct& one) {
    of_line.push_back(std::move(one));
    return absl::OkStatus();
  }));
  const absl::optional<jp::CivilDay> from = rules::CommittedFrom(of_line, act.yen());
  if (from && *from <= day) return absl::OkStatus();
  const jp::CivilDay first = from.value_or(decision.today());
  decision.faults().Add("act_date", "PAID_BEFORE_COMMITMENT"_reason, {{"date", jp::FormatIso(first)}});
  return absl::OkStatus();
}

absl::Status DecideAct(const store::Decision<CommitmentAct>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const CommitmentAct& act = decision.after();
  store::Tx& tx = decision.tx();
  Faults& faults = decision.faults();
  if (act.kind() != CommitmentAct::KIND_UNSPECIFIED) RETURN_IF_ERROR(CheckPermission(tx, act));
  ASSIGN_OR_RETURN(const Commitment before, decision.all<Commitment>().Get(Schema::ParentOf(act.name())));
  absl::optional<jp::CivilDay> not_before;  // money may move before what was decided meanwhile
  if (before.has_last_date() && !MovesMoney(act.kind())) not_before = jp::DayOf(before.last_date());
  Document::CheckDay(act.act_date(), not_before, decision.today(), "act_date", faults);
  RETURN_IF_ERROR(CheckLine(tx, act, before, faults));
  if (!faults.empty() || act.kind() == CommitmentAct::KIND_UNSPECIFIED) return absl::OkStatus();
  const std::string maker = tx.actor().Person();
  const jp::CivilDay day = jp::DayOf(act.act_date());
  RETURN_IF_ERROR(CheckNotRepeated(decision));
  const rules::CommitmentStanding standing = StandingOf(before);
  ASSIGN_OR_RETURN(const rules::CommitmentStep step,
                   rules::TakeAct(standing, act.kind(), act.budget_line(), act.yen()));
  RETURN_IF_ERROR(CheckPaidAfterwards(decision, day));
  if (!faults.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto override, CheckMaker(decision, before, maker));
  absl::optional<Charge> charge;
  if (!act.budget_line().empty()) {
    ASSIGN_OR_RETURN(charge, Charge::On(tx, act.budget_line()));
    rules::Balances::Decision there;
    if (const auto share = standing.shares.find(act.budget_line()); share != standing.shares.end())
      there = share->second;
    RETURN_IF_ERROR(charge->PostDocument(before.name(), there, step.movements, day));
  }
  Commitment after = before;
  Stand(step.after, day, after);
  const absl::optional<Rational> rate = TaxRateOf(before);
  decision.Derive([&](CommitmentAct& derived) {
    derived.set_maker(maker);
    derived.set_number(after.act_count());
    derived.set_tax_yen(rate ? TaxIn(act.yen(), *rate) : 0);
    derived.set_override(override ? override->name() : "");
  });
  decision.Then(
      [before, after, override, charge = std::move(charge), name = act.name()](store::Tx& tx) -> absl::Status {
        if (charge) RETURN_IF_ERROR(charge->Write(tx, name));
        if (override) RETURN_IF_ERROR(UseOverride(tx, *override, name));
        Commitment written = after;
        return store::Records<Commitment>::Update(tx, before, written);
      });
  return absl::OkStatus();
}

}  // namespace

void AddCommitments(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.CommitmentService", service.Add<Commitment>().Rule(DecideCommitment));
  BindStandard(service, "tsunagu.subsidy.v1.CommitmentActService", service.Add<CommitmentAct>().Rule(DecideAct));
}

}  // namespace tsunagu::subsidy
