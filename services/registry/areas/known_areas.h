#ifndef TSUNAGU_SERVICES_REGISTRY_KNOWN_AREAS_H_
#define TSUNAGU_SERVICES_REGISTRY_KNOWN_AREAS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Returns all areas, regardless of what the caller may read: areas are not secret.
absl::StatusOr<std::vector<v1::Area>> ReadAreas(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_KNOWN_AREAS_H_
