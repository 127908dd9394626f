#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_AREA_CHANGE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_AREA_CHANGE_H_

#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::registry::rules {

// Adds the faults in a change beyond its contract: AREA_CHANGE_MISSHAPEN if its areas do not match its kind,
// AREA_CHANGE_NAMES if the numbers of areas and names differ.
void CheckAreaChange(const v1::AreaChange& change, Faults& faults);

// Returns whether two changes record the same event: on the same day, the same areas become the same others. If the
// areas remain, a new name and a new boundary are different events.
bool SayTheSame(const v1::AreaChange& a, const v1::AreaChange& b);

// Return the day on which the area ends, or begins, because of the change; absent if it does not.
absl::optional<jp::CivilDay> EndBecauseOf(const v1::AreaChange& change, const std::string& area);
absl::optional<jp::CivilDay> BeginBecauseOf(const v1::AreaChange& change, const std::string& area);

// The history of areas, from all changes that are not withdrawn.
class AreaHistory {
 public:
  explicit AreaHistory(std::vector<v1::AreaChange> changes);

  // Returns the areas of `target` that contain territory of what the code means on `as_of`, or contained it: follows
  // changes forward and back.
  std::set<std::string> Resolve(const std::string& area, jp::CivilDay as_of, jp::CivilDay target) const;
  // The meaning of a code on `day`: its name, and the days on which it means the same body.
  struct Meaning {
    std::string display_name;
    jp::Period days;
  };
  Meaning On(const v1::Area& area, jp::CivilDay day) const;

 private:
  std::vector<v1::AreaChange> changes_;  // by day
};

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_AREA_CHANGE_H_
