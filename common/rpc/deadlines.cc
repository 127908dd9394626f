#include "common/rpc/deadlines.h"

#include <algorithm>

#include "common/rpc/exchange.h"

namespace tsunagu::rpc {
namespace {

using std::chrono::steady_clock;

// The longest sleep of the thread. Most deadlines are further away, so that adding one need not wake the thread.
constexpr steady_clock::duration kLongestSleep = std::chrono::seconds(1);
// Practically never, but a valid point in time.
constexpr absl::Duration kNever = absl::Hours(24 * 365);

}  // namespace

Deadlines::Deadlines() : thread_([this] { Watch(); }) {}

Deadlines::~Deadlines() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  sooner_.notify_all();
  thread_.join();
}

Deadlines::Key Deadlines::Add(absl::Duration allowed, std::shared_ptr<Link<Exchange>> link,
                              void (Exchange::*action)()) {
  const SteadyTime::Point end = Deadline::After(std::min(allowed, kNever)).point();
  bool wake = false;
  Key key;
  {
    MutexLock lock(mutex_);
    key = {end, ++added_};
    entries_.emplace_hint(entries_.end(), key, Entry{std::move(link), action});
    wake = end < looks_next_;
  }
  if (wake) sooner_.notify_one();
  return key;
}

void Deadlines::Remove(const Key& key) {
  MutexLock lock(mutex_);
  entries_.erase(key);
}

void Deadlines::Watch() {
  while (true) {
    Entry due;
    {
      MutexLock lock(mutex_);
      if (closed_) return;
      const SteadyTime::Point now = SteadyTime::Now();
      if (entries_.empty() || entries_.begin()->first.first > now) {
        looks_next_ = now + kLongestSleep;
        if (!entries_.empty()) looks_next_ = std::min(looks_next_, entries_.begin()->first.first);
        sooner_.wait_until(mutex_, Deadline::After(absl::FromChrono(looks_next_ - now)));
        continue;
      }
      due = std::move(entries_.begin()->second);
      entries_.erase(entries_.begin());
    }
    due.link->Do(due.action);
  }
}

}  // namespace tsunagu::rpc
