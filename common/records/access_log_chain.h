#ifndef TSUNAGU_COMMON_RECORDS_ACCESS_LOG_CHAIN_H_
#define TSUNAGU_COMMON_RECORDS_ACCESS_LOG_CHAIN_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"
#include "common/journal/sealer.h"

namespace tsunagu::store {

// The access log has a hash chain of its own, sealed behind the readers as the journal is behind the writers:
// access_log_pending (what waits), access_log_seal (place, known time, hash), access_log_head (where it ends, and what
// was there before it began).
std::vector<TableDefinition> AccessLogChainTables(Dialect dialect);

// Where it ends, and what it begins behind.
struct AccessLogHead {
  JournalHead chain;        // place, known time and hash
  std::string before_id;    // the last row that was there when the chain was begun; empty where there was none
  int64_t before_rows = 0;  // how many those were

  static absl::StatusOr<AccessLogHead> Read(Session& session);
};
// What stands in front of its first place: the service, and what was there before.
std::string AccessLogStart(absl::string_view service, const AccessLogHead& head);
// The name that its checkpoints bear.
std::string AccessLogChainName(absl::string_view service);

// Begins the chain, once in the life of a database.
absl::Status LayAccessLogHead(Database& database, absl::string_view service);

// A row of the log as the chain hashes it: these columns of alias l, from the `first` on.
constexpr char kAccessLogColumns[] =
    "l.`id`, l.`stamp`, l.`actor`, l.`on_behalf_of`, l.`purpose`, l.`method`, l.`names`";
constexpr int kNamesColumn = 6;
std::string AccessLogContent(const Row& row, int first);

// Signs the rows that wait without a MAC, of a database from before there were any.
absl::Status SignWaiting(Database& database, absl::string_view key);

// Gives the rows of the access log their places. Several replicas may do so at once: each locks the head, so that they
// never fork the chain. Thread-safe.
class AccessLogSealer {
 public:
  // All of these outlive it.
  AccessLogSealer(Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  ~AccessLogSealer() { Stop(); }
  AccessLogSealer(const AccessLogSealer&) = delete;
  AccessLogSealer& operator=(const AccessLogSealer&) = delete;

  // Seals from now on, in a thread of its own: soon after each row of this process, and every second what others left.
  // `key` is what rows that wait are signed with; others get no place, and are said in the log.
  void Start(std::string key);
  // A row was committed by this process. Does not block.
  void Logged();
  // Seals what is left, and ends. No harm when called twice.
  void Stop();
  // On return every row that was committed before the call is sealed.
  absl::Status SealWaiting(Deadline deadline);
  // Looks at the end of the chain, which another process may have moved.
  absl::Status Look(Deadline deadline);
  // The end as this process has last moved or seen it.
  JournalHead head() const;

 private:
  void Loop();
  // One transaction; how many rows.
  absl::StatusOr<int64_t> SealSome(Deadline deadline);
  void Keep(const JournalHead& head);

  Database& database_;
  const Clock& clock_;
  std::string key_;
  mutable Mutex mutex_;
  CondVar wake_;
  JournalHead head_ ABSL_GUARDED_BY(mutex_);
  bool logged_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_ACCESS_LOG_CHAIN_H_
