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

// The result of one request from the accounting system.
struct PaymentResult {
  int64_t line = 0;                   // line number in the file, from 1
  size_t request = 0;                 // index among the requests
  absl::optional<jp::CivilDay> paid;  // absent: it was not paid
  std::string voucher;
  std::string refusal;
};

// The totals on the sheet that comes with a file; 0: not stated.
struct StatedTotals {
  int count = 0;
  int64_t yen = 0;
};

// Reads a result and compares it with the requests, each of which it must contain once. Errors: RESULT_COLUMN_MISSING,
// RESULT_LINE_WIDTH; and, all at once, RESULT_KEY_UNKNOWN, RESULT_KEY_REPEATED, RESULT_YEN_DIFFERS,
// RESULT_COUNT_DIFFERS, RESULT_SUM_DIFFERS, and cells that cannot be read, each with its line.
absl::StatusOr<std::vector<PaymentResult>> ReadPaymentResult(const v1::PaymentLayout::Form& form,
                                                             absl::string_view bytes, const StatedTotals& stated,
                                                             absl::Span<const v1::PaymentRequest> requests);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_RESULT_H_
