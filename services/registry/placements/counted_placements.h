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

// The placements that the report of a day counts, and whom they serve.
class CountedPlacements {
 public:
  struct Placement {
    std::vector<std::string> bodies;  // that place by it
    TallyRow row;
  };

  static absl::StatusOr<CountedPlacements> Read(ReportRun& run, v1::PlannedPlacements planned);

  const std::vector<Placement>& all() const { return all_; }
  // Whether the municipality does not place, and lies in the territory of a placement.
  bool Covers(absl::string_view municipality) const;

 private:
  explicit CountedPlacements(v1::PlannedPlacements planned) : planned_(planned) {}

  using Take = absl::FunctionRef<absl::Status(const store::Cells&, bool is_planned)>;
  // Each that fits, as far as the caller may see it, or all of them.
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
