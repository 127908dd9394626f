#ifndef TSUNAGU_COMMON_RPC_CALL_LOG_H_
#define TSUNAGU_COMMON_RPC_CALL_LOG_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/log.h"
#include "common/rpc/call.h"

namespace tsunagu::rpc {

struct Outcome;

// A request_id as a log may show it: callers choose it, so what is no UUID (it might be a name, or a telephone number)
// is shown as the beginning of its SHA-256.
std::string Shown(absl::string_view request_id);

// What lines say of the call they belong to. Both outlive it.
class CallSubject : public log::Subject {
 public:
  CallSubject(const Call& call, absl::string_view service) : call_(call), service_(service) {}
  void Describe(log::Line& line) const override;

 private:
  const Call& call_;
  const absl::string_view service_;
};

// The one line of a call, at its end: our faults as errors, an absent dependency as a warning, other refusals and slow
// calls as information, the rest for debugging.
void LogCall(const Call& call, absl::string_view service, const Outcome& outcome);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_LOG_H_
