#include "common/base/executor.h"

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

bool Executor::TryPost(std::function<void()> task) {
  {
    MutexLock lock(mutex_);
    if (stopping_ || queue_.size() >= limits_.queued) return false;
    queue_.push_back(std::move(task));
    if (queue_.size() > idle_ && threads_.size() < limits_.threads) threads_.emplace_back([this] { Work(); });
  }
  wake_.notify_one();
  return true;
}

void Executor::Work() {
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      ++idle_;
      while (queue_.empty() && !stopping_) wake_.wait(mutex_);
      --idle_;
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace tsunagu
