#include "common/db/sqlite/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

// How many batches use savepoints after one that had to be run again. A body that fails after writing rarely comes
// alone: a trial of a long import is one such body after another.
constexpr int kBatchesWithSavepoints = 16;

}  // namespace

SqliteWriter::SqliteWriter(std::string path, std::unique_ptr<SqliteSession> session, int max_batch)
    : path_(std::move(path)),
      max_batch_(static_cast<size_t>(std::max(max_batch, 1))),
      session_(std::move(session)),
      thread_([this] { Loop(); }) {}

SqliteWriter::~SqliteWriter() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

absl::Status SqliteWriter::Write(Deadline deadline, Body body) {
  const auto task = std::make_shared<Task>(body);
  MutexLock lock(mutex_);
  queue_.push_back(task);
  if (queue_.size() == 1) wake_.notify_one();
  while (task->stage == Stage::kWaiting) {
    if (task->done.wait_until(mutex_, deadline) != std::cv_status::timeout) continue;
    if (task->stage != Stage::kWaiting) break;
    queue_.erase(std::find(queue_.begin(), queue_.end(), task));
    return Fail(blocked_ ? "DATABASE_UNAVAILABLE"_reason : "DEADLINE_EXCEEDED"_reason);
  }
  while (task->stage != Stage::kDone) task->done.wait(mutex_);
  return std::move(task->result);
}

void SqliteWriter::WriteLater(Deadline deadline, std::function<absl::Status(Session&)> body,
                              std::function<void(absl::Status)> done) {
  auto task = std::make_shared<Task>(deadline, std::move(body), std::move(done));
  MutexLock lock(mutex_);
  queue_.push_back(std::move(task));
  if (queue_.size() == 1) wake_.notify_one();
}

int SqliteWriter::waiting() {
  MutexLock lock(mutex_);
  return static_cast<int>(queue_.size());
}

void SqliteWriter::Loop() {
  for (int attempt = 0; WaitForWork();) {
    EndOverdue();
    const absl::Status begun = BeginTransaction();
    if (begun.ok()) {
      RunBatch(TakeBatch());
      attempt = 0;
    } else if (session_ != nullptr && session_->busy()) {
      Pause(attempt++);
    } else {
      session_.reset();
      FinishAll(TakeBatch(), begun);
    }
  }
}

bool SqliteWriter::WaitForWork() {
  MutexLock lock(mutex_);
  while (queue_.empty() && !stopping_) wake_.wait(mutex_);
  return !queue_.empty();
}

absl::Status SqliteWriter::BeginTransaction() {
  if (session_ == nullptr) {
    absl::StatusOr<std::unique_ptr<SqliteSession>> opened = SqliteSession::Open(path_, SqliteSession::Mode::kWriter);
    if (!opened.ok()) return Fail("DATABASE_UNAVAILABLE"_reason);
    session_ = *std::move(opened);
  }
  return session_->Begin();
}

void SqliteWriter::Pause(int attempt) {
  const absl::Duration pause = absl::Milliseconds(std::min(1 << std::min(attempt, 6), 50));
  MutexLock lock(mutex_);
  blocked_ = true;
  wake_.wait_until(mutex_, Deadline::After(pause));
}

void SqliteWriter::EndOverdue() {
  Batch overdue;
  absl::Status why;
  {
    MutexLock lock(mutex_);
    const auto in_time = [](const auto& task) { return task->then == nullptr || !task->deadline.Over(); };
    if (std::all_of(queue_.begin(), queue_.end(), in_time)) return;
    const auto first = std::stable_partition(queue_.begin(), queue_.end(), in_time);
    overdue.assign(first, queue_.end());
    queue_.erase(first, queue_.end());
    why = Fail(blocked_ ? "DATABASE_UNAVAILABLE"_reason : "DEADLINE_EXCEEDED"_reason);
  }
  FinishAll(overdue, why);
}

SqliteWriter::Batch SqliteWriter::TakeBatch() {
  MutexLock lock(mutex_);
  blocked_ = false;
  const size_t count = std::min(max_batch_, queue_.size());
  Batch batch(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
  for (const auto& task : batch) task->stage = Stage::kRunning;
  return batch;
}

void SqliteWriter::RunBatch(const Batch& batch) {
  if (!RunBodies(batch)) {
    Rollback();
    for (const auto& task : batch) task->result = RunAlone(task->body);
    return FinishAll(batch, absl::OkStatus());
  }
  const bool any = std::any_of(batch.begin(), batch.end(), [](const auto& task) { return task->result.ok(); });
  if (any) return FinishAll(batch, Commit());
  Rollback();
  FinishAll(batch, absl::OkStatus());
}

bool SqliteWriter::RunBodies(const Batch& batch) {
  if (with_savepoints_ > 0 && batch.size() > 1) {
    --with_savepoints_;
    return RunInSavepoints(batch);
  }
  for (const auto& task : batch) {
    const int64_t before = session_->changes();
    task->result = task->body(*session_);
    if (session_->lost()) return false;
    if (task->result.ok() || session_->changes() == before) continue;
    if (batch.size() == 1) break;  // it fails together with its transaction
    with_savepoints_ = kBatchesWithSavepoints;
    return session_->Rollback().ok() && BeginTransaction().ok() && RunInSavepoints(batch);
  }
  return true;
}

bool SqliteWriter::RunInSavepoints(const Batch& batch) {
  return std::all_of(batch.begin(), batch.end(), [this](const auto& task) { return RunInSavepoint(*task); });
}

bool SqliteWriter::RunInSavepoint(Task& task) {
  if (!session_->Execute("SAVEPOINT body", {}).ok()) return false;
  task.result = task.body(*session_);
  if (session_->lost()) return false;
  if (!task.result.ok() && !session_->Execute("ROLLBACK TO body", {}).ok()) return false;
  return session_->Execute("RELEASE body", {}).ok();
}

absl::Status SqliteWriter::RunAlone(Body body) {
  RETURN_IF_ERROR(BeginTransaction());
  absl::Status status = body(*session_);
  if (session_->lost()) status = session_->lost_to();
  if (status.ok()) return Commit();
  Rollback();
  return status;
}

absl::Status SqliteWriter::Commit() {
  Failpoint("store.before_commit");
  const absl::Status status = session_->Commit();
  Failpoint("store.after_commit");
  if (status.ok()) {
    batches_.fetch_add(1, std::memory_order_relaxed);
    return status;
  }
  // SQLite reports "no space" before the record that makes the transaction valid is complete in the log, so the
  // transaction cannot reappear. After any other error, above all of fsync, a restart may find it in the log.
  if (session_->rolled_back_for_space()) return status;
  session_.reset();
  return Fail("COMMIT_UNKNOWN"_reason);
}

void SqliteWriter::Rollback() {
  if (!session_->Rollback().ok()) session_.reset();  // closing the connection rolls back
}

void SqliteWriter::FinishAll(const Batch& batch, const absl::Status& status) {
  {
    MutexLock lock(mutex_);
    for (const auto& task : batch) {
      if (!status.ok()) task->result = status;
      task->stage = Stage::kDone;
    }
  }
  // The lock is free by now, because whoever is told takes it. The last body is told first: what it has reached in the
  // journal includes what the others have, so that these need not record it (Reached).
  for (auto task = batch.rbegin(); task != batch.rend(); ++task) {
    if ((*task)->then == nullptr) {
      (*task)->done.notify_one();
    } else {
      std::exchange((*task)->then, nullptr)(std::move((*task)->result));
    }
  }
}

}  // namespace tsunagu::store
