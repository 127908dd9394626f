#ifndef TSUNAGU_COMMON_HOST_FLAGS_H_
#define TSUNAGU_COMMON_HOST_FLAGS_H_

#include "absl/types/span.h"
#include "common/host/host.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu {

// Which flags --help shows. A command other than the server accepts the same settings, but needs only the locations.
enum class HelpOn { kAll, kLocations };

// Adds the flags of HostConfig. Each is also the variable TSUNAGU_<FLAG> and a key of the YAML file that --config
// names. A flag overrides the variable, the variable overrides the file.
void AddHostFlags(CLI::App& app, HostConfig& config, HelpOn help);

// Starts the services, prints where they listen and where the key is, serves until SIGTERM or SIGINT, then drains.
// Returns the exit code.
int ServeUntilSignal(HostConfig config, absl::Span<const ServiceKind> kinds);

// The main function of a binary that only runs services.
int ServiceMain(int argc, char** argv, absl::Span<const ServiceKind> kinds);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_FLAGS_H_
