#include "services/subsidy/payment_import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/payment_result.h"

namespace tsunagu::subsidy {
namespace {

using records::Where;
using v1::Payment;
using v1::PaymentRequest;

std::string OwnId(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// What a rule says of a payment, as opposed to a database that failed.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsAlreadyExists(status);
}

bool IsSaidAlready(const PaymentRequest& request, const PaymentResult& result) {
  if (!result.paid) {
    return request.outcome() == PaymentRequest::OUTCOME_REFUSED && request.refusal() == result.refusal;
  }
  return request.outcome() == PaymentRequest::OUTCOME_PAID && request.voucher() == result.voucher &&
         jp::DayOf(request.payment_date()) == *result.paid;
}

// The applications that are paid, then their lines: one after the other, two results would wait for each other.
absl::Status Hold(store::Tx& tx, const std::vector<PaymentRequest>& requests, const std::vector<PaymentResult>& results) {
  std::vector<store::GuardKey> guards;
  for (const PaymentResult& result : results) {
    if (result.paid) guards.push_back(DocumentsGuard(requests[result.request].application()));
  }
  if (guards.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(tx.Guard(guards));
  std::vector<std::string> lines;
  for (const store::GuardKey& one : guards) {
    ASSIGN_OR_RETURN(const auto application, store::Records<v1::Application>::All(tx).Get(one.key));
    lines.push_back(application.budget_line());
  }
  return GuardLines(tx, lines);
}

// The payment that the result tells of: somebody may have recorded it by hand, and then it is that one.
absl::StatusOr<std::string> Pay(store::Tx& tx, const PaymentRequest& request, const PaymentResult& result) {
  const std::string& application = request.application();
  ASSIGN_OR_RETURN(const auto recorded, store::Records<Payment>::All(tx).Find(
                                            Where::Under(application) && Where("document_number", result.voucher)));
  if (recorded && recorded->kind() != Payment::KIND_RETURN && recorded->yen() == request.yen() &&
      jp::DayOf(recorded->payment_date()) == *result.paid) {
    ASSIGN_OR_RETURN(const bool of_another,
                     store::Records<PaymentRequest>::All(tx).Any(Where("payment", recorded->name())));
    if (!of_another) return recorded->name();
  }
  ASSIGN_OR_RETURN(const auto stands, store::Records<v1::Application>::All(tx).Get(application));
  Payment payment;
  payment.set_kind(PaymentKindOf(stands));
  *payment.mutable_payment_date() = jp::ToDate(*result.paid);
  payment.set_yen(request.yen());
  payment.set_document_number(result.voucher);
  // Its id is that of the request, so that no request is ever paid twice.
  const std::string batch(request.name().substr(0, request.name().rfind("/paymentRequests/")));
  RETURN_IF_ERROR(store::Records<Payment>::Insert(
      tx, absl::StrCat(OwnId(application), "/", OwnId(batch), "-", OwnId(request.name())), payment));
  return payment.name();
}

}  // namespace

Payment::Kind PaymentKindOf(const v1::Application& application) {
  return application.state() == v1::Application::STATE_FIXED ? Payment::KIND_SETTLEMENT : Payment::KIND_ADVANCE;
}

absl::StatusOr<std::vector<PaymentRequest>> RequestsOf(store::View& view, const std::string& batch) {
  std::vector<PaymentRequest> requests;
  RETURN_IF_ERROR(store::Records<PaymentRequest>(view).ForEach(Where::Under(batch), [&](PaymentRequest& one) {
    requests.push_back(std::move(one));
    return absl::OkStatus();
  }));
  return requests;
}

absl::Status ImportPaymentResult(store::Tx& tx, const v1::ImportPaymentResultRequest& request,
                                 v1::PaymentBatch& batch) {
  RETURN_IF_ERROR(tx.Guard("payment batch", batch.name()));
  ASSIGN_OR_RETURN(const std::vector<PaymentRequest> requests, RequestsOf(tx, batch.name()));
  ASSIGN_OR_RETURN(const auto results, ReadPaymentResult(batch.form(), request.data(),
                                                   {request.stated_count(), request.stated_yen()}, requests));
  RETURN_IF_ERROR(Hold(tx, requests, results));
  Faults faults;
  for (const PaymentResult& result : results) {
    const PaymentRequest& before = requests[result.request];
    const std::string line = absl::StrCat("line[", result.line, "]");
    if (IsSaidAlready(before, result)) continue;
    if (before.outcome() != PaymentRequest::OUTCOME_OPEN) {
      faults.Add(line, "RESULT_CONTRADICTS"_reason, {{"line", absl::StrCat(result.line)}, {"key", before.key()}});
      continue;
    }
    PaymentRequest after = before;
    if (result.paid) {
      const absl::StatusOr<std::string> payment = Pay(tx, before, result);
      if (IsRefusal(payment.status())) {
        faults.Add(line, payment.status());
        continue;
      }
      RETURN_IF_ERROR(payment.status());
      after.set_outcome(PaymentRequest::OUTCOME_PAID);
      after.set_payment(*payment);
      after.set_voucher(result.voucher);
      *after.mutable_payment_date() = jp::ToDate(*result.paid);
      batch.set_paid_count(batch.paid_count() + 1);
      batch.set_paid_yen(batch.paid_yen() + before.yen());
    } else {
      after.set_outcome(PaymentRequest::OUTCOME_REFUSED);
      after.set_refusal(result.refusal);
      batch.set_refused_count(batch.refused_count() + 1);
    }
    RETURN_IF_ERROR(store::Records<PaymentRequest>::Update(tx, before, after));
    batch.set_payer(MakerOf(tx));
  }
  return faults.ToStatus();
}

}  // namespace tsunagu::subsidy
