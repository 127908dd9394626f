#include "services/subsidy/payment.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/return_charge.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::Payment;

// Returns whether the accounts of the grant's year were closed when the money moved. A payment from a later line can be
// returned after that too.
absl::StatusOr<bool> IsPastYear(const Payment& payment, store::Tx& tx, const v1::Application& application) {
  if (application.budget_line().empty()) return false;
  ASSIGN_OR_RETURN(const Charge charge, Charge::On(tx, application.budget_line()));
  ASSIGN_OR_RETURN(const rules::Phase phase, charge.PhaseOn(jp::DayOf(payment.payment_date())));
  if (phase == rules::Phase::kOver || phase == rules::Phase::kClosed) return true;
  if (payment.kind() != Payment::KIND_RETURN) return false;
  return store::Records<Payment>::All(tx).Any(Where::Under(application.name()) && Where("past_year", true));
}

absl::Status CheckLaterLine(const Payment& payment, store::Tx& tx, const v1::Application& application, bool is_past,
                            Faults& faults) {
  const bool may_name_one = payment.kind() != Payment::KIND_RETURN && !application.budget_line().empty();
  if (!may_name_one) {
    faults.Add("budget_line", "LINE_NOT_CHARGED"_reason);
    return absl::OkStatus();
  }
  if (!is_past) faults.Add("budget_line", "YEAR_STILL_OPEN"_reason);
  ASSIGN_OR_RETURN(const auto line, ReadLineOf(tx, payment.budget_line(), application.grantor(), faults));
  const int year = jp::FiscalYear::Of(jp::DayOf(payment.payment_date())).year();
  if (line && line->fiscal_year() <= application.fiscal_year()) {
    faults.Add("budget_line", "LINE_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(year)}});
  }
  return absl::OkStatus();
}

struct Charges {
  int64_t added = 0, late = 0;
};

// Returns the charges of the rule set on returned money: after a cancellation from the day of receipt on, and for a
// late return.
absl::StatusOr<Charges> ChargesOn(const Payment& payment, store::Tx& tx, const v1::Application& application) {
  Charges charges;
  if (payment.kind() != Payment::KIND_RETURN || application.decision().empty()) return charges;
  ASSIGN_OR_RETURN(const v1::RuleSet rule_set, store::Records<v1::RuleSet>::All(tx).Get(application.rule_set()));
  if (!rule_set.has_return_charge()) return charges;
  const jp::CivilDay day = jp::DayOf(payment.payment_date());
  std::map<int, v1::Decision> decisions;  // by number
  const Where here = Where::Under(application.name());
  RETURN_IF_ERROR(store::Records<v1::Decision>::All(tx).ForEach(here, [&](v1::Decision& one) {
    decisions[one.number()] = std::move(one);
    return absl::OkStatus();
  }));
  const v1::Decision* order = nullptr;
  bool is_cancelled = false;
  for (const auto& [number, one] : decisions) {
    is_cancelled |= one.kind() == v1::Decision::KIND_CANCELLATION;
    if (one.kind() == v1::Decision::KIND_RETURN_ORDER) order = &one;
  }
  if (order != nullptr) {
    charges.late = rules::LateCharge(rule_set.return_charge(), payment.yen(), jp::DayOf(order->return_due_date()), day);
  }
  if (!is_cancelled) return charges;
  std::map<int, rules::Receipt> receipts;  // by number
  int64_t returned = 0;
  RETURN_IF_ERROR(store::Records<Payment>::All(tx).ForEach(here, [&](const Payment& one) {
    if (one.kind() == Payment::KIND_RETURN) {
      returned += one.yen();
    } else {
      receipts[one.number()] = {jp::DayOf(one.payment_date()), one.yen()};
    }
    return absl::OkStatus();
  }));
  std::vector<rules::Receipt> in_order;
  for (const auto& [number, receipt] : receipts) in_order.push_back(receipt);
  charges.added = rules::AddedCharge(rule_set.return_charge(), in_order, returned, payment.yen(), day);
  return charges;
}

absl::Status DecidePayment(const store::Decision<Payment>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const Payment& payment = decision.after();
  store::Tx& tx = decision.tx();
  ASSIGN_OR_RETURN(Document document, Document::Open(tx, payment.name(), Duty::kPay, decision.today()));
  const v1::Application& application = document.application();
  // Money may move before what was filed or decided meanwhile, but not before the decision that it is paid for.
  absl::optional<jp::CivilDay> decided;
  if (!application.decision().empty()) {
    ASSIGN_OR_RETURN(const v1::Decision last, decision.all<v1::Decision>().Get(application.decision()));
    decided = jp::DayOf(last.decision_date());
  }
  Document::CheckDay(payment.payment_date(), decided, decision.today(), "payment_date", decision.faults());
  if (!decision.faults().empty() || payment.kind() == Payment::KIND_UNSPECIFIED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool paid_already, decision.all().Any(Where::Under(application.name()) &&
                                                               Where("document_number", payment.document_number())));
  if (paid_already) return Fail("PAID_ALREADY"_reason);
  ASSIGN_OR_RETURN(const rules::Step step, rules::Pay(document.standing(), payment.kind(), payment.yen()));
  ASSIGN_OR_RETURN(const bool is_past, IsPastYear(payment, tx, application));
  const jp::CivilDay day = jp::DayOf(payment.payment_date());
  if (!payment.budget_line().empty()) {
    RETURN_IF_ERROR(CheckLaterLine(payment, tx, application, is_past, decision.faults()));
    if (!decision.faults().empty()) return absl::OkStatus();
    RETURN_IF_ERROR(document.TakeLate(tx, step, day, payment.budget_line()));
  } else {
    const bool comes_back_late = is_past && payment.kind() == Payment::KIND_RETURN;
    RETURN_IF_ERROR(document.Take(tx, step, day, comes_back_late ? "" : application.budget_line()));
  }
  ASSIGN_OR_RETURN(const Charges charges, ChargesOn(payment, tx, application));
  decision.Derive([&](Payment& derived) {
    derived.set_added_charge_yen(charges.added);
    derived.set_late_charge_yen(charges.late);
    derived.set_maker(document.maker());
    derived.set_override(document.override_used());
    derived.set_number(document.number());
    derived.set_state(step.after.state);
    derived.set_past_year(is_past);
  });
  decision.Then(
      [document = std::move(document), name = payment.name()](store::Tx& tx) { return document.Write(tx, name); });
  return absl::OkStatus();
}

}  // namespace

void AddPayments(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.PaymentService", service.Add<Payment>().Rule(DecidePayment));
}

}  // namespace tsunagu::subsidy
