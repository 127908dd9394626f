#include "common/rpc/call_metrics.h"

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "common/rpc/router.h"

namespace tsunagu::rpc {
namespace {

constexpr const char* kCallers[] = {"none", "limited", "admin", "service"};

// Returns the histogram of the cost of refusing calls.
metrics::Histogram& Refusals() {
  static metrics::Histogram& refusals = metrics::Registry::Process().HistogramOf(
      "tsunagu_refusal_seconds", "How long calls stayed inside the server that were refused because it was busy", {});
  return refusals;
}

bool IsShed(Reason reason) {
  return reason == "TOO_BUSY"_reason || reason == "CALLER_TOO_BUSY"_reason || reason == "TOO_MANY_STREAMS"_reason;
}

}  // namespace

CallerClass ClassOf(const identity::Principal& principal) {
  if (principal.id.empty()) return CallerClass::kNone;
  if (!principal.on_behalf_of.empty()) return CallerClass::kService;
  const bool admin = absl::c_any_of(principal.grants, [](const identity::Grant& grant) {
    return grant.scope.everything() && grant.permissions.count("*") > 0;
  });
  return admin ? CallerClass::kAdmin : CallerClass::kLimited;
}

void CallMetrics::Count(CallerClass caller, const Outcome& outcome) {
  Seconds(caller).Observe(outcome.elapsed);
  if (IsShed(outcome.reason)) Refusals().Observe(outcome.elapsed);
  if (outcome.code != absl::StatusCode::kOk) Errors(caller, outcome).Add();
}

metrics::Histogram& CallMetrics::Seconds(CallerClass caller) {
  std::atomic<metrics::Histogram*>& known = seconds_[static_cast<size_t>(caller)];
  if (metrics::Histogram* found = known.load(std::memory_order_acquire)) return *found;
  // A thread that comes at the same time gets the same series.
  metrics::Histogram& series = metrics::Registry::Process().HistogramOf(
      "tsunagu_call_seconds", "Calls by how long they took inside the server, refused ones included",
      {{"service", service_}, {"method", method_}, {"caller", kCallers[static_cast<size_t>(caller)]}});
  known.store(&series, std::memory_order_release);
  return series;
}

metrics::Counter& CallMetrics::Errors(CallerClass caller, const Outcome& outcome) {
  MutexLock lock(mutex_);
  metrics::Counter*& counter = errors_[{caller, outcome.reason}];
  if (counter == nullptr) {
    counter = &metrics::Registry::Process().CounterOf("tsunagu_call_errors_total", "Calls that did not end with OK",
                                                      {{"service", service_},
                                                       {"method", method_},
                                                       {"caller", kCallers[static_cast<size_t>(caller)]},
                                                       {"code", absl::StatusCodeToString(outcome.code)},
                                                       {"reason", std::string(outcome.reason.word())}});
  }
  return *counter;
}

}  // namespace tsunagu::rpc
