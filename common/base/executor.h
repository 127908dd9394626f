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

// What kind of work a task is. Admin tasks go first; the others as they came, with batch tasks on at most half of the
// threads, so that somebody in front of a screen never waits for files only, and with nobody's tasks on the last eighth
// of them that are left for others.
enum class Lane { kInteractive, kBatch, kAdmin };
inline constexpr size_t kLanes = 3;

// Runs tasks that may block, off gRPC's threads. Threads start on demand up to a bound; so does the queue of each lane.
// Of the idle threads, the one that ended last is given the next task. Thread-safe.
class Executor {
 public:
  struct Limits {
    size_t threads = 64;
    size_t queued = 1024;  // of each lane
  };

  explicit Executor(Limits limits) : limits_(limits) {}
  // Runs what is queued, then stops.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, at once, when the lane's queue is full: the caller answers RESOURCE_EXHAUSTED. `owner` is whose task it is,
  // as a hash; 0: nobody's.
  [[nodiscard]] bool TryPost(std::function<void()> task, Lane lane = Lane::kInteractive, uint64_t owner = 0);

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
  struct Place {
    Lane lane;
    size_t index;  // in the lane's queue
  };

  // A thread that waits is given its task in its hand, and takes no lock to get it: under load, waking is what costs.
  struct Worker {
    Worker() { sem_init(&wake, 0, 0); }
    ~Worker() { sem_destroy(&wake); }
    std::thread thread;
    sem_t wake;
    Task task;  // empty: stop. Belongs to the thread from its waking until it is idle again.
  };

  void Work(Worker& worker);
  // After a task: whether there is another one for this worker. If not, the worker is idle.
  bool TakeNext(Worker& worker);
  void Give(Worker& worker, Place place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Where the next task is to be taken; nowhere while those that wait may not run.
  std::optional<Place> NextTask() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The first of the lane whose owner has a thread left.
  std::optional<Place> FirstIn(Lane lane) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
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
  std::vector<Worker*> idle_ ABSL_GUARDED_BY(mutex_);  // who ended last is at the end
  size_t busy_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t busy_with_batch_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<uint64_t, size_t> busy_for_ ABSL_GUARDED_BY(mutex_);  // owners
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_EXECUTOR_H_
