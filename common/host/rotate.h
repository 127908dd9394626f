#ifndef TSUNAGU_COMMON_HOST_ROTATE_H_
#define TSUNAGU_COMMON_HOST_ROTATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu {

struct Rotation {
  std::string newest;                 // id of the master key that wraps all of their keys
  std::vector<std::string> services;  // whose keys were wrapped
  std::vector<std::string> left;      // services that have keys here but were not chosen
  bool has_older = false;             // there are other master keys, which `services` no longer need
};

// Wraps every key of the chosen services with the newest master key, beside the running servers, which load the new key
// file by themselves. Data and journal are not changed. After an interruption, run it again. Calls `progress` with the
// number of keys of a service that are done, and their total. When no services are chosen, takes those with keys in the
// folder. Errors: NOT_FOUND when there are none.
absl::StatusOr<Rotation> RotateKeys(
    const HostConfig& config, absl::Span<const ServiceKind> kinds,
    absl::FunctionRef<void(const std::string& service, int64_t done, int64_t total)> progress);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_ROTATE_H_
