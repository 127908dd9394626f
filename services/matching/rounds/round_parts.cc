#include "services/matching/rounds/round_parts.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "common/base/status_macros.h"

namespace tsunagu::matching {
namespace {

constexpr absl::string_view kSnapshot = "snapshot", kResult = "result", kCertificate = "certificate";
constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

absl::StatusOr<store::Blobs> BlobsOf(store::View& view, absl::string_view round) {
  return store::Blobs::Of<v1::Round>(view, round);
}

int64_t PartsOf(int64_t rows) { return (rows + kPartRows - 1) / kPartRows; }

template <typename Row>
const std::string& KeyOf(const Row& row) {
  return row.name();
}
const std::string& KeyOf(const v1::SnapshotTravelTime& row) { return row.commute_rule(); }

// Splits `rows` into parts of the snapshot; `list` is their field. Part numbers continue from `number`.
template <typename Row>
absl::Status StoreRows(store::Tx& tx, const store::Blobs& blobs, const google::protobuf::RepeatedPtrField<Row>& rows,
                       google::protobuf::RepeatedPtrField<Row>* (v1::Snapshot::*list)(), int64_t& number) {
  for (int i = 0; i < rows.size(); i += kPartRows) {
    v1::Snapshot piece;
    const auto end = rows.begin() + std::min<int>(rows.size(), i + kPartRows);
    (piece.*list)()->Add(rows.begin() + i, end);
    RETURN_IF_ERROR(blobs.Write(tx, kSnapshot, {number++, KeyOf(rows[i]), piece.SerializeAsString()}));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Snapshot> LoadParts(store::View& view, absl::string_view round, int64_t from, int64_t until) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(view, round));
  v1::Snapshot snapshot;
  RETURN_IF_ERROR(blobs.Read(kSnapshot, from, until, [&](absl::string_view bytes) {
    return snapshot.MergeFromString(std::string(bytes)) ? absl::OkStatus() : absl::DataLossError("round part");
  }));
  return snapshot;
}

// Adds the rows of a part of the result.
absl::Status AddRows(absl::string_view bytes, std::vector<v1::Assignment>& rows) {
  v1::ListAssignmentsResponse part;
  if (!part.ParseFromString(std::string(bytes))) return absl::DataLossError("round part");
  rows.insert(rows.end(), std::make_move_iterator(part.mutable_assignments()->begin()),
              std::make_move_iterator(part.mutable_assignments()->end()));
  return absl::OkStatus();
}

}  // namespace

absl::Status StoreSnapshot(store::Tx& tx, absl::string_view round, const v1::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(tx, round));
  int64_t number = 0;
  RETURN_IF_ERROR(StoreRows(tx, blobs, snapshot.nurses(), &v1::Snapshot::mutable_nurses, number));
  RETURN_IF_ERROR(StoreRows(tx, blobs, snapshot.openings(), &v1::Snapshot::mutable_openings, number));
  RETURN_IF_ERROR(StoreRows(tx, blobs, snapshot.left_out(), &v1::Snapshot::mutable_left_out, number));
  for (const v1::SnapshotCap& cap : snapshot.caps()) {
    v1::Snapshot piece;
    *piece.add_caps() = cap;
    RETURN_IF_ERROR(blobs.Write(tx, kSnapshot, {number++, cap.place(), piece.SerializeAsString()}));
  }
  RETURN_IF_ERROR(StoreRows(tx, blobs, snapshot.commute_rules(), &v1::Snapshot::mutable_commute_rules, number));
  RETURN_IF_ERROR(StoreRows(tx, blobs, snapshot.travel_times(), &v1::Snapshot::mutable_travel_times, number));
  return StoreRows(tx, blobs, snapshot.supplies(), &v1::Snapshot::mutable_supplies, number);
}

absl::StatusOr<v1::Snapshot> LoadSnapshot(store::View& view, absl::string_view round) {
  return LoadParts(view, round, 0, kAll);
}

absl::StatusOr<v1::Snapshot> LoadSnapshotPart(store::View& view, absl::string_view round, int64_t part) {
  return LoadParts(view, round, part, part + 1);
}

absl::StatusOr<std::vector<v1::LeftOut>> LoadLeftOut(store::View& view, const v1::Round& round, int64_t from,
                                                     int64_t limit) {
  const int64_t first = PartsOf(round.nurse_count()) + PartsOf(round.opening_count());
  ASSIGN_OR_RETURN(v1::Snapshot snapshot,
                   LoadParts(view, round.name(), first + from / kPartRows, first + PartsOf(from + limit)));
  auto& rows = *snapshot.mutable_left_out();
  const int64_t begin = std::min<int64_t>(rows.size(), from % kPartRows);
  const int64_t end = std::min<int64_t>(rows.size(), begin + limit);
  return std::vector<v1::LeftOut>(rows.begin() + begin, rows.begin() + end);
}

absl::Status StoreAssignments(store::Tx& tx, absl::string_view round, const std::vector<v1::Assignment>& assignments) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(tx, round));
  const auto count = static_cast<int64_t>(assignments.size());
  for (int64_t i = 0; i < count; i += kPartRows) {
    v1::ListAssignmentsResponse piece;
    const auto end = assignments.begin() + std::min(count, i + kPartRows);
    piece.mutable_assignments()->Add(assignments.begin() + i, end);
    RETURN_IF_ERROR(blobs.Write(tx, kResult, {i / kPartRows, assignments[i].nurse(), piece.SerializeAsString()}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Assignment>> LoadAssignments(store::View& view, absl::string_view round, int64_t from,
                                                            int64_t limit) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(view, round));
  std::vector<v1::Assignment> rows;
  RETURN_IF_ERROR(blobs.Read(kResult, from / kPartRows, (from + limit - 1) / kPartRows + 1,
                             [&](absl::string_view bytes) { return AddRows(bytes, rows); }));
  const size_t skip = std::min<size_t>(rows.size(), from % kPartRows);
  rows.erase(rows.begin(), rows.begin() + static_cast<int64_t>(skip));
  if (static_cast<int64_t>(rows.size()) > limit) rows.resize(limit);
  return rows;
}

absl::StatusOr<std::vector<v1::Assignment>> LoadAssignmentOf(store::View& view, absl::string_view round,
                                                             absl::string_view nurse) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(view, round));
  std::vector<v1::Assignment> rows;
  RETURN_IF_ERROR(blobs.ReadAt(kResult, nurse, [&](absl::string_view bytes) { return AddRows(bytes, rows); }));
  rows.erase(std::remove_if(rows.begin(), rows.end(), [&](const auto& row) { return row.nurse() != nurse; }),
             rows.end());
  return rows;
}

absl::Status StoreCertificate(store::Tx& tx, absl::string_view round, const v1::Certificate& certificate) {
  if (certificate.ByteSizeLong() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(tx, round));
  return blobs.Write(tx, kCertificate, {0, "", certificate.SerializeAsString()});
}

absl::StatusOr<v1::Certificate> LoadCertificate(store::View& view, absl::string_view round) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, BlobsOf(view, round));
  v1::Certificate certificate;
  RETURN_IF_ERROR(blobs.Read(kCertificate, 0, 1, [&](absl::string_view bytes) {
    return certificate.ParseFromString(std::string(bytes)) ? absl::OkStatus() : absl::DataLossError("round part");
  }));
  return certificate;
}

}  // namespace tsunagu::matching
