#ifndef TSUNAGU_SERVICES_REGISTRY_AREA_PROPOSALS_H_
#define TSUNAGU_SERVICES_REGISTRY_AREA_PROPOSALS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Compares a list of areas with the areas that exist on its day.
absl::StatusOr<v1::ProposeAreaChangesResponse> ProposeAreaChanges(Service& service, const rpc::Call& call,
                                                                  const v1::ProposeAreaChangesRequest& request);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_AREA_PROPOSALS_H_
