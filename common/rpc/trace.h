#ifndef TSUNAGU_COMMON_RPC_TRACE_H_
#define TSUNAGU_COMMON_RPC_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// The position of a call in a W3C trace. Ids are random.
struct Trace {
  uint64_t id_high = 0;
  uint64_t id_low = 0;
  uint64_t span = 0;  // this call's own
  bool sampled = false;

  // Returns a span within the trace of `traceparent`, or the first span of a new trace. A malformed header is ignored,
  // as the standard requires.
  static Trace Continue(absl::string_view traceparent);

  std::string trace_id() const;
  std::string span_id() const;
  // The header for calls made within this one: they are children of this span.
  std::string traceparent() const;
};

// Accepts exactly version 00; of later versions, reads the parts of version 00. `span` is the caller's.
std::optional<Trace> ParseTraceparent(absl::string_view header);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_TRACE_H_
