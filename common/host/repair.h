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
  std::string by;                  // who does it, an id: goes into the journal
  std::string purpose;             // why: goes into the journal and the access log
  bool apply = false;              // else it only looks
};

// What came of one record.
struct Repaired {
  std::string name, service;
  std::vector<store::TableFinding> findings;  // how its rows differed; none: they are as the journal says
  absl::Status status;                        // not OK: it was left as it is, for this reason
  std::string kept_file;  // what was there, as JSON; readable by its owner only, since it may hold personal data
  int64_t revision = 0;   // that it was put back to; 0: it was removed, since no revision tells of it
  bool done = false;
};

// Puts records back to what the newest sealed revision of their journal says, beside running servers, each by itself.
// What was there is kept in a file of DIR/repaired before it is touched; the journal gets a revision that names who did
// it, and the access log a row, also where a row is removed. RESOURCE_NOT_FOUND where no chosen service has such
// records; ROW_FORGED where the revision itself is not what was sealed.
absl::StatusOr<std::vector<Repaired>> RepairRecords(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                    const RepairRequest& request);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_REPAIR_H_
