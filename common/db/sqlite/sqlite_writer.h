#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/db/sqlite/sqlite_session.h"

namespace tsunagu::store {

// The one thread that writes: commits many waiting bodies with one transaction and one fsync. Thread-safe.
//
// A body that fails takes back its own work only. All bodies of a transaction share the fate of its COMMIT, also
// those that failed, because they may have seen what was not committed.
class SqliteWriter {
 public:
  using Body = absl::FunctionRef<absl::Status(Session&)>;

  // `session` is a writer's; `path` is opened again after a COMMIT whose outcome is unknown.
  SqliteWriter(std::string path, std::unique_ptr<SqliteSession> session, int max_batch);
  // Nobody may wait in Write any more.
  ~SqliteWriter();

  // Errors as Database::Write. A body that has begun is waited for, also past the deadline. Whoever waits in vain:
  // DATABASE_UNAVAILABLE when it is another process that holds the database, else DEADLINE_EXCEEDED.
  absl::Status Write(Deadline deadline, Body body);

  // How many transactions were committed.
  int64_t batches() const { return batches_.load(std::memory_order_relaxed); }
  // How many bodies have not begun.
  int waiting();

 private:
  enum class Stage { kWaiting, kRunning, kDone };
  // Shared with its caller, who may be gone before it has been notified.
  struct Task {
    explicit Task(Body given) : body(given) {}
    Body body;
    Stage stage = Stage::kWaiting;
    absl::Status result;
    CondVar done;
  };
  using Batch = std::vector<std::shared_ptr<Task>>;

  void Loop();
  bool WaitForWork();
  absl::Status BeginTransaction();
  // Sleeps a little while another process holds the database.
  void Pause(int attempt);
  Batch TakeBatch();
  void RunBatch(const Batch& batch);
  // False when the transaction got lost on the way. A savepoint has SQLite copy every page that a body touches, which
  // costs more than the change itself, and few bodies fail after they have written something. So the bodies run without
  // savepoints, and where one has to be undone they all run again, each in its own.
  bool RunBodies(const Batch& batch);
  bool RunInSavepoints(const Batch& batch);
  bool RunInSavepoint(Task& task);
  absl::Status RunAlone(Body body);
  absl::Status Commit();
  void Rollback();
  void FinishAll(const Batch& batch, const absl::Status& status);

  const std::string path_;
  const size_t max_batch_;
  std::unique_ptr<SqliteSession> session_;  // the thread's; null while the file cannot be opened
  int with_savepoints_ = 0;                 // the thread's: for how many batches yet
  std::atomic<int64_t> batches_{0};
  Mutex mutex_;
  CondVar wake_;
  std::deque<std::shared_ptr<Task>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool blocked_ ABSL_GUARDED_BY(mutex_) = false;  // another process holds the database
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_
