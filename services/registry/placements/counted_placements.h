#ifndef TSUNAGU_SERVICES_REGISTRY_COUNTED_PLACEMENTS_H_
#define TSUNAGU_SERVICES_REGISTRY_COUNTED_PLACEMENTS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/service/report_run.h"
#include "common/service/tally.h"
#include "services/registry/placements/joint_groups.h"
#include "tsunagu/registry/v1/placement_report.pb.h"

namespace tsunagu::registry {

// The placements that the report of a day counts, and the bodies that they serve.
class CountedPlacements {
 public:
  struct Placement {
    std::vector<std::string> bodies;  // the bodies whose placement it is
    TallyRow row;
  };

  static absl::StatusOr<CountedPlacements> Read(ReportRun& run, v1::PlannedPlacements planned);

  const std::vector<Placement>& all() const { return all_; }
  // Returns whether the municipality does not place anybody itself and is in the territory of a placement.
  bool Covers(absl::string_view municipality) const;

 private:
  explicit CountedPlacements(v1::PlannedPlacements planned) : planned_(planned) {}

  using Take = absl::FunctionRef<absl::Status(const store::Cells&, bool is_planned)>;
  // Calls `take` for each matching placement: those that the caller may see, or all of them if `whole`.
  absl::Status ForEach(ReportRun& run, bool whole, std::vector<absl::string_view> fields, Take take) const;
  absl::Status Add(ReportRun& run, const store::Cells& placement, bool is_planned);
  void Serve(const std::string& territory);

  const v1::PlannedPlacements planned_;
  JointMembers members_;
  absl::flat_hash_set<std::string> trained_, placing_, served_;
  std::vector<Placement> all_;
};

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_COUNTED_PLACEMENTS_H_
