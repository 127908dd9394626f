#include "services/subsidy/usage_claim_steps.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/records/conflict.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/approval.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::UsageClaim;

// Locks the claim. Another writer may have changed what was read before: the etag shows it.
absl::StatusOr<UsageClaim> Hold(store::Tx& tx, const UsageClaim& claim) {
  RETURN_IF_ERROR(tx.Guard({ClaimGuard(claim)}));
  return store::Records<UsageClaim>::All(tx).Get(claim.name());
}

absl::Status HoldFiled(store::Tx& tx, const UsageClaim& claim) {
  ASSIGN_OR_RETURN(const UsageClaim now, Hold(tx, claim));
  if (now.state() == UsageClaim::STATE_WITHDRAWN) return Fail("CLAIM_WITHDRAWN"_reason);
  if (now.state() == UsageClaim::STATE_PAID) return Fail("PAID_ALREADY"_reason);
  return now.state() == UsageClaim::STATE_FILED ? absl::OkStatus() : Fail("CLAIM_APPROVED"_reason);
}

absl::Status HoldApproved(store::Tx& tx, const UsageClaim& claim) {
  ASSIGN_OR_RETURN(const UsageClaim now, Hold(tx, claim));
  if (now.state() == UsageClaim::STATE_PAID) return Fail("PAID_ALREADY"_reason);
  return now.state() == UsageClaim::STATE_APPROVED ? absl::OkStatus() : Fail("CLAIM_NOT_APPROVED"_reason);
}

absl::Status DutyOf(bool decided) {
  return Fail("DUTIES_OF_ONE_PERSON"_reason,
              {{"duty", decided ? "decided" : "filed"}, {"duty_ja", decided ? "決定" : "申請"}});
}

// Posts a decision about a claim, as an act of the program itself.
absl::Status Post(store::Tx& tx, const std::string& line, const UsageClaim& claim,
                  const rules::Balances::Decision& before, rules::Act act, jp::CivilDay day) {
  ASSIGN_OR_RETURN(Charge charge, Charge::On(tx, line));
  RETURN_IF_ERROR(charge.PostDocument(claim.name(), before, {{act, claim.total_yen()}}, day));
  const store::AsProgram as_program(tx);
  return charge.Write(tx, claim.name());
}

jp::FiscalYear YearOf(const UsageClaim& claim) { return jp::FiscalYear::Of(jp::DayOf(claim.month_date())); }

