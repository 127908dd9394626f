#include "common/rpc/shares.h"

#include "common/base/error.h"
#include "common/rpc/limit.h"

namespace tsunagu::rpc {

absl::Status Shares::Check(Holders::const_iterator holder, int64_t amount) const {
  const bool fresh = holder == holders_.end();
  const int64_t mine = fresh ? 0 : holder->second;
  const auto holders = static_cast<int64_t>(holders_.size()) + (fresh ? 1 : 0);
  if (MayEnter(limit_, held_, mine, holders, amount)) return absl::OkStatus();
  return Fail(held_ + amount > limit_ ? "TOO_BUSY"_reason : "CALLER_TOO_BUSY"_reason);
}

void Shares::Keep(Holders::iterator holder, int64_t amount, Part& part) {
  holder->second += amount;
  held_ += amount;
  part.shares_ = this;
  part.holder_ = holder;
  part.amount_ = amount;
}

absl::Status Shares::Take(const std::string& holder, int64_t amount, Part& part) {
  MutexLock lock(mutex_);
  auto found = holders_.find(holder);
  if (absl::Status refused = Check(found, amount); !refused.ok()) return refused;
  if (found == holders_.end()) found = holders_.emplace(holder, 0).first;
  Keep(found, amount, part);
  return absl::OkStatus();
}

Shares::Part Shares::TakeAnyway(const std::string& holder, int64_t amount) {
  Part part;
  MutexLock lock(mutex_);
  Keep(holders_.emplace(holder, 0).first, amount, part);
  return part;
}

absl::Status Shares::CheckRoom(const std::string& holder) const {
  if (held_ < limit_ / 2) return absl::OkStatus();  // no holder's share exceeds the other half
  MutexLock lock(mutex_);
  return Check(holders_.find(holder), 1);
}

void Shares::SetLimit(int64_t limit) {
  MutexLock lock(mutex_);
  limit_ = limit;
}

int64_t Shares::HeldBy(const std::string& holder) const {
  MutexLock lock(mutex_);
  const auto found = holders_.find(holder);
  return found == holders_.end() ? 0 : found->second;
}

Shares::Part& Shares::Part::operator=(Part&& other) noexcept {
  std::swap(shares_, other.shares_);
  std::swap(holder_, other.holder_);
  std::swap(amount_, other.amount_);
  return *this;
}

void Shares::Part::GiveBack() {
  if (shares_ == nullptr) return;
  Shares& shares = *std::exchange(shares_, nullptr);
  MutexLock lock(shares.mutex_);
  shares.held_ -= amount_;
  if ((holder_->second -= amount_) == 0) shares.holders_.erase(holder_);
}

}  // namespace tsunagu::rpc
