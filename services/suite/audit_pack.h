#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_PACK_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_PACK_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu audit-pack`: writes everything about a programme into one folder, for auditors (会計検査).
void AddAuditPack(CLI::App& app, std::function<int()>& chosen);

struct AuditPackOptions {
  std::string programme;                      // "programmes/p1", or "p1"
  std::string folder;                         // a new or empty folder
  std::vector<std::string> checkpoint_files;  // checkpoints of the journal that were kept elsewhere
};

// Writes the folder with the programme as the caller sees it at one time, and prints a summary. Returns whether every
// computed value was the same again. Errors: those of ReadAuditRecords and AuditFolder; CHECKPOINT_MALFORMED and
// CHECKPOINT_FORGED for a file that is not a checkpoint of the service.
absl::StatusOr<bool> WriteAuditPack(const Client& client, const AuditPackOptions& options, std::ostream& told);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_PACK_H_
