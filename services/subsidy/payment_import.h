#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_IMPORT_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_IMPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::subsidy {

// As what the application is paid where it stands.
v1::Payment::Kind PaymentKindOf(const v1::Application& application);

// The requests of a batch, in their order.
absl::StatusOr<std::vector<v1::PaymentRequest>> RequestsOf(store::View& view, const std::string& batch);

// Takes a result: pays what was paid, under all rules of payments, and writes what became of each request and of the
// batch. What the contract of ImportPaymentResult says.
absl::Status ImportPaymentResult(store::Tx& tx, const v1::ImportPaymentResultRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch);

// Lets a batch go without a result. BATCH_HAS_RESULT, BATCH_RELEASED.
absl::Status ReleasePaymentBatch(store::Tx& tx, const v1::ReleasePaymentBatchRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_IMPORT_H_
