#include "common/db/mysql/mysql_interrupter.h"

#include <utility>
#include <vector>

namespace tsunagu::store {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(50);

}  // namespace

void RunningStatement::Begin(Deadline deadline, Deadline work) {
  MutexLock lock(mutex_);
  running_ = true;
  stopped_ = false;
  deadline_ = deadline;
  work_ = work;
}

void RunningStatement::End() {
  MutexLock lock(mutex_);
  running_ = false;
}

bool RunningStatement::stopped() {
  MutexLock lock(mutex_);
  return stopped_;
}

MysqlInterrupter::MysqlInterrupter(std::function<void(int64_t)> kill) : kill_(std::move(kill)) {
  thread_ = std::thread([this] { Work(); });
}

MysqlInterrupter::~MysqlInterrupter() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void MysqlInterrupter::Watch(std::shared_ptr<RunningStatement> statement) {
  MutexLock lock(mutex_);
  if (watched_.empty()) changed_.notify_one();
  watched_.insert(std::move(statement));
}

void MysqlInterrupter::Forget(const std::shared_ptr<RunningStatement>& statement) {
  MutexLock lock(mutex_);
  watched_.erase(statement);
}

void MysqlInterrupter::Work() {
  std::vector<std::shared_ptr<RunningStatement>> watched;
  for (;;) {
    {
      MutexLock lock(mutex_);
      while (!closing_ && watched_.empty()) changed_.wait(mutex_);
      if (!closing_) (void)changed_.wait_until(mutex_, Deadline::After(kBetweenLooks));
      if (closing_) return;
      watched.assign(watched_.begin(), watched_.end());
    }
    // Without the lock: a server that does not answer takes a while, and must not block other threads.
    for (const std::shared_ptr<RunningStatement>& statement : watched) StopIfOver(*statement);
    watched.clear();
  }
}

// Holds the lock of the statement while the server is told, so that the kill cannot hit the connection's next
// statement.
void MysqlInterrupter::StopIfOver(RunningStatement& statement) {
  MutexLock lock(statement.mutex_);
  if (!statement.running_ || statement.stopped_) return;
  if (!statement.deadline_.Over() && !statement.work_.Over()) return;
  statement.stopped_ = true;
  kill_(statement.connection_);
}

}  // namespace tsunagu::store
