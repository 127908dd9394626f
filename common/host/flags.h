#ifndef TSUNAGU_COMMON_HOST_FLAGS_H_
#define TSUNAGU_COMMON_HOST_FLAGS_H_

#include "absl/types/span.h"
#include "common/host/host.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu {

// Which flags --help shows: a command beside the server takes the same settings, and needs to be told where things are.
enum class HelpOn { kAll, kPlaces };

// The flags of HostConfig. Each is also the variable TSUNAGU_<FLAG> and a key of the YAML file that --config names; a
// flag goes before the variable, the variable before the file.
void AddHostFlags(CLI::App& app, HostConfig& config, HelpOn help);

// Starts the services, says where they listen and where the key is, and serves until SIGTERM or SIGINT, then drains.
// The exit code.
int ServeUntilSignal(HostConfig config, absl::Span<const ServiceKind> kinds);

// The whole of a binary that runs services and does nothing else.
int ServiceMain(int argc, char** argv, absl::Span<const ServiceKind> kinds);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_FLAGS_H_
