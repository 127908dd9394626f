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

// Returns the kind of payment that the application gets in its present state.
v1::Payment::Kind PaymentKindOf(const v1::Application& application);

// Returns the requests of a batch, in order.
absl::StatusOr<std::vector<v1::PaymentRequest>> RequestsOf(store::View& view, const std::string& batch);

// Imports a result: records what was paid, under all rules of payments, and updates each request and the batch. Errors:
// as the contract of ImportPaymentResult states.
absl::Status ImportPaymentResult(store::Tx& tx, const v1::ImportPaymentResultRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch);

// Releases a batch without a result. Errors: BATCH_HAS_RESULT, BATCH_RELEASED.
absl::Status ReleasePaymentBatch(store::Tx& tx, const v1::ReleasePaymentBatchRequest& request, jp::CivilDay today,
                                 v1::PaymentBatch& batch);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_IMPORT_H_
