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

// Reads CSV or a workbook, whose rows come to what its row of totals states: RESULT_SUM_DIFFERS, CLAIM_MINUTES_DIFFER,
// and cells that cannot be read, each with its line and all at once; CLAIM_COLUMN_MISSING.
absl::StatusOr<std::vector<ClaimRow>> ReadClaimFile(absl::string_view bytes);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CLAIM_FILE_H_
