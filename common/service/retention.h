#ifndef TSUNAGU_COMMON_SERVICE_RETENTION_H_
#define TSUNAGU_COMMON_SERVICE_RETENTION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tsunagu {

namespace store {
class Parts;
}

// How long an operation can be read after its end.
inline constexpr absl::Duration kEndedOperationsKept = absl::Hours(24 * 30);

// Deletes outdated rows: expired requests, and operations that ended long ago. At most 500 of each, in transactions of
// a few milliseconds. Returns how many. Several replicas may do it at once. Does nothing while the clock is wrong by
// hours.
absl::StatusOr<int64_t> DeleteOutdated(store::Parts& parts);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_RETENTION_H_
