#ifndef TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_
#define TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/records/store.h"

namespace tsunagu::store {

// Who saw whose personal data. Written by Store::LogAccess, never changed.
std::vector<TableDefinition> AccessLogTables(Dialect dialect);

struct AccessEvent {
  std::string id;  // 16 bytes that sort by time
  int64_t stamp = 0;
  std::string actor, on_behalf_of, purpose, method;
  std::string names;  // with spaces between
};

// At least one of viewer and name is set.
struct AccessQuestion {
  std::string viewer;  // who saw, directly or through a service
  std::string name;    // the record that was seen
  absl::Time from = absl::UnixEpoch();
  absl::Time until;      // exclusive
  std::string after_id;  // of the page before
  int64_t limit = 0;
};
// Oldest first. Takes as long as the answer is, however long the log is.
absl::Status ReadAccessLog(View& view, const AccessQuestion& question,
                           absl::FunctionRef<absl::Status(const AccessEvent&)> each);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_ACCESS_LOG_H_
