#include "common/rpc/call_log.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/digest.h"
#include "common/rpc/router.h"
#include "google/protobuf/descriptor.h"

namespace tsunagu::rpc {
namespace {

constexpr absl::Duration kSlow = absl::Seconds(1);

log::Level LevelOf(const Call& call, const Outcome& outcome) {
  switch (outcome.code) {
    case absl::StatusCode::kOk: {
      const bool streams =
          call.method != nullptr && (call.method->client_streaming() || call.method->server_streaming());
      return !streams && outcome.elapsed > kSlow ? log::Level::kInfo : log::Level::kDebug;
    }
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return log::Level::kError;
    case absl::StatusCode::kUnavailable:
      return log::Level::kWarning;
    default:
      return log::Level::kInfo;
  }
}

}  // namespace

std::string Shown(absl::string_view request_id) {
  const std::string digits = absl::StrReplaceAll(request_id, {{"-", ""}});
  const bool uuid =
      digits.size() == 32 && absl::c_all_of(digits, [](unsigned char c) { return absl::ascii_isxdigit(c); });
  if (uuid) return std::string(request_id);
  return absl::StrCat("sha256:", absl::BytesToHexString(Sha256(request_id).substr(0, 8)));
}

void CallSubject::Describe(log::Line& line) const {
  if (!service_.empty()) line.Add("service", service_);
  if (call_.method != nullptr) line.Add("method", call_.MethodName());
  line.Add("correlation_id", call_.correlation_id);
  if (!call_.request_id.empty()) line.Add("request_id", Shown(call_.request_id));
  line.Add("trace_id", call_.trace.trace_id()).Add("span_id", call_.trace.span_id());
  if (!call_.principal.id.empty()) line.Add("principal", call_.principal.id);
  if (!call_.principal.on_behalf_of.empty()) line.Add("on_behalf_of", call_.principal.on_behalf_of);
}

void LogCall(const Call& call, absl::string_view service, const Outcome& outcome) {
  const log::Level level = LevelOf(call, outcome);
  if (!log::Enabled(level)) return;
  const CallSubject subject(call, service);
  const log::Scope scope(subject);
  log::Line line(level, "call");
  line.Add("code", absl::StatusCodeToString(outcome.code));
  if (outcome.reason != Reason()) {
    const absl::string_view word = outcome.reason.word();
    line.Add("reason", word);
  }
  line.AddMillis("ms", outcome.elapsed).Write();
}

}  // namespace tsunagu::rpc
