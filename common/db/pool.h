#ifndef TSUNAGU_COMMON_DB_POOL_H_
#define TSUNAGU_COMMON_DB_POOL_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/mutex.h"

namespace tsunagu::store {

// At most `bound` connections. Callers make them on demand; the connection used last is reused first. Thread-safe.
template <typename Connection>
class Pool {
 public:
  explicit Pool(int bound) : bound_(bound) {}

  // Waits for a free slot until `deadline`. Returns null when the slot has no connection yet: the caller has to
  // connect. Every slot must be given back with Release. Errors: DEADLINE_EXCEEDED.
  absl::StatusOr<std::unique_ptr<Connection>> Acquire(Deadline deadline) {
    MutexLock lock(mutex_);
    if (taken_ == bound_) ++waits_;
    const Waiting waiting(waiting_);
    while (taken_ == bound_) {
      if (freed_.wait_until(mutex_, deadline) == std::cv_status::timeout && taken_ == bound_) {
        return Fail("DEADLINE_EXCEEDED"_reason);
      }
    }
    ++taken_;
    if (idle_.empty()) return nullptr;
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  // Adds a connection that no slot was taken for, before any other is used.
  void Add(std::unique_ptr<Connection> connection) {
    MutexLock lock(mutex_);
    idle_.push_back(std::move(connection));
  }

  // Null: the connection could not be kept.
  void Release(std::unique_ptr<Connection> connection) {
    MutexLock lock(mutex_);
    --taken_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
    freed_.notify_one();
  }

  struct Use {
    int taken = 0;
    int bound = 0;
    int waiting = 0;    // callers that wait now
    int64_t waits = 0;  // callers that had to wait, since the start
  };
  Use use() {
    MutexLock lock(mutex_);
    return {taken_, bound_, waiting_, waits_};
  }

  // Removes all idle connections from the pool.
  std::vector<std::unique_ptr<Connection>> Drain() {
    MutexLock lock(mutex_);
    return std::exchange(idle_, {});
  }

 private:
  // Counts one waiting caller during its lifetime. The lock is held.
  struct Waiting {
    explicit Waiting(int& all) : count(all) { ++count; }
    ~Waiting() { --count; }
    int& count;
  };

  const int bound_;
  Mutex mutex_;
  CondVar freed_;
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t waits_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_POOL_H_
