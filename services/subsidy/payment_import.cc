#include "services/subsidy/payment_import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/payment_result.h"
#include "services/subsidy/usage.h"
#include "services/subsidy/usage_claim_steps.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::Payment;
using v1::PaymentRequest;

// Returns whether the error comes from a rule of payments, not from a failed database.
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

// Locks everything that is paid together, then its lines together: if locked one by one, two results could wait for
// each other.
absl::Status HoldPaid(store::Tx& tx, const std::vector<PaymentRequest>& requests,
                      const std::vector<PaymentResult>& results) {
  std::vector<store::GuardKey> guards;
  std::vector<std::string> applications, lines;
  for (const PaymentResult& result : results) {
    if (!result.paid) continue;
    const PaymentRequest& request = requests[result.request];
    if (request.usage_claim().empty()) {
      guards.push_back(DocumentsGuard(request.application()));
      applications.push_back(request.application());
    } else {
      // The line of a claim does not change while a batch requests it.
      ASSIGN_OR_RETURN(const auto claim, store::Records<v1::UsageClaim>::All(tx).Get(request.usage_claim()));
      guards.push_back(ClaimGuard(claim));
      lines.push_back(claim.budget_line());
    }
  }
  if (guards.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  for (const std::string& name : applications) {
    ASSIGN_OR_RETURN(const auto application, store::Records<v1::Application>::All(tx).Get(name));
    lines.push_back(application.budget_line());
  }
  return GuardLines(tx, lines);
}

// Records the payment of the result, which is not of a claim of hours. If somebody has recorded it by hand, returns
// that payment.
absl::StatusOr<std::string> Pay(store::Tx& tx, const PaymentRequest& request, const PaymentResult& result,
                                jp::CivilDay today) {
  if (!request.usage_claim().empty()) {
    RETURN_IF_ERROR(TakeClaimPayment(tx, request.usage_claim(), *result.paid, result.voucher, today));
    return std::string();
  }
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
  // Its id is that of the request, so that no request is paid twice.
  const std::string batch(request.name().substr(0, request.name().rfind("/paymentRequests/")));
  RETURN_IF_ERROR(store::Records<Payment>::Insert(
      tx, absl::StrCat(contract::OwnId(application), "/", contract::OwnId(batch), "-", contract::OwnId(request.name())),
      payment));
  return payment.name();
}

// A result covers all requests, and so does a release: after this call nobody else can import or release any of them.
// Returns the batch as it is now. Errors: BATCH_RELEASED.
absl::StatusOr<v1::PaymentBatch> Hold(store::Tx& tx, const std::string& name) {
  RETURN_IF_ERROR(tx.Guard("payment batch", name));
  ASSIGN_OR_RETURN(v1::PaymentBatch batch, store::Records<v1::PaymentBatch>::All(tx).Get(name));
  if (batch.releaser().empty()) return batch;
  return Fail("BATCH_RELEASED"_reason, {{"date", jp::FormatIso(jp::DayOf(batch.release_date()))}});
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

absl::Status ImportPaymentResult(store::Tx& tx, const v1::ImportPaymentResultRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch) {
  RETURN_IF_ERROR(Hold(tx, batch.name()).status());
  ASSIGN_OR_RETURN(const std::vector<PaymentRequest> requests, RequestsOf(tx, batch.name()));
  ASSIGN_OR_RETURN(const auto results, ReadPaymentResult(batch.form(), request.data(),
                                                         {request.stated_count(), request.stated_yen()}, requests));
  RETURN_IF_ERROR(HoldPaid(tx, requests, results));
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
      const absl::StatusOr<std::string> payment = Pay(tx, before, result, today);
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
    batch.set_payer(tx.actor().Person());
  }
  return faults.ToStatus();
}

absl::Status ReleasePaymentBatch(store::Tx& tx, const v1::ReleasePaymentBatchRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch) {
  ASSIGN_OR_RETURN(const v1::PaymentBatch now, Hold(tx, batch.name()));
  if (!now.payer().empty()) return Fail("BATCH_HAS_RESULT"_reason);
  ASSIGN_OR_RETURN(const std::vector<PaymentRequest> requests, RequestsOf(tx, batch.name()));
  for (const PaymentRequest& before : requests) {
    PaymentRequest after = before;
    after.set_outcome(PaymentRequest::OUTCOME_RELEASED);
    RETURN_IF_ERROR(store::Records<PaymentRequest>::Update(tx, before, after));
  }
  batch.set_releaser(tx.actor().Person());
  *batch.mutable_release_date() = jp::ToDate(today);
  batch.set_release_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace tsunagu::subsidy
