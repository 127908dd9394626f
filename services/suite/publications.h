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

// `tsunagu publication`: tables are published, their file is written, or they are withdrawn.
void AddPublications(CLI::App& app, std::function<int()>& chosen);

// What is to be published, as people write it.
struct PublicationOptions {
  std::string title, prefecture, day, survey;
  std::vector<std::string> tables, groupings, items;  // "stages", "regions"
  int least = 0;                                      // 0: as the server has it
  bool zeros_withheld = false;
  bool dry_run = false;
};

// Each tells in one or a few lines what came of it. What the server refuses; UNKNOWN_WORD.
absl::Status MakePublication(const Client& client, const PublicationOptions& options, std::ostream& told);
// As CSV where the file ends in .csv, else as JSON; `audits`: also of one that was withdrawn. FILE_NOT_WRITABLE.
absl::Status WritePublication(const Client& client, const std::string& name, const std::string& file, bool audits,
                              std::ostream& told);
absl::Status WithdrawPublication(const Client& client, const std::string& name, const std::string& reason,
                                 std::ostream& told);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PUBLICATIONS_H_
