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

// Errors: the area gets a new kind, and something that goes on there today or later is impossible for that kind: a
// role, a membership of a joint group, a placement, a council, a target of a plan. Ended records do not matter, so that
// a wrong kind can be corrected once they have ended.
absl::Status DecideAreaKind(const store::Decision<v1::Area>& decision);

// Reads the area `name` for a rule about its kind. The kind cannot change until the transaction ends, since a writer
// that changes it locks the same guard. Absent if there is no such area, which the contract reports.
absl::StatusOr<absl::optional<v1::Area>> ReadStayingArea(store::Tx& tx, const std::string& name);

// Locks the guards of several areas together, before any of them is read.
absl::Status GuardAreas(store::Tx& tx, const std::vector<std::string>& names);

// Adds a fault at `field` if the area `name` is not a body.
absl::Status CheckBodyStays(store::Tx& tx, const std::string& name, const std::string& field, Faults& faults);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_AREA_KIND_H_
