#include "common/rpc/call_costs.h"

#include <algorithm>

namespace tsunagu::rpc {
namespace {

constexpr absl::Duration kUsual = absl::Milliseconds(250);
constexpr int64_t kWeight = 8;  // the mean moves by 1 / kWeight of the difference
constexpr size_t kMostKept = 1'000;

}  // namespace

int CallCosts::PlacesOf(const std::string& caller) const {
  if (!any_.load(std::memory_order_relaxed)) return 1;
  MutexLock lock(mutex_);
  const auto found = means_.find(caller);
  if (found == means_.end()) return 1;
  return static_cast<int>(std::clamp<int64_t>(found->second / kUsual, 1, kMost));
}

void CallCosts::Note(const std::string& caller, absl::Duration used) {
  if (used <= kUsual && !any_.load(std::memory_order_relaxed)) return;
  MutexLock lock(mutex_);
  const auto found = means_.find(caller);
  if (found == means_.end()) {
    if (used <= kUsual) return;
    if (means_.size() >= kMostKept) means_.clear();
    means_[caller] = used;
  } else {
    found->second += (used - found->second) / kWeight;
    if (found->second <= kUsual) means_.erase(found);
  }
  any_.store(!means_.empty(), std::memory_order_relaxed);
}

}  // namespace tsunagu::rpc
