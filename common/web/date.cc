#include "common/web/date.h"

#include <cstdint>

#include "common/base/clock.h"

namespace tsunagu::web {

std::string HttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT", time, absl::UTCTimeZone());
}

const std::string& DateOfNow() {
  thread_local int64_t second = -1;
  thread_local std::string text;
  const absl::Time now = Clock::System().Now();
  if (const int64_t current = absl::ToUnixSeconds(now); current != second) {
    second = current;
    text = HttpDate(now);
  }
  return text;
}

}  // namespace tsunagu::web
