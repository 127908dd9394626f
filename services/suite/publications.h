#ifndef TSUNAGU_SERVICES_SUITE_PUBLICATIONS_H_
#define TSUNAGU_SERVICES_SUITE_PUBLICATIONS_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu publication`: publishes tables, writes their file, or withdraws them.
void AddPublications(CLI::App& app, std::function<int()>& chosen);

// The options of a publication, as typed.
struct PublicationOptions {
  std::string title, prefecture, day, survey;
  std::vector<std::string> tables, groupings, items;  // "stages", "regions"
  int least = 0;                                      // 0: the default of the server
  bool zeros_withheld = false;
  bool dry_run = false;
};

// Each prints its result in one or a few lines. Errors: those of the server; UNKNOWN_WORD.
absl::Status MakePublication(const Client& client, const PublicationOptions& options, std::ostream& told);
// Writes CSV if the file name ends in .csv, else JSON. `audits`: also writes a withdrawn publication. Errors:
// FILE_NOT_WRITABLE.
absl::Status WritePublication(const Client& client, const std::string& name, const std::string& file, bool audits,
                              std::ostream& told);
absl::Status WithdrawPublication(const Client& client, const std::string& name, const std::string& reason,
                                 std::ostream& told);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PUBLICATIONS_H_
