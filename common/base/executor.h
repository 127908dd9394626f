#ifndef TSUNAGU_COMMON_BASE_EXECUTOR_H_
#define TSUNAGU_COMMON_BASE_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "common/base/mutex.h"

namespace tsunagu {

// Runs tasks that may block, off gRPC's threads. Threads start on demand up to a bound; so does the queue.
// Thread-safe.
class Executor {
 public:
  struct Limits {
    size_t threads = 64;
    size_t queued = 1024;
  };

  explicit Executor(Limits limits) : limits_(limits) {}
  // Runs what is queued, then stops.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, at once, when the queue is full: the caller answers RESOURCE_EXHAUSTED.
  [[nodiscard]] bool TryPost(std::function<void()> task);

 private:
  void Work();

  const Limits limits_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_EXECUTOR_H_