absl::Status CheckLine(store::Tx& tx, const v1::ApproveUsageClaimRequest& request, const UsageClaim& claim,
                       Faults& faults) {
  ASSIGN_OR_RETURN(const auto line, ReadLineOf(tx, request.budget_line(), claim.body(), faults));
  const jp::CivilDay day = jp::DayOf(request.approval_date());
  const bool is_open = day <= AccountsCloseOn(YearOf(claim));
  const int year = (is_open ? YearOf(claim) : jp::FiscalYear::Of(day)).year();
  if (!line) {
    faults.Add("budget_line", "REFERENCE_NOT_FOUND"_reason, {{"name", request.budget_line()}});
  } else if (line->fiscal_year() != year) {
    faults.Add("budget_line", "LINE_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(year)}});
  }
  return absl::OkStatus();
}

absl::Status CheckProgramme(store::Tx& tx, const v1::ApproveUsageClaimRequest& request, const UsageClaim& claim,
                            Faults& faults) {
  if (request.programme().empty()) {
    if (!request.item().empty()) Require(false, "programme", faults);
    return absl::OkStatus();
  }
  Require(!request.item().empty(), "item", faults);
  const auto programme = store::Records<v1::Programme>::All(tx).Get(request.programme());
  if (absl::IsNotFound(programme.status())) {
    faults.Add("programme", "REFERENCE_NOT_FOUND"_reason, {{"name", request.programme()}});
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(programme.status());
  const int year = YearOf(claim).year();
  if (programme->grantor() != claim.body()) faults.Add("programme", "NOT_THE_GRANTOR"_reason);
  if (programme->fiscal_year() != year) {
    faults.Add("programme", "PROGRAMME_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(year)}});
  }
  ASSIGN_OR_RETURN(const auto rule_set, store::Records<v1::RuleSet>::All(tx).Get(programme->rule_set()));
  const bool is_known = std::any_of(rule_set.items().begin(), rule_set.items().end(),
                                    [&](const auto& item) { return item.code() == request.item(); });
  if (!is_known && !request.item().empty()) faults.Add("item", "ITEM_UNKNOWN"_reason, {{"code", request.item()}});
  return absl::OkStatus();
}

absl::Status Approve(store::Tx& tx, const v1::ApproveUsageClaimRequest& request, jp::CivilDay today,
                     UsageClaim& claim) {
  RETURN_IF_ERROR(HoldFiled(tx, claim));
  Faults faults;
  const jp::CivilDay last = jp::CivilDay(absl::CivilMonth(jp::DayOf(claim.month_date())) + 1) - 1;
  const jp::CivilDay released = claim.has_release_date() ? jp::DayOf(claim.release_date()) : last;
  Document::CheckDay(request.approval_date(), std::max(last, released), today, "approval_date", faults);
  RETURN_IF_ERROR(CheckLine(tx, request, claim, faults));
  RETURN_IF_ERROR(CheckProgramme(tx, request, claim, faults));
  RETURN_IF_ERROR(faults.ToStatus());
  const std::string maker = tx.actor().Person();
  const jp::CivilDay day = jp::DayOf(request.approval_date());
  if (maker == claim.maker()) return DutyOf(false);
  RETURN_IF_ERROR(CheckApprovalLimit(tx, claim.body(), maker, day, claim.total_yen()));
  RETURN_IF_ERROR(Post(tx, request.budget_line(), claim, {}, rules::Act::kReserve, day));
  claim.set_state(UsageClaim::STATE_APPROVED);
  claim.set_budget_line(request.budget_line());
  claim.set_past_year(day > AccountsCloseOn(YearOf(claim)));
  claim.set_programme(request.programme());
  claim.set_item(request.item());
  claim.set_approver(maker);
  *claim.mutable_approval_date() = request.approval_date();
  return absl::OkStatus();
}

absl::Status Release(store::Tx& tx, const v1::ReleaseUsageClaimRequest& request, jp::CivilDay today,
                     UsageClaim& claim) {
  RETURN_IF_ERROR(tx.Guard({RequestGuard(claim.name())}));
  RETURN_IF_ERROR(HoldApproved(tx, claim));
  ASSIGN_OR_RETURN(const auto open,
                   store::Records<v1::PaymentRequest>::All(tx).Find(
                       Where("usage_claim", claim.name()) && Where("outcome", v1::PaymentRequest::OUTCOME_OPEN)));
  if (open) {
    const absl::string_view batch = contract::Schema::ParentOf(open->name());
    return store::Conflict<v1::PaymentBatch>(tx, batch, "PAYMENT_ASKED_FOR"_reason, "PAYMENT_ASKED_FOR_UNSEEN"_reason);
  }
  Faults faults;
  Document::CheckDay(request.release_date(), jp::DayOf(claim.approval_date()), today, "release_date", faults);
  RETURN_IF_ERROR(faults.ToStatus());
  const std::string maker = tx.actor().Person();
  const jp::CivilDay day = jp::DayOf(request.release_date());
  if (maker == claim.maker()) return DutyOf(false);
  RETURN_IF_ERROR(CheckApprovalLimit(tx, claim.body(), maker, day, claim.total_yen()));
  RETURN_IF_ERROR(Post(tx, claim.budget_line(), claim, {claim.total_yen(), 0}, rules::Act::kRelease, day));
  claim.set_state(UsageClaim::STATE_FILED);
  claim.clear_budget_line();
  claim.clear_past_year();
  claim.clear_programme();
  claim.clear_item();
  claim.clear_approver();
  claim.clear_approval_date();
  claim.set_release_reason(request.reason());
  *claim.mutable_release_date() = request.release_date();
  return absl::OkStatus();
}

// Call it with the claim locked.
absl::Status Pay(store::Tx& tx, const google::type::Date& date, const std::string& voucher, jp::CivilDay today,
                 UsageClaim& claim) {
  Faults faults;
  Document::CheckDay(date, jp::DayOf(claim.approval_date()), today, "payment_date", faults);
  RETURN_IF_ERROR(faults.ToStatus());
  const std::string payer = tx.actor().Person();
  if (payer == claim.maker() || payer == claim.approver()) return DutyOf(payer == claim.approver());
  RETURN_IF_ERROR(Post(tx, claim.budget_line(), claim, {claim.total_yen(), 0}, rules::Act::kPay, jp::DayOf(date)));
  claim.set_state(UsageClaim::STATE_PAID);
  claim.set_payer(payer);
  *claim.mutable_payment_date() = date;
  claim.set_voucher(voucher);
  return absl::OkStatus();
}

absl::Status PayByHand(store::Tx& tx, const v1::PayUsageClaimRequest& request, jp::CivilDay today, UsageClaim& claim) {
  RETURN_IF_ERROR(tx.Guard({RequestGuard(claim.name())}));  // so that no batch requests it meanwhile
  RETURN_IF_ERROR(HoldApproved(tx, claim));
  return Pay(tx, request.payment_date(), request.voucher(), today, claim);
}

absl::Status Withdraw(store::Tx& tx, const v1::WithdrawUsageClaimRequest& request, jp::CivilDay, UsageClaim& claim) {
  RETURN_IF_ERROR(HoldFiled(tx, claim));
  claim.set_state(UsageClaim::STATE_WITHDRAWN);
  claim.set_withdrawal_reason(request.reason());
  return absl::OkStatus();
}

template <typename Request>
void BindStep(Service& service, Resource& claims, rpc::Binder& binder, absl::string_view method,
              absl::Status (*step)(store::Tx&, const Request&, jp::CivilDay, UsageClaim&)) {
  binder.Unary(method, [&service, &claims, step](rpc::Call& call, const Request& request) {
    return ChangeRecord<UsageClaim>(service, call, claims, request, [&](store::Tx& tx, UsageClaim& claim) {
      return step(tx, request, service.Today(), claim);
    });
  });
}

}  // namespace

absl::Status TakeClaimPayment(store::Tx& tx, const std::string& name, jp::CivilDay day, const std::string& voucher,
                              jp::CivilDay today) {
  ASSIGN_OR_RETURN(const UsageClaim seen, store::Records<UsageClaim>::All(tx).Get(name));
  ASSIGN_OR_RETURN(const UsageClaim before, Hold(tx, seen));
  if (before.state() == UsageClaim::STATE_PAID) {
    const bool is_this = before.voucher() == voucher && jp::DayOf(before.payment_date()) == day;
    return is_this ? absl::OkStatus() : Fail("PAID_ALREADY"_reason);
  }
  if (before.state() != UsageClaim::STATE_APPROVED) return Fail("CLAIM_NOT_APPROVED"_reason);
  UsageClaim after = before;
  RETURN_IF_ERROR(Pay(tx, jp::ToDate(day), voucher, today, after));
  return store::Records<UsageClaim>::Update(tx, before, after);
}

void BindClaimSteps(Service& service, Resource& claims, rpc::Binder& binder) {
  BindStep(service, claims, binder, "ApproveUsageClaim", Approve);
  BindStep(service, claims, binder, "ReleaseUsageClaim", Release);
  BindStep(service, claims, binder, "PayUsageClaim", PayByHand);
  BindStep(service, claims, binder, "WithdrawUsageClaim", Withdraw);
}

}  // namespace tsunagu::subsidy
