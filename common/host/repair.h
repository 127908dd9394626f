#ifndef TSUNAGU_COMMON_HOST_REPAIR_H_
#define TSUNAGU_COMMON_HOST_REPAIR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/host/host.h"
#include "common/records/verify_tables.h"

namespace tsunagu {

struct RepairRequest {
  std::vector<std::string> names;  // of records: "facilities/kita"
  std::string by;                  // the id of the person who does it, for the journal
  std::string purpose;             // the reason, for the journal and the access log
  bool apply = false;              // false: only checks
};

// The result for one record.
struct Repaired {
  std::string name, service;
  std::vector<store::TableFinding> findings;  // how its rows differed; none: they agree with the journal
  absl::Status status;                        // not OK: the record was left unchanged, for this reason
  std::string
      kept_file;         // the previous rows, as JSON; only its owner can read it, because it may contain personal data
  int64_t revision = 0;  // the restored revision; 0: the rows were removed, because the journal has no revision
  bool done = false;
};

// Restores records from the newest sealed revision of their journal, beside running servers, each record separately.
// The previous rows are saved to a file in DIR/repaired before they are changed. The journal gets a revision with the
// person who did it, and the access log gets a row, also when a row is removed. Errors: RESOURCE_NOT_FOUND when no
// chosen service has such records; ROW_FORGED when the revision itself differs from its seal.
absl::StatusOr<std::vector<Repaired>> RepairRecords(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                    const RepairRequest& request);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_REPAIR_H_
