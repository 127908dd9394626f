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

// Adds what is wrong with a change beyond its contract: AREA_CHANGE_MISSHAPEN where its areas do not fit its kind,
// AREA_CHANGE_NAMES where areas and names do not pair.
void CheckAreaChange(const v1::AreaChange& change, Faults& faults);

// Whether two changes are records of the same: on one day, the same areas become the same others. Where the areas stay
// what they are, a new name is not a new boundary.
bool SayTheSame(const v1::AreaChange& a, const v1::AreaChange& b);

// The day on which the area ends, or begins, because of the change; absent where it does not.
absl::optional<jp::CivilDay> EndBecauseOf(const v1::AreaChange& change, const std::string& area);
absl::optional<jp::CivilDay> BeginBecauseOf(const v1::AreaChange& change, const std::string& area);

// What became of areas, from all changes that are not withdrawn.
class AreaHistory {
 public:
  explicit AreaHistory(std::vector<v1::AreaChange> changes);

  // The areas of `target` that have territory of what the code means on `as_of`, or had it: forward and back.
  std::set<std::string> Resolve(const std::string& area, jp::CivilDay as_of, jp::CivilDay target) const;
  // What the code means on `day`: its name, and the days on which it means the same body.
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
