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

// A day, or an instant (RFC 3339).
struct AccessLogOptions {
  std::string service;  // empty: who keeps the record's collection, else all
  std::string viewer;   // id of a caller
  std::string record;   // nurses/0cs8…
  std::string from;     // empty: from the beginning
  std::string until;    // inclusive where it is a day; empty: until now
};

// Writes who saw what as CSV: one line an answer, times in Japan, one service after the other. Where nothing was found,
// `notes` says so.
absl::Status WriteAccessLog(const Client& client, const AccessLogOptions& options, std::ostream& out,
                            std::ostream& notes);

// `tsunagu access-log`: whose records somebody saw, or who saw a record.
void AddAccessLog(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_ACCESS_LOG_H_
