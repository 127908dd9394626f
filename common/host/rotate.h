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
  std::vector<std::string> left;      // those that have keys here too and were not chosen
  bool has_older = false;             // there are other master keys, which `services` do not need any more
};

// Wraps every key of the chosen services by the newest master key, beside the running servers, which take the new key
// file up by themselves. Data and journal stay as they are. Killed, it is simply run again. `progress` is told how many
// of how many keys of a service are done. Where no services are chosen, those that have keys in the folder; NOT_FOUND
// where there are none.
absl::StatusOr<Rotation> RotateKeys(
    const HostConfig& config, absl::Span<const ServiceKind> kinds,
    absl::FunctionRef<void(const std::string& service, int64_t done, int64_t total)> progress);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_ROTATE_H_
