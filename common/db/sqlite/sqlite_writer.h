#ifndef TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_
#define TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/db/sqlite/sqlite_session.h"

namespace tsunagu::store {

// The only thread that writes. It commits many waiting bodies with one transaction and one fsync. Thread-safe.
//
// A body that fails undoes only its own work. All bodies of a transaction share the result of its COMMIT, including
// those that failed, because they may have seen data that was not committed.
class SqliteWriter {
 public:
  using Body = absl::FunctionRef<absl::Status(Session&)>;

  // `session` is a writer session. `path` is reopened after a COMMIT whose outcome is unknown.
  SqliteWriter(std::string path, std::unique_ptr<SqliteSession> session, int max_batch);
  // No call of Write may be waiting any more.
  ~SqliteWriter();

  // Errors as Database::Write. Waits for a body that has begun, also past the deadline. A body that could not begin in
  // time gets DATABASE_UNAVAILABLE when another process locks the database, else DEADLINE_EXCEEDED.
  absl::Status Write(Deadline deadline, Body body);
  // As Database::WriteLater.
  void WriteLater(Deadline deadline, std::function<absl::Status(Session&)> body,
                  std::function<void(absl::Status)> done);

  // How many transactions were committed.
  int64_t batches() const { return batches_.load(std::memory_order_relaxed); }
  // How many bodies are waiting to begin.
  int waiting();

 private:
  enum class Stage { kWaiting, kRunning, kDone };
  // Shared with the caller, who may have left before it is notified.
  struct Task {
    explicit Task(Body given) : body(given) {}
    Task(Deadline until, std::function<absl::Status(Session&)> given, std::function<void(absl::Status)> call)
        : kept(std::move(given)), body(kept), deadline(until), then(std::move(call)) {}

    std::function<absl::Status(Session&)> kept;  // of WriteLater
    Body body;
    Stage stage = Stage::kWaiting;
    absl::Status result;
    CondVar done;                            // of Write, whose caller itself keeps its deadline
    Deadline deadline;                       // of WriteLater
    std::function<void(absl::Status)> then;  // of WriteLater
  };
  using Batch = std::vector<std::shared_ptr<Task>>;

  void Loop();
  bool WaitForWork();
  absl::Status BeginTransaction();
  // Sleeps briefly while another process locks the database.
  void Pause(int attempt);
  Batch TakeBatch();
  // Ends the tasks of WriteLater that could not begin in time.
  void EndOverdue();
  void RunBatch(const Batch& batch);
  // Returns false when the transaction was lost on the way. Bodies first run without savepoints, because a savepoint
  // makes SQLite copy every page that a body touches, which costs more than the change itself, and few bodies fail
  // after writing. When one has to be undone, all bodies run again, each in a savepoint.
  bool RunBodies(const Batch& batch);
  bool RunInSavepoints(const Batch& batch);
  bool RunInSavepoint(Task& task);
  absl::Status RunAlone(Body body);
  absl::Status Commit();
  void Rollback();
  // `status` replaces the results of all if it is an error.
  void FinishAll(const Batch& batch, const absl::Status& status);

  const std::string path_;
  const size_t max_batch_;
  std::unique_ptr<SqliteSession> session_;  // used by the thread; null while the file cannot be opened
  int with_savepoints_ = 0;                 // used by the thread: the number of batches that still use savepoints
  std::atomic<int64_t> batches_{0};
  Mutex mutex_;
  CondVar wake_;
  std::deque<std::shared_ptr<Task>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool blocked_ ABSL_GUARDED_BY(mutex_) = false;  // another process locks the database
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_SQLITE_WRITER_H_
