#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_PARTS_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/blobs.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Snapshot and result of a round are blobs of the round, in parts of kPartRows rows. They are written once, in the
// transaction that solves the round.
inline constexpr int64_t kPartRows = 500;

absl::Status StoreSnapshot(store::Tx& tx, absl::string_view round, const v1::Snapshot& snapshot);
absl::StatusOr<v1::Snapshot> LoadSnapshot(store::View& view, absl::string_view round);
// Returns part `part` of the snapshot, counted from 0; empty after the last.
absl::StatusOr<v1::Snapshot> LoadSnapshotPart(store::View& view, absl::string_view round, int64_t part);
// Returns what was left out of the round, from index `from` on, at most `limit`.
absl::StatusOr<std::vector<v1::LeftOut>> LoadLeftOut(store::View& view, const v1::Round& round, int64_t from,
                                                     int64_t limit);

// In the order of the snapshot's nurses.
absl::Status StoreAssignments(store::Tx& tx, absl::string_view round, const std::vector<v1::Assignment>& assignments);
// Returns those from index `from` on, at most `limit`.
absl::StatusOr<std::vector<v1::Assignment>> LoadAssignments(store::View& view, absl::string_view round, int64_t from,
                                                            int64_t limit);
// Returns the nurse's assignment, or nothing.
absl::StatusOr<std::vector<v1::Assignment>> LoadAssignmentOf(store::View& view, absl::string_view round,
                                                             absl::string_view nurse);

// An empty certificate is not stored.
absl::Status StoreCertificate(store::Tx& tx, absl::string_view round, const v1::Certificate& certificate);
absl::StatusOr<v1::Certificate> LoadCertificate(store::View& view, absl::string_view round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_PARTS_H_
