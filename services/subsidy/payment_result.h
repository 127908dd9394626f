#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_RESULT_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_RESULT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/jp/civil_day.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::subsidy {

// What the accounting system says of one request.
struct PaymentResult {
  int64_t line = 0;                   // of the file, from 1
  size_t request = 0;                 // its place among the requests
  absl::optional<jp::CivilDay> paid;  // absent: it was not paid
  std::string voucher;
  std::string refusal;
};

// What is said on the sheet that comes with a file; 0: nothing.
struct StatedTotals {
  int count = 0;
  int64_t yen = 0;
};

// Reads a result and compares it with the requests that it has to speak of, each once: RESULT_COLUMN_MISSING,
// RESULT_LINE_WIDTH; and all at once RESULT_KEY_UNKNOWN, RESULT_KEY_REPEATED, RESULT_YEN_DIFFERS, RESULT_COUNT_DIFFERS,
// RESULT_SUM_DIFFERS, and cells that cannot be read, each with its line.
absl::StatusOr<std::vector<PaymentResult>> ReadPaymentResult(const v1::PaymentLayout::Form& form,
                                                             absl::string_view bytes, const StatedTotals& stated,
                                                             absl::Span<const v1::PaymentRequest> requests);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_RESULT_H_
