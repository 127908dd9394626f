#include "services/subsidy/payment.h"

#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"

namespace tsunagu::subsidy {
namespace {

using records::Where;
using v1::Payment;

// Whether the accounts of the line's year were closed before the money came back.
absl::StatusOr<bool> CameTooLate(const Payment& payment, store::Tx& tx, const std::string& line) {
  if (payment.kind() != Payment::KIND_RETURN || line.empty()) return false;
  ASSIGN_OR_RETURN(const Charge charge, Charge::On(tx, line));
  ASSIGN_OR_RETURN(const rules::Phase phase, charge.PhaseOn(jp::DayOf(payment.payment_date())));
  return phase == rules::Phase::kClosed;
}

absl::Status DecidePayment(const store::Decision<Payment>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // nothing of one is ever changed
  const Payment& payment = decision.after();
  store::Tx& tx = decision.tx();
  ASSIGN_OR_RETURN(Document document, Document::Open(tx, payment.name(), Duty::kPay));
  const v1::Application& application = document.application();
  // Money may move before what was filed or decided meanwhile, but not before what it is paid for.
  absl::optional<jp::CivilDay> decided;
  if (!application.decision().empty()) {
    ASSIGN_OR_RETURN(const v1::Decision last, decision.all<v1::Decision>().Get(application.decision()));
    decided = jp::DayOf(last.decision_date());
  }
  Document::CheckDay(payment.payment_date(), decided, decision.today(), "payment_date", decision.faults());
  if (!decision.faults().empty() || payment.kind() == Payment::KIND_UNSPECIFIED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool paid_already,
                   decision.all().Any(Where::Under(application.name()) &&
                                      Where("document_number", payment.document_number())));
  if (paid_already) return Fail("PAID_ALREADY"_reason);
  ASSIGN_OR_RETURN(const rules::Step step, rules::Pay(document.standing(), payment.kind(), payment.yen()));
  ASSIGN_OR_RETURN(const bool is_past, CameTooLate(payment, tx, application.budget_line()));
  const jp::CivilDay day = jp::DayOf(payment.payment_date());
  RETURN_IF_ERROR(document.Take(tx, step, day, is_past ? "" : application.budget_line()));
  decision.Derive([&](Payment& derived) {
    derived.set_maker(document.maker());
    derived.set_number(document.number());
    derived.set_state(step.after.state);
    derived.set_past_year(is_past);
  });
  decision.Then([document = std::move(document), name = payment.name()](store::Tx& tx) { return document.Write(tx, name); });
  return absl::OkStatus();
}

}  // namespace

void AddPayments(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.PaymentService", service.Add<Payment>().Rule(DecidePayment));
}

}  // namespace tsunagu::subsidy
