#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Brings a snapshot that holds to its contract into its canonical form, and refuses one that names somebody twice or
// says too much.
absl::Status Canonicalise(v1::Snapshot& snapshot);

// Index of a name among rows that are in order of their names, as those of a canonical snapshot; -1: it is not there.
template <typename Rows>
int32_t IndexOf(const Rows& rows, const std::string& name) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), name,
                                   [](const auto& row, const std::string& wanted) { return row.name() < wanted; });
  return at == rows.end() || at->name() != name ? -1 : static_cast<int32_t>(at - rows.begin());
}

// SHA-256 of the canonical form, hexadecimal.
std::string DigestOf(const v1::Snapshot& snapshot);

// The same as arrays for the rules; indexes are those of the snapshot.
rules::Instance ToInstance(const v1::Snapshot& snapshot, int64_t seed);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
