#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_FILE_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::subsidy {

// Adds the missing fields of a form: LAYOUT_INCOMPLETE, WIDTH_MISSING.
void CheckPaymentForm(const v1::PaymentLayout::Form& form, Faults& faults);

struct PaymentFile {
  std::string bytes;
  std::vector<std::string> replaced;  // characters that the encoding does not support, each once
};

// Returns the file of a batch, of which the form, number and day are used. The same input gives the same bytes. Errors:
// COLUMN_TOO_NARROW, with every value that does not fit.
absl::StatusOr<PaymentFile> WritePaymentFile(const v1::PaymentBatch& batch,
                                             absl::Span<const v1::PaymentRequest> requests);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_FILE_H_
