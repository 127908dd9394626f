#ifndef TSUNAGU_SERVICES_SUITE_REASONS_H_
#define TSUNAGU_SERVICES_SUITE_REASONS_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// Writes the meaning and the remedy of the named reasons, one a line; of all reasons if `words` is empty.
absl::Status TellReasons(const std::vector<std::string>& words, Language language, std::ostream& out);

// Adds `tsunagu reasons`, which needs no server.
void AddReasons(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REASONS_H_
