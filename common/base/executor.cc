#include "common/base/executor.h"

#include <algorithm>
#include <utility>

namespace tsunagu {

// Idle threads stop at once. Each task still queued is taken by a thread that finishes another task: if a thread were
// idle for it, it would not be queued.
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

bool Executor::TryPost(std::function<void()> task, Lane lane, uint64_t owner, bool begun) {
  Worker* woken = nullptr;
  {
    MutexLock lock(mutex_);
    std::deque<Task>& queue = QueueOf(lane);
    // A task that a free thread is about to take does not count as waiting, also when many arrive at once.
    const bool is_full = queue.size() >= limits_.queued + limits_.threads - busy_;
    if (stopping_ || (is_full && !begun)) return false;
    queue.push_back({posted_++, lane, owner, std::move(task)});
    const std::optional<Queued> next = NextTask();
    if (!next) return true;  // the task may not run yet
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

std::optional<Executor::Queued> Executor::FirstIn(Lane lane) const {
  const size_t most = limits_.threads - limits_.threads / 8;
  const std::deque<Task>& queue = QueueOf(lane);
  for (size_t i = 0; i < queue.size(); ++i) {
    const auto busy = queue[i].owner == 0 ? busy_for_.end() : busy_for_.find(queue[i].owner);
    if (busy == busy_for_.end() || busy->second < most) return Queued{lane, i};
  }
  return std::nullopt;
}

std::optional<Executor::Queued> Executor::NextTask() const {
  if (!QueueOf(Lane::kAdmin).empty()) return Queued{Lane::kAdmin, 0};
  const std::optional<Queued> interactive = FirstIn(Lane::kInteractive);
  if (busy_with_batch_ >= std::max<size_t>(limits_.threads / 2, 1)) return interactive;
  const std::optional<Queued> batch = FirstIn(Lane::kBatch);
  if (!interactive || !batch) return interactive ? interactive : batch;
  const auto number = [this](const Queued& task) { return QueueOf(task.lane)[task.index].number; };
  return number(*interactive) < number(*batch) ? interactive : batch;
}

void Executor::Give(Worker& worker, Queued next) {
  std::deque<Task>& queue = QueueOf(next.lane);
  worker.task = std::move(queue[next.index]);
  queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(next.index));
  ++busy_;
  if (next.lane == Lane::kBatch) ++busy_with_batch_;
  if (worker.task.owner != 0) ++busy_for_[worker.task.owner];
}

bool Executor::TakeNext(Worker& worker) {
  MutexLock lock(mutex_);
  --busy_;
  if (worker.task.lane == Lane::kBatch) --busy_with_batch_;
  if (worker.task.owner != 0 && --busy_for_[worker.task.owner] == 0) busy_for_.erase(worker.task.owner);
  if (const std::optional<Queued> next = NextTask()) {
    Give(worker, *next);
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
      worker.task.run = nullptr;  // its captures may post or wait when they are destroyed, so never with the lock held
    } while (TakeNext(worker));
    while (sem_wait(&worker.wake) != 0) {
    }  // interrupted by a signal
  }
}

}  // namespace tsunagu
