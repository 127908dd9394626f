#ifndef TSUNAGU_TOOLS_DEMO_RUN_H_
#define TSUNAGU_TOOLS_DEMO_RUN_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tools/demo/outcome.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::demo {

struct DemoPlan {
  bool openings = false;      // whether to import openings
  std::string openings_file;  // CSV or .xlsx; empty: openings are invented
  int64_t nurses = 0;         // how many nurses to invent
  int64_t seed = 1;           // for the invented data and the round's lottery
  std::string area;           // "areas/310000": only this prefecture; empty: all of Japan
};

struct DemoReport {
  DemoPlan plan;
  registry::v1::Area area;  // without a name if the plan has no area
  matching::v1::Round round;
  matching::v1::VerifySolutionResponse verdict;
  matching::v1::ExplainAreaResponse shortages;
  platform::v1::Report supply;  // without figures if the round is too large to be solved for each measure
  platform::v1::Report fairness;
  // The basis by which candidates are named; empty if no opening lacks nurses, or if nobody may mediate here today.
  std::string basis;
  // One of the openings with the largest shortages.
  std::string recommended_for;
  matching::v1::RecommendNursesResponse recommendation;
  Outcome outcome;
  std::vector<std::pair<std::string, int64_t>> millis;  // duration of each step, in order
};

// Runs one demonstration on the server of `client`: imports what the plan names or asks to invent, solves a round,
// verifies it and counts its result. Writes to `out` what `tsunagu import` would print; refused rows take no part.
// Errors: those of the file and of the server.
absl::StatusOr<DemoReport> Demonstrate(const suite::Client& client, const DemoPlan& plan, std::ostream& out);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_RUN_H_
