#include "common/base/clock.h"

#include "absl/time/clock.h"

namespace tsunagu {
namespace {

class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock clock;
  return clock;
}

}  // namespace tsunagu
