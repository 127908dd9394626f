#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_ROWS_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_ROWS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/text/csv.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"

namespace tsunagu::subsidy {

// Reads the rows of a result, the heading first, from CSV or from fixed widths (then the line of totals becomes a row
// of its name, the count and the yen). A row of another width has the fault RESULT_LINE_WIDTH.
absl::Status ReadResultRows(const v1::PaymentLayout::Form& form, absl::string_view bytes,
                            absl::FunctionRef<absl::Status(contract::CsvRow)> take);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_ROWS_H_
