#ifndef TSUNAGU_TOOLS_DEMO_SUBSIDY_H_
#define TSUNAGU_TOOLS_DEMO_SUBSIDY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"

namespace tsunagu::demo {

// The present state of a programme.
struct ProgrammeReport {
  struct Line {
    std::string body;  // 鳥取市
    subsidy::v1::Application application;
  };
  subsidy::v1::BudgetLine line;
  std::vector<Line> lines;
  std::string refused;  // the error of the last decision, in the client's language
  std::string amount;   // an application whose amount is explained
};

// Runs the sample programme of fiscal year 2025, unless it was run before: the shipped rule set with invented standard
// amounts, a budget of 1,000,000 yen, and applications of the first three municipalities of `prefecture`
// (areas/310000). One is settled, one is granted and partly paid, and for the third the remaining budget is too small.
// Errors: those of the server.
absl::StatusOr<ProgrammeReport> RunProgramme(const suite::Client& client, const std::string& prefecture);

// Returns the report as text for a terminal.
std::string ProgrammeText(const ProgrammeReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_SUBSIDY_H_
