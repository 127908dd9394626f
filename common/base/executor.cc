#include "common/base/executor.h"

#include <algorithm>
#include <utility>

namespace tsunagu {

Executor::~Executor() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

bool Executor::TryPost(std::function<void()> task, Lane lane) {
  {
    MutexLock lock(mutex_);
    std::deque<Task>& queue = QueueOf(lane);
    // What a thread is about to take is not waiting, also when many come at once.
    if (stopping_ || queue.size() >= limits_.queued + limits_.threads - busy_) return false;
    queue.push_back({posted_++, std::move(task)});
    size_t waiting = 0;
    for (const auto& one : queues_) waiting += one.size();
    if (waiting > idle_ && threads_.size() < limits_.threads) threads_.emplace_back([this] { Work(); });
  }
  wake_.notify_one();
  return true;
}

size_t Executor::queued(Lane lane) const {
  MutexLock lock(mutex_);
  return queues_[static_cast<size_t>(lane)].size();
}

size_t Executor::busy_threads() const {
  MutexLock lock(mutex_);
  return busy_;
}

bool Executor::QueuesAreEmpty() const {
  return std::all_of(queues_.begin(), queues_.end(), [](const auto& queue) { return queue.empty(); });
}

std::optional<Lane> Executor::NextLane() {
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

void Executor::Work() {
  mutex_.Lock();
  while (true) {
    std::optional<Lane> lane;
    ++idle_;
    // A batch task that may not run yet is taken by the thread that ends another: nobody has to wake for it.
    while (!(lane = NextLane()) && !(stopping_ && QueuesAreEmpty())) wake_.wait(mutex_);
    --idle_;
    if (!lane) break;
    const size_t batch = *lane == Lane::kBatch ? 1 : 0;
    std::function<void()> task = std::move(QueueOf(*lane).front().run);
    QueueOf(*lane).pop_front();
    ++busy_;
    busy_with_batch_ += batch;
    mutex_.Unlock();
    task();
    task = nullptr;  // what it holds may go on to post or to wait: never with the lock held
    mutex_.Lock();
    --busy_;
    busy_with_batch_ -= batch;
    // Those who wait for the end learn of it from whoever comes last.
    if (stopping_ && QueuesAreEmpty()) wake_.notify_all();
  }
  mutex_.Unlock();
}

}  // namespace tsunagu
