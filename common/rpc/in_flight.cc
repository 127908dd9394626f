#include "common/rpc/in_flight.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace tsunagu::rpc {

void InFlight::Open(const Limits& limits) {
  constexpr int kReserved = 16;  // one in so many
  const int reserve = limits.calls / kReserved;
  calls_.SetLimit(limits.calls - reserve);
  admin_.SetLimit(std::max(reserve, 1));
  unsent_.SetLimit(std::max(limits.calls / 2, 16));
  strangers_.SetLimit(std::max(limits.calls / 4, 1));
  requests_.SetLimit(limits.request_bytes);
  answers_.SetLimit(limits.answer_bytes);
}

absl::Status InFlight::Enter() {
  MutexLock lock(mutex_);
  ++count_;
  return closed_ ? Fail("SHUTTING_DOWN"_reason) : absl::OkStatus();
}

void InFlight::Leave() {
  MutexLock lock(mutex_);
  if (--count_ == 0) empty_.notify_all();  // with the lock held, because the waiter destroys this object
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

void InFlight::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

void InFlight::WaitUntilEmpty(Deadline deadline) {
  MutexLock lock(mutex_);
  while (count_ > 0) {
    if (empty_.wait_until(mutex_, deadline) == std::cv_status::timeout) return;
  }
}

}  // namespace tsunagu::rpc
