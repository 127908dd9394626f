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

// Reads the whole journal of a service and follows its chain. May run beside a server. Compares the `checkpoints` of
// this service; they must be signed by `public_key`, if one is given. Calls `progress` now and then with the place
// reached.
absl::StatusOr<JournalReport> VerifyJournal(Database& database, absl::string_view service,
                                            const std::vector<Checkpoint>& checkpoints, absl::string_view public_key,
                                            const std::function<void(int64_t place)>& progress);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_VERIFY_JOURNAL_H_
