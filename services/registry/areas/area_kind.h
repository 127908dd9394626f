#ifndef TSUNAGU_SERVICES_REGISTRY_AREA_KIND_H_
#define TSUNAGU_SERVICES_REGISTRY_AREA_KIND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/records/rule.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {

// Refuses a new kind of an area while something goes on there today, or later, that an area of that kind cannot have:
// a role, a membership of a joint group, a placement, a council, a target of a plan. What is over stays as it was, so
// that a wrong kind can be corrected once that is ended.
absl::Status DecideAreaKind(const store::Decision<v1::Area>& decision);

// The area `name` for a rule about its kind: that stays what it is until the transaction ends, since whoever changes it
// takes the same guard. Absent where there is none, which the contract says.
absl::StatusOr<absl::optional<v1::Area>> ReadStayingArea(store::Tx& tx, const std::string& name);

// Takes the guards of several areas together, before each is read.
absl::Status GuardAreas(store::Tx& tx, const std::vector<std::string>& names);

// Adds a fault at `field` where the area `name` is no body.
absl::Status CheckBodyStays(store::Tx& tx, const std::string& name, const std::string& field, Faults& faults);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_AREA_KIND_H_
