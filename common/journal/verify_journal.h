#ifndef TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_
#define TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/journal/chain.h"
#include "common/journal/checkpoint.h"
#include "common/db/database.h"

namespace tsunagu::store {

struct JournalReport {
  std::vector<ChainFinding> findings;  // empty: nothing was changed, removed or reordered
  int64_t sealed = 0;                  // rows in the chain
  int64_t waiting = 0;                 // rows that have no place yet
  int64_t checkpoints = 0;             // that were compared
  std::set<std::string> keys;          // public ones, that signed those
};

// Reads the whole journal of a service and follows its chain. May run beside a server. `checkpoints` are compared where
// they speak of this service; their public key has to be `public_key`, where one is given. `progress` hears the
// place reached, now and then.
absl::StatusOr<JournalReport> VerifyJournal(Database& database, absl::string_view service,
                                            const std::vector<Checkpoint>& checkpoints,
                                            absl::string_view public_key,
                                            const std::function<void(int64_t place)>& progress);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_
