#include "services/registry/placements/body_counts.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "services/registry/placements/joint_groups.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry {

using contract::Where;

absl::StatusOr<rules::BodyCounts> CountsOf(store::View& view, const std::string& body, jp::CivilDay day) {
  rules::BodyCounts counts;
  ASSIGN_OR_RETURN(std::vector<std::string> placing, JointGroupsOf(view, body, day));
  placing.push_back(body);
  for (const std::string& one : placing) {
    RETURN_IF_ERROR(store::Records<v1::Placement>::All(view).ForEach(
        Where("body", one) && Where::ActiveOn(day), [&](const v1::Placement& placement) {
          auto& people = placement.stage() == v1::PLACEMENT_STAGE_PLANNED ? counts.planned : counts.actual;
          people[placement.coordinator()].insert(placement.name());
          return absl::OkStatus();
        }));
  }
  for (const auto* people : {&counts.actual, &counts.planned}) {
    for (const auto& [person, placements] : *people) {
      ASSIGN_OR_RETURN(const bool is_trained,
                       store::Records<v1::CoordinatorTraining>::All(view).Any(
                           Where::Under(person) && Where("revoked", false) && Where::ActiveOn(day)));
      if (is_trained) counts.trained.insert(person);
    }
  }
  return counts;
}

}  // namespace tsunagu::registry
