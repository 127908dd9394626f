#ifndef TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
#define TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Converts a snapshot that satisfies its contract to its canonical form. Returns an error if a name is repeated, if its
// ways are faulty (CheckWays), or if it has too many wishes.
absl::Status Canonicalise(v1::Snapshot& snapshot);

// Returns the index of a name among rows that are ordered by name, as in a canonical snapshot; -1: it is not there.
template <typename Rows>
int32_t IndexOf(const Rows& rows, const std::string& name) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), name,
                                   [](const auto& row, const std::string& wanted) { return row.name() < wanted; });
  return at == rows.end() || at->name() != name ? -1 : static_cast<int32_t>(at - rows.begin());
}

// Returns the SHA-256 of the canonical form, in hexadecimal.
std::string DigestOf(const v1::Snapshot& snapshot);

// Returns the values of an enum, all below 64, as a set of bits.
uint64_t Bits(const google::protobuf::RepeatedField<int>& values);

// Returns the snapshot as arrays for the rules; indexes are those of the snapshot.
rules::Instance ToInstance(const v1::Snapshot& snapshot, int64_t seed);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SNAPSHOT_H_
