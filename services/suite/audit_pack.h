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

// `tsunagu audit-pack`: everything about a programme in one folder, for whoever audits it (会計検査).
void AddAuditPack(CLI::App& app, std::function<int()>& chosen);

struct AuditPackOptions {
  std::string programme;                      // "programmes/p1", or "p1"
  std::string folder;                         // new, or empty
  std::vector<std::string> checkpoint_files;  // of the journal, as they were kept elsewhere
};

// Writes the folder, as the caller sees the programme at one time, and tells what is in it. Whether everything that was
// worked out again came out the same. Errors as ReadAuditRecords and AuditFolder; CHECKPOINT_MALFORMED and
// CHECKPOINT_FORGED for what is no checkpoint of the service.
absl::StatusOr<bool> WriteAuditPack(const Client& client, const AuditPackOptions& options, std::ostream& told);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_PACK_H_
