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

// The access log has a separate hash chain. A sealer adds rows to it after they were committed, as for the journal:
// access_log_pending (rows that wait), access_log_seal (place, known time, hash), access_log_head (the end of the
// chain, and the rows from before its start).
std::vector<TableDefinition> AccessLogChainTables(Dialect dialect);

// The end of the chain, and the rows from before its start.
struct AccessLogHead {
  JournalHead chain;        // place, known time and hash
  std::string before_id;    // the last row from before the chain was started; empty when there was none
  int64_t before_rows = 0;  // the number of these rows

  static absl::StatusOr<AccessLogHead> Read(Session& session);
};
// Returns the hash before the first place, which depends on the service and on the rows from before the chain.
std::string AccessLogStart(absl::string_view service, const AccessLogHead& head);
// Returns the name of the chain in checkpoints.
std::string AccessLogChainName(absl::string_view service);

// Starts the chain, once in the life of a database.
absl::Status LayAccessLogHead(Database& database, absl::string_view service);

// The columns of a log row, with alias l. AccessLogContent reads them from column `first` on and returns the row as the
// chain hashes it.
constexpr char kAccessLogColumns[] =
    "l.`id`, l.`stamp`, l.`actor`, l.`on_behalf_of`, l.`purpose`, l.`method`, l.`names`";
constexpr int kNamesColumn = 6;
std::string AccessLogContent(const Row& row, int first);

// Signs the waiting rows without a MAC, in a database from before there were MACs.
absl::Status SignWaiting(Database& database, absl::string_view key);

// Assigns places to the rows of the access log. Several replicas may do so at once: each locks the head, so that they
// never fork the chain. Thread-safe.
class AccessLogSealer {
 public:
  // The arguments must outlive the sealer.
  AccessLogSealer(Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  ~AccessLogSealer() { Stop(); }
  AccessLogSealer(const AccessLogSealer&) = delete;
  AccessLogSealer& operator=(const AccessLogSealer&) = delete;

  // Starts a thread that seals: soon after each row of this process, and every second the rows that others have left.
  // `key` is the signing key of waiting rows; rows signed otherwise get no place and are logged.
  void Start(std::string key);
  // Call after this process has committed a row. Does not block.
  void Logged();
  // Seals the remaining rows and ends the thread. May be called twice.
  void Stop();
  // On return, every row committed before the call is sealed.
  absl::Status SealWaiting(Deadline deadline);
  // Reads the end of the chain, which another process may have moved.
  absl::Status Look(Deadline deadline);
  // The end of the chain as this process last moved or saw it.
  JournalHead head() const;

 private:
  void Loop();
  // Runs one transaction; returns how many rows it sealed.
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
