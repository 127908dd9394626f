#ifndef TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_
#define TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

class View;

// The log of who saw whose personal data. Store::LogAccess writes it; rows are never changed.
std::vector<TableDefinition> AccessLogTables(Dialect dialect);

struct AccessEvent {
  std::string id;  // 16 bytes that sort by time
  int64_t stamp = 0;
  std::string actor, on_behalf_of, purpose, method;
  std::string names;  // separated by spaces
};

// At least one of viewer and name must be set.
struct AccessQuestion {
  std::string viewer;  // the person who saw, directly or through a service
  std::string name;    // the record that was seen
  absl::Time from = absl::UnixEpoch();
  absl::Time until;      // exclusive
  std::string after_id;  // the last id of the previous page
  int64_t limit = 0;
};
// Reads events, oldest first. The time depends on the number of results, not on the length of the log.
absl::Status ReadAccessLog(View& view, const AccessQuestion& question,
                           absl::FunctionRef<absl::Status(const AccessEvent&)> each);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_
