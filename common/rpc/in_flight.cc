#include "common/rpc/in_flight.h"

#include <utility>

#include "common/base/error.h"

namespace tsunagu::rpc {

void InFlight::Open(int limit) {
  MutexLock lock(mutex_);
  limit_ = limit;
}

absl::Status InFlight::Enter() {
  bool draining = false;
  {
    MutexLock lock(mutex_);
    ++count_;
    if (count_ <= limit_ && !draining_) return absl::OkStatus();
    draining = draining_;
  }
  return Fail(draining ? "SHUTTING_DOWN"_reason : "TOO_BUSY"_reason);
}

absl::Status InFlight::KeepReserve() {
  constexpr int kReserved = 16;  // one in
  MutexLock lock(mutex_);
  return count_ <= limit_ - limit_ / kReserved ? absl::OkStatus() : Fail("TOO_BUSY"_reason);
}

void InFlight::Leave() {
  MutexLock lock(mutex_);
  if (--count_ == 0) empty_.notify_all();  // with the lock held: the waiter destroys this
}

int InFlight::count() const {
  MutexLock lock(mutex_);
  return count_;
}

void InFlight::Attend(const void* call, std::function<void()> stop) {
  {
    MutexLock lock(mutex_);
    if (!draining_) {
      attended_[call] = std::move(stop);
      return;
    }
  }
  stop();
}

void InFlight::Forget(const void* call) {
  MutexLock lock(mutex_);
  attended_.erase(call);
}

void InFlight::Drain() {
  std::map<const void*, std::function<void()>> attended;
  {
    MutexLock lock(mutex_);
    draining_ = true;
    attended.swap(attended_);
  }
  for (const auto& [call, stop] : attended) stop();
}

void InFlight::WaitUntilEmpty(Deadline deadline) {
  MutexLock lock(mutex_);
  while (count_ > 0) {
    if (empty_.wait_until(mutex_, deadline) == std::cv_status::timeout) return;
  }
}

}  // namespace tsunagu::rpc
