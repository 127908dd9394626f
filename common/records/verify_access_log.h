#ifndef TSUNAGU_COMMON_RECORDS_VERIFY_ACCESS_LOG_H_
#define TSUNAGU_COMMON_RECORDS_VERIFY_ACCESS_LOG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/journal/follow_chain.h"

namespace tsunagu::store {

struct AccessLogReport {
  ChainReport chain;   // findings name rows by their ids: "id 0006…"
  int64_t before = 0;  // rows from before the chain; only their number is known
};

// Follows the chain of a service's access log, and compares the index by names (access_log_names) with its rows.
// `checkpoints` and `public_key` as in VerifyJournal. May run beside servers. Memory: a page, and the faulty rows.
absl::StatusOr<AccessLogReport> VerifyAccessLog(Database& database, absl::string_view service,
                                                const std::vector<Checkpoint>& checkpoints,
                                                absl::string_view public_key);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_VERIFY_ACCESS_LOG_H_
