#include "common/rpc/trace.h"

#include <cstring>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"

namespace tsunagu::rpc {
namespace {

// Lower case only, as the standard requires.
std::optional<uint64_t> Hex(absl::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && !(c >= '0' && c <= '9')) return std::nullopt;
    value = value << 4 | static_cast<uint64_t>(letter ? c - 'a' + 10 : c - '0');
  }
  return value;
}

// Never 0, which means no id.
uint64_t RandomId() {
  thread_local std::mt19937_64 random([] {
    const std::string bytes = Entropy::System().Bytes(sizeof(uint64_t));
    uint64_t seed = 0;
    std::memcpy(&seed, bytes.data(), sizeof(seed));
    return seed;
  }());
  return random() | 1;
}

}  // namespace

std::optional<Trace> ParseTraceparent(absl::string_view header) {
  // 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
  constexpr size_t kSize = 55;
  if (header.size() < kSize || header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const auto version = Hex(header.substr(0, 2)), high = Hex(header.substr(3, 16)), low = Hex(header.substr(19, 16)),
             span = Hex(header.substr(36, 16)), flags = Hex(header.substr(53, 2));
  if (!version || !high || !low || !span || !flags || *version == 0xFF) return std::nullopt;
  if (header.size() > kSize && (*version == 0 || header[kSize] != '-')) return std::nullopt;
  if ((*high == 0 && *low == 0) || *span == 0) return std::nullopt;
  return Trace{*high, *low, *span, (*flags & 1) != 0};
}

Trace Trace::Continue(absl::string_view traceparent) {
  Trace trace = ParseTraceparent(traceparent).value_or(Trace{RandomId(), RandomId(), 0, false});
  trace.span = RandomId();
  return trace;
}

std::string Trace::trace_id() const {
  return absl::StrCat(absl::Hex(id_high, absl::kZeroPad16), absl::Hex(id_low, absl::kZeroPad16));
}

std::string Trace::span_id() const { return absl::StrCat(absl::Hex(span, absl::kZeroPad16)); }

std::string Trace::traceparent() const {
  return absl::StrCat("00-", trace_id(), "-", span_id(), sampled ? "-01" : "-00");
}

}  // namespace tsunagu::rpc
