#ifndef TSUNAGU_COMMON_BASE_EXECUTOR_H_
#define TSUNAGU_COMMON_BASE_EXECUTOR_H_

#include <semaphore.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/base/mutex.h"

namespace tsunagu {

// The kind of a task. Admin tasks run first; the others run in order of arrival, with two limits. Batch tasks use at
// most half of the threads, so that interactive users never wait for files only. The tasks of one owner never use the
// last eighth of the threads, which stays free for others.
enum class Lane { kInteractive, kBatch, kAdmin };
inline constexpr size_t kLanes = 3;

// Runs tasks that may block, so that they do not block gRPC's threads. Threads start on demand up to a limit; the queue
// of each lane is limited too. The idle thread that finished last gets the next task. Thread-safe.
class Executor {
 public:
  struct Limits {
    size_t threads = 64;
    size_t queued = 1024;  // per lane
  };

  explicit Executor(Limits limits) : limits_(limits) {}
  // Runs all queued tasks, then stops.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Returns false at once when the lane's queue is full; the caller then answers RESOURCE_EXHAUSTED. `owner` is a hash
  // of the task's owner; 0 means no owner. A task that continues what has `begun` is always accepted.
  [[nodiscard]] bool TryPost(std::function<void()> task, Lane lane = Lane::kInteractive, uint64_t owner = 0,
                             bool begun = false);

  size_t queued(Lane lane) const;
  size_t busy_threads() const;
  const Limits& limits() const { return limits_; }

 private:
  struct Task {
    uint64_t number = 0;  // in order of arrival
    Lane lane = Lane::kInteractive;
    uint64_t owner = 0;
    std::function<void()> run;
  };
  struct Queued {
    Lane lane;
    size_t index;  // in the lane's queue
  };

  // A waiting thread is handed its task directly and takes no lock to get it: under load, waking threads is the main
  // cost.
  struct Worker {
    Worker() { sem_init(&wake, 0, 0); }
    ~Worker() { sem_destroy(&wake); }
    std::thread thread;
    sem_t wake;
    Task task;  // empty: stop. The thread owns it from its waking until it is idle again.
  };

  void Work(Worker& worker);
  // Called after a task. Gives the worker its next task and returns true, or makes the worker idle and returns false.
  bool TakeNext(Worker& worker);
  void Give(Worker& worker, Queued next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns the next task; nothing when no queued task may run yet.
  std::optional<Queued> NextTask() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns the first task of the lane whose owner is below its limit of threads.
  std::optional<Queued> FirstIn(Lane lane) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::deque<Task>& QueueOf(Lane lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return queues_[static_cast<size_t>(lane)];
  }
  const std::deque<Task>& QueueOf(Lane lane) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return queues_[static_cast<size_t>(lane)];
  }

  const Limits limits_;
  mutable Mutex mutex_;
  std::array<std::deque<Task>, kLanes> queues_ ABSL_GUARDED_BY(mutex_);
  uint64_t posted_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Worker>> workers_ ABSL_GUARDED_BY(mutex_);
  std::vector<Worker*> idle_ ABSL_GUARDED_BY(mutex_);  // the one that finished last is at the end
  size_t busy_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t busy_with_batch_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<uint64_t, size_t> busy_for_ ABSL_GUARDED_BY(mutex_);  // by owner
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_EXECUTOR_H_
