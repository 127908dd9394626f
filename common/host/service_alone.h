#ifndef TSUNAGU_COMMON_HOST_SERVICE_ALONE_H_
#define TSUNAGU_COMMON_HOST_SERVICE_ALONE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/host/databases.h"
#include "common/host/host.h"

namespace tsunagu {

// Opens a service without a server and without peers, for a command that changes its data about callers beside running
// servers. `databases` must have its database open.
absl::StatusOr<std::unique_ptr<Service>> OpenAlone(const HostConfig& config, Databases& databases,
                                                   const ServiceKind& kind);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_SERVICE_ALONE_H_
