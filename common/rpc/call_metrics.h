#ifndef TSUNAGU_COMMON_RPC_CALL_METRICS_H_
#define TSUNAGU_COMMON_RPC_CALL_METRICS_H_

#include <array>
#include <atomic>
#include <map>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/identity/principal.h"

namespace tsunagu::rpc {

struct Outcome;

// The kind of caller in metrics: nobody known, a caller with limited grants, a caller who may do everything, a service
// on behalf of somebody.
enum class CallerClass { kNone, kLimited, kAdmin, kService };
CallerClass ClassOf(const identity::Principal& principal);

// Rate, errors and duration of one method of one service. Thread-safe; a successful call takes no lock.
class CallMetrics {
 public:
  CallMetrics(std::string service, std::string method) : service_(std::move(service)), method_(std::move(method)) {}

  void Count(CallerClass caller, const Outcome& outcome);

 private:
  metrics::Histogram& Seconds(CallerClass caller);
  metrics::Counter& Errors(CallerClass caller, const Outcome& outcome);

  const std::string service_;
  const std::string method_;
  // Series are created when first needed, because most callers never use most methods.
  std::array<std::atomic<metrics::Histogram*>, 4> seconds_{};
  Mutex mutex_;
  std::map<std::pair<CallerClass, Reason>, metrics::Counter*> errors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_METRICS_H_
