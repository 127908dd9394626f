#ifndef TSUNAGU_COMMON_SERVICE_RETENTION_H_
#define TSUNAGU_COMMON_SERVICE_RETENTION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tsunagu {

namespace store {
class Store;
}

// How long an operation that has ended can still be asked for.
inline constexpr absl::Duration kEndedOperationsKept = absl::Hours(24 * 30);

// Deletes rows that have had their time: requests past their expiry, operations ended long ago. At most 500 of each,
// in transactions of a few milliseconds; returns how many. Harmless when several replicas do it at once. Nothing
// while the clock is hours off.
absl::StatusOr<int64_t> DeleteOutdated(store::Store& store);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_RETENTION_H_
