#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_INTERRUPTER_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_INTERRUPTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <thread>

#include "common/base/deadline.h"
#include "common/base/mutex.h"

namespace tsunagu::store {

// The statement that a session waits for. The session's thread calls Begin and End, the interrupter's thread stops it.
class RunningStatement {
 public:
  explicit RunningStatement(int64_t connection) : connection_(connection) {}

  // The statement must end before both deadlines.
  void Begin(Deadline deadline, Deadline work);
  // After End, the interrupter cannot stop the next statement by mistake.
  void End();
  // Whether the server was told to stop the statement, since the last Begin.
  bool stopped();

 private:
  friend class MysqlInterrupter;

  const int64_t connection_;
  Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  Deadline deadline_ ABSL_GUARDED_BY(mutex_);
  Deadline work_ ABSL_GUARDED_BY(mutex_);
};

// Tells the server to stop statements that nobody waits for any more. Closing the connection does not stop them, so the
// query of a caller that has gone would otherwise occupy the server until it ends. Checks twenty times a second while
// any session is lent. Thread-safe.
class MysqlInterrupter {
 public:
  // `kill` stops the running statement of a connection: "KILL QUERY". It is called on the interrupter's thread.
  explicit MysqlInterrupter(std::function<void(int64_t connection)> kill);
  ~MysqlInterrupter();
  MysqlInterrupter(const MysqlInterrupter&) = delete;
  MysqlInterrupter& operator=(const MysqlInterrupter&) = delete;

  void Watch(std::shared_ptr<RunningStatement> statement);
  void Forget(const std::shared_ptr<RunningStatement>& statement);

 private:
  void Work();
  void StopIfOver(RunningStatement& statement);

  const std::function<void(int64_t)> kill_;
  Mutex mutex_;
  CondVar changed_;
  std::set<std::shared_ptr<RunningStatement>> watched_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_INTERRUPTER_H_
