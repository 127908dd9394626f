#ifndef TSUNAGU_SERVICES_SUITE_ACCESS_LOG_H_
#define TSUNAGU_SERVICES_SUITE_ACCESS_LOG_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `from` and `until` are days or instants (RFC 3339).
struct AccessLogOptions {
  std::string service;  // empty: the service that keeps the record's collection, else all
  std::string viewer;   // id of a caller
  std::string record;   // nurses/0cs8…
  std::string from;     // empty: no lower limit
  std::string until;    // inclusive if it is a day; empty: now
};

// Writes the access log as CSV: one line for each answer, times in Japan, one service after the other. Writes a message
// to `notes` if nothing was found.
absl::Status WriteAccessLog(const Client& client, const AccessLogOptions& options, std::ostream& out,
                            std::ostream& notes);

// `tsunagu access-log`: whose records a caller saw, or which callers saw a record.
void AddAccessLog(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_ACCESS_LOG_H_
