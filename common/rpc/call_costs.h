#ifndef TSUNAGU_COMMON_RPC_CALL_COSTS_H_
#define TSUNAGU_COMMON_RPC_CALL_COSTS_H_

#include <atomic>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu::rpc {

// What the calls of each caller have used of the processor lately, so that fair shares count time and not only calls: a
// call of somebody who asks what takes seconds is as many calls as it takes quarters of a second, up to kMost. Waiting
// is not counted: that a database is slow is nobody's doing. Thread-safe.
class CallCosts {
 public:
  static constexpr int kMost = 8;

  // 1 for whom nothing is known, and for calls as they usually are.
  int PlacesOf(const std::string& caller) const;
  void Note(const std::string& caller, absl::Duration used);

 private:
  mutable Mutex mutex_;
  std::atomic<bool> any_{false};  // usually nobody's calls take long, and no lock is taken
  std::map<std::string, absl::Duration, std::less<>> means_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_COSTS_H_
