#ifndef TSUNAGU_COMMON_RPC_TRACE_H_
#define TSUNAGU_COMMON_RPC_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// Where a call stands in a W3C trace. Ids are random and say nothing.
struct Trace {
  uint64_t id_high = 0;
  uint64_t id_low = 0;
  uint64_t span = 0;  // this call's own
  bool sampled = false;

  // A span within the trace that `traceparent` names, else the first span of a new one: what is malformed is ignored,
  // as the standard asks.
  static Trace Continue(absl::string_view traceparent);

  std::string trace_id() const;
  std::string span_id() const;
  // For calls made on the way: they are this span's children.
  std::string traceparent() const;
};

// Version 00 to the letter; of later versions what version 00 knows. `span` is the caller's.
std::optional<Trace> ParseTraceparent(absl::string_view header);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_TRACE_H_
