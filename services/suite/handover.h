#ifndef TSUNAGU_SERVICES_SUITE_HANDOVER_H_
#define TSUNAGU_SERVICES_SUITE_HANDOVER_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// Adds `tsunagu handover`: files for the nurse centre. If the command line selects it, `chosen` runs it after parsing.
void AddHandover(CLI::App& app, std::function<int()>& chosen);

struct HandoverOptions {
  std::string what;      // "openings" or "nurses"
  std::string area;      // "areas/310000"; empty: all
  std::string as_of;     // a day; empty: today
  std::string workbook;  // path of a new workbook; empty: CSV to `out`
};

// The columns are those of the contract, with their Japanese names or the field names, depending on the client's
// language.
absl::Status WriteHandover(const Client& client, const HandoverOptions& options, std::ostream& out);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_HANDOVER_H_
