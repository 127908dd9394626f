#ifndef TSUNAGU_SERVICES_SUBSIDY_REPORT_EXECUTION_H_
#define TSUNAGU_SERVICES_SUBSIDY_REPORT_EXECUTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/service/report.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::subsidy {

// Returns the number in a cell of a scan; 0 if it is empty.
absl::StatusOr<int64_t> NumberOf(const std::string& cell);

// What a contract, own work or a claim of hours has charged to the lines of one fiscal year.
struct Executed {
  std::string name, programme, body, item;  // a claim of hours may have no programme
  v1::SubsidyPopulation population = v1::SUBSIDY_POPULATION_USAGE;
  int64_t committed = 0;  // paid or unpaid
  int64_t paid = 0;
};

// Returns the charges by the acts up to the day of the run, in the order of their names.
absl::StatusOr<std::vector<Executed>> ReadExecution(ReportRun& run, int fiscal_year);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_REPORT_EXECUTION_H_
