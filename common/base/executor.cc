#include "common/base/executor.h"

#include <algorithm>
#include <utility>

namespace tsunagu {

// Whoever is idle stops at once. Every task still queued is taken by a thread that ends another: were there a thread
// for it, it would not be queued.
Executor::~Executor() {
  std::vector<std::unique_ptr<Worker>> workers;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    workers.swap(workers_);
    for (Worker* worker : idle_) sem_post(&worker->wake);
  }
  for (const auto& worker : workers) worker->thread.join();
}

bool Executor::TryPost(std::function<void()> task, Lane lane) {
  Worker* woken = nullptr;
  {
    MutexLock lock(mutex_);
    std::deque<Task>& queue = QueueOf(lane);
    // What a thread is about to take is not waiting, also when many come at once.
    if (stopping_ || queue.size() >= limits_.queued + limits_.threads - busy_) return false;
    queue.push_back({posted_++, lane, std::move(task)});
    const std::optional<Lane> next = NextLane();
    if (!next) return true;  // a batch task that may not run yet
    if (!idle_.empty()) {
      woken = idle_.back();
      idle_.pop_back();
      Give(*woken, *next);
    } else if (workers_.size() < limits_.threads) {
      Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
      Give(worker, *next);
      worker.thread = std::thread([this, &worker] { Work(worker); });
    }
  }
  if (woken != nullptr) sem_post(&woken->wake);
  return true;
}

size_t Executor::queued(Lane lane) const {
  MutexLock lock(mutex_);
  return QueueOf(lane).size();
}

size_t Executor::busy_threads() const {
  MutexLock lock(mutex_);
  return busy_;
}

std::optional<Lane> Executor::NextLane() const {
  const std::deque<Task>& interactive = QueueOf(Lane::kInteractive);
  const std::deque<Task>& batch = QueueOf(Lane::kBatch);
  if (!QueueOf(Lane::kAdmin).empty()) return Lane::kAdmin;
  const bool may_batch = !batch.empty() && busy_with_batch_ < std::max<size_t>(limits_.threads / 2, 1);
  if (!interactive.empty() && (!may_batch || interactive.front().number < batch.front().number)) {
    return Lane::kInteractive;
  }
  if (may_batch) return Lane::kBatch;
  return std::nullopt;
}

void Executor::Give(Worker& worker, Lane lane) {
  worker.task = std::move(QueueOf(lane).front());
  QueueOf(lane).pop_front();
  ++busy_;
  if (lane == Lane::kBatch) ++busy_with_batch_;
}

bool Executor::TakeNext(Worker& worker) {
  MutexLock lock(mutex_);
  --busy_;
  if (worker.task.lane == Lane::kBatch) --busy_with_batch_;
  if (const std::optional<Lane> lane = NextLane()) {
    Give(worker, *lane);
    return true;
  }
  if (stopping_) {
    sem_post(&worker.wake);
  } else {
    idle_.push_back(&worker);
  }
  return false;
}

void Executor::Work(Worker& worker) {
  while (worker.task.run) {
    do {
      worker.task.run();
      worker.task.run = nullptr;  // what it holds may go on to post or to wait: never with the lock held
    } while (TakeNext(worker));
    while (sem_wait(&worker.wake) != 0) {
    }  // interrupted by a signal
  }
}

}  // namespace tsunagu
