#ifndef TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_
#define TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/journal/follow_chain.h"

namespace tsunagu::store {

using JournalReport = ChainReport;

// Reads the whole journal of a service and follows its chain. May run beside a server. `checkpoints` are compared where
// they speak of this service; their public key has to be `public_key`, where one is given. `progress` hears the
// place reached, now and then.
absl::StatusOr<JournalReport> VerifyJournal(Database& database, absl::string_view service,
                                            const std::vector<Checkpoint>& checkpoints, absl::string_view public_key,
                                            const std::function<void(int64_t place)>& progress);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_
