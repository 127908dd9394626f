#ifndef TSUNAGU_TOOLS_DEMO_SUBSIDY_H_
#define TSUNAGU_TOOLS_DEMO_SUBSIDY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"

namespace tsunagu::demo {

// A programme as it stands.
struct ProgrammeReport {
  struct Line {
    std::string body;  // 鳥取市
    subsidy::v1::Application application;
  };
  subsidy::v1::BudgetLine line;
  std::vector<Line> lines;
  std::string refused;  // what the last decision was told, in the client's language
  std::string amount;   // an application whose amount is explained
};

// Runs the sample programme of fiscal year 2025, unless it was run before: the shipped rule set with invented standard
// amounts, a budget of 1,000,000 yen, and applications of the first three municipalities of `prefecture`
// (areas/310000). One is settled, one is granted and partly paid, for the third there is too little budget left. Errors
// are those of the server.
absl::StatusOr<ProgrammeReport> RunProgramme(const suite::Client& client, const std::string& prefecture);

// The report as text for a terminal.
std::string ProgrammeText(const ProgrammeReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_SUBSIDY_H_
