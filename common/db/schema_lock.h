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

// At most one program migrates a database: the row `migration` of schema_lock says who. Its epoch grows with each
// holder, its beat while the holder lives. It saves work and confusion; safety is that each step looks for its effect.
class SchemaLock {
 public:
  // Takes the row when it is free, when its holder can be seen to have ended, or when its beat has stood still for
  // `patience`. MIGRATION_IN_PROGRESS as soon as the beat is seen to go on. `service` is for that text.
  static absl::StatusOr<std::unique_ptr<SchemaLock>> Take(Database& database, const std::string& service,
                                                          absl::Duration patience);
  // Gives it back.
  ~SchemaLock();

  // MIGRATION_IN_PROGRESS when somebody else has taken it, after we had stood still.
  absl::Status Check();

  // True when a holder has not given it back: a migration was interrupted, or is going on.
  static absl::StatusOr<bool> IsHeld(Database& database);

 private:
  struct State {
    int64_t epoch = 0;
    int64_t beat = 0;
    std::string holder;  // empty: free
  };
  SchemaLock(Database& database, std::string service, int64_t epoch);

  // Epoch 0 when there is no row.
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
