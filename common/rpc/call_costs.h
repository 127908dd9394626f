#ifndef TSUNAGU_COMMON_RPC_CALL_COSTS_H_
#define TSUNAGU_COMMON_RPC_CALL_COSTS_H_

#include <atomic>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu::rpc {

// The recent processor time of each caller's calls, so that fair shares count time and not only calls. A call of a
// caller whose calls take seconds counts as many places as it takes quarters of a second, up to kMost. Waiting does not
// count, because a slow database is not the caller's fault. Thread-safe.
class CallCosts {
 public:
  static constexpr int kMost = 8;

  // Returns 1 for unknown callers, and for callers whose calls are short.
  int PlacesOf(const std::string& caller) const;
  void Note(const std::string& caller, absl::Duration used);

 private:
  mutable Mutex mutex_;
  std::atomic<bool> any_{false};  // usually no caller's calls take long, and no lock is taken
  std::map<std::string, absl::Duration, std::less<>> means_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_COSTS_H_
