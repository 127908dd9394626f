#ifndef TSUNAGU_SERVICES_SUBSIDY_CLAIM_FILE_H_
#define TSUNAGU_SERVICES_SUBSIDY_CLAIM_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::subsidy {

// A row of the file that a provider fills in.
struct ClaimRow {
  int64_t line = 0;   // of the file, from 1
  std::string grant;  // the number of the decision
  int64_t minutes = 0, yen = 0;
};

// Reads CSV or a workbook. Errors, all at once and each with its line: RESULT_SUM_DIFFERS and CLAIM_MINUTES_DIFFER if
// the rows do not add up to the row of totals; cells that cannot be read. CLAIM_COLUMN_MISSING.
absl::StatusOr<std::vector<ClaimRow>> ReadClaimFile(absl::string_view bytes);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CLAIM_FILE_H_
