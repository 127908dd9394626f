#include "services/registry/areas/known_areas.h"

#include <utility>

#include "common/base/deadline.h"
#include "common/base/status_macros.h"
#include "common/identity/actor.h"
#include "common/records/records.h"
#include "common/service/service.h"

namespace tsunagu::registry {

absl::StatusOr<std::vector<v1::Area>> ReadAreas(Service& service) {
  const identity::Actor actor{"system", "", "", "import", "", identity::Scope::Everything()};
  std::vector<v1::Area> areas;
  RETURN_IF_ERROR(service.Read(actor, Deadline::After(absl::Seconds(30)), [&](store::View& view) {
    areas.clear();
    return store::Records<v1::Area>(view).ForEach({}, [&](v1::Area& area) {
      areas.push_back(std::move(area));
      return absl::OkStatus();
    });
  }));
  return areas;
}

}  // namespace tsunagu::registry
