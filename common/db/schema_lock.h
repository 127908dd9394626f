#ifndef TSUNAGU_COMMON_DB_SCHEMA_LOCK_H_
#define TSUNAGU_COMMON_DB_SCHEMA_LOCK_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/db/database.h"

namespace tsunagu::store {

// Ensures that at most one program migrates a database: the row `migration` of schema_lock names the holder. Its epoch
// grows with each holder, its beat while the holder lives. The lock only avoids double work and confusing errors;
// safety comes from the steps, each of which checks whether its effect exists already.
class SchemaLock {
 public:
  // Takes the row when it is free, when its holder has certainly ended, or when its beat has not changed for
  // `patience`. Errors: MIGRATION_IN_PROGRESS as soon as the beat changes. `service` is used in that text.
  static absl::StatusOr<std::unique_ptr<SchemaLock>> Take(Database& database, const std::string& service,
                                                          absl::Duration patience);
  // Releases the lock.
  ~SchemaLock();

  // Errors: MIGRATION_IN_PROGRESS when another program has taken the lock, because our beat had stopped.
  absl::Status Check();

  // Returns true when a holder has not released the lock: a migration was interrupted, or is running.
  static absl::StatusOr<bool> IsHeld(Database& database);

 private:
  struct State {
    int64_t epoch = 0;
    int64_t beat = 0;
    std::string holder;  // empty: free
  };
  SchemaLock(Database& database, std::string service, int64_t epoch);

  // Returns epoch 0 when there is no row.
  static absl::StatusOr<State> Read(Database& database);
  static absl::StatusOr<bool> TakeFrom(Database& database, const State& seen);
  void Beat();

  Database& database_;
  const std::string service_;
  const int64_t epoch_;
  Mutex mutex_;
  CondVar stopping_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread beating_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SCHEMA_LOCK_H_
