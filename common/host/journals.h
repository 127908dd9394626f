#ifndef TSUNAGU_COMMON_HOST_JOURNALS_H_
#define TSUNAGU_COMMON_HOST_JOURNALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/host/host.h"
#include "common/journal/verify_journal.h"
#include "common/records/verify_access_log.h"
#include "common/records/verify_tables.h"

namespace tsunagu {

// Returns the folder of the checkpoints, which is created if it does not exist.
absl::StatusOr<std::string> MakeCheckpointDir(const HostConfig& config);
std::string CheckpointFile(const std::string& folder, const std::string& service);

// Verifies the journals and access logs of the chosen services against their seals, and their tables against the
// journals. May run beside the servers.
struct JournalCheckOptions {
  std::vector<std::string> checkpoint_files;   // empty: those of the checkpoint folder that exist
  std::string public_key;                      // 32 bytes; empty: any key
  std::vector<store::RecordCounter> counters;  // of all services; compared with the records
};
struct JournalCheck {
  std::string service;
  store::JournalReport report;
  store::AccessLogReport access_log;
  store::TablesReport tables;
  bool has_keys = false;  // false: personal fields could not be compared

  bool good() const;
};
// Errors: SCHEMA_INCOMPLETE when the tables are not those of this binary; CHECKPOINTS_MISSING when a named file belongs
// to no chosen service, or no named file has a chosen service.
absl::StatusOr<std::vector<JournalCheck>> VerifyJournals(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                         const JournalCheckOptions& options);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_JOURNALS_H_
