#ifndef TSUNAGU_COMMON_RPC_CALL_LOG_H_
#define TSUNAGU_COMMON_RPC_CALL_LOG_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/rpc/call.h"

namespace tsunagu::rpc {

struct Outcome;

// Returns a request_id in a form that a log may show. Callers choose it, so an id that is no UUID (it might be a name,
// or a telephone number) is shown as the beginning of its SHA-256.
std::string Shown(absl::string_view request_id);

// Adds the call to the log lines that belong to it. `call` and `service` must outlive it.
class CallSubject : public log::Subject {
 public:
  CallSubject(const Call& call, absl::string_view service) : call_(call), service_(service) {}
  void Describe(log::Line& line) const override;

 private:
  const Call& call_;
  const absl::string_view service_;
};

// Writes the one line of a call, at its end. Levels: error for our faults, warning for an unavailable dependency, info
// for other refusals and slow calls, debug for the rest.
void LogCall(const Call& call, absl::string_view service, const Outcome& outcome);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_LOG_H_
