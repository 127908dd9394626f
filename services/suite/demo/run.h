#ifndef TSUNAGU_SERVICES_SUITE_DEMO_RUN_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/suite/client.h"
#include "services/suite/demo/calls.h"
#include "services/suite/demo/outcome.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::suite {

// What a demonstration is made of.
struct DemoPlan {
  std::string areas, facilities, openings;  // files; empty: nothing is imported
  int64_t nurses = 0;                       // to invent
  int64_t seed = 1;
  std::string area;  // areas/310000: only there; empty: everywhere
};

// All there is to tell of one.
struct DemoReport {
  int64_t seed = 0;
  std::string area;
  std::vector<Imported> imports;
  matching::v1::Round round;
  matching::v1::VerifySolutionResponse verdict;
  Outcome outcome;
  std::vector<std::pair<std::string, int64_t>> millis;  // by step, in order
};

// One demonstration against one suite: import, invent, match, verify, read.
class DemoRun {
 public:
  // Refers to the client, which outlives it. `tell` hears the name of each step as it begins.
  DemoRun(const Client& client, DemoPlan plan, std::function<void(absl::string_view)> tell)
      : client_(client), plan_(std::move(plan)), tell_(std::move(tell)) {}

  // Also where it fails, `report` holds what was done until then.
  absl::Status Run(DemoReport& report);

 private:
  absl::Status Step(DemoReport& report, const std::string& name, const std::function<absl::Status()>& action);
  absl::Status ImportFile(const std::string& service, const std::string& collection, const std::string& path,
                          DemoReport& report);
  absl::Status ImportInvented(const std::string& service, const std::string& collection, std::string csv,
                              DemoReport& report);
  absl::Status ImportAll(DemoReport& report);
  absl::Status InventOpeningRows(DemoReport& report);
  absl::Status InventNurseRows(DemoReport& report);
  absl::Status ReadFacilities();
  absl::Status ReadOpenings();
  absl::Status Solve(DemoReport& report);
  absl::Status Verify(DemoReport& report);
  absl::Status ReadOutcome(DemoReport& report);

  const Client& client_;
  const DemoPlan plan_;
  const std::function<void(absl::string_view)> tell_;
  std::vector<registry::v1::Facility> facilities_;
  std::vector<matching::v1::Opening> openings_;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_RUN_H_
