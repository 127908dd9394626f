#ifndef TSUNAGU_COMMON_WORK_WATCHERS_H_
#define TSUNAGU_COMMON_WORK_WATCHERS_H_

#include <functional>
#include <list>
#include <memory>
#include <utility>

#include "common/base/mutex.h"

namespace tsunagu {

// Streams that wait for news. Thread-safe; must outlive its handles.
class Watchers {
  using List = std::list<std::function<void()>>;

 public:
  // The stream is woken as long as the handle lives.
  class Handle {
   public:
    Handle(Watchers& watchers, List::iterator place) : watchers_(&watchers), place_(place) {}
    ~Handle() {
      MutexLock lock(watchers_->mutex_);
      watchers_->list_.erase(place_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

   private:
    Watchers* watchers_;
    List::iterator place_;
  };

  // `wake` must not block; it may be called with locks held.
  Handle Add(std::function<void()> wake) {
    MutexLock lock(mutex_);
    return Handle(*this, list_.insert(list_.end(), std::move(wake)));
  }
  void WakeAll() {
    MutexLock lock(mutex_);
    for (const auto& wake : list_) wake();
  }

 private:
  Mutex mutex_;
  List list_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_WATCHERS_H_
