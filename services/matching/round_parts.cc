#include "services/matching/round_parts.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/table_shape.h"

namespace tsunagu::matching {
namespace {

constexpr absl::string_view kSnapshot = "snapshot", kResult = "result";

std::string ContextOf(absl::string_view round_id, absl::string_view kind, int64_t part) {
  return absl::StrCat("round_parts ", round_id, " ", kind, " ", part);
}

absl::Status StorePart(store::Tx& tx, absl::string_view round_id, absl::string_view kind, int64_t part,
                       const std::string& first_name, const std::string& bytes) {
  // It says where nurses live.
  ASSIGN_OR_RETURN(const std::string sealed, tx.store().Encrypt(ContextOf(round_id, kind, part), bytes));
  return tx.session()
      .Execute("INSERT INTO `round_parts` (`round_id`, `kind`, `part`, `first_name`, `bytes`) VALUES (?, ?, ?, ?, ?)",
               {round_id, kind, part, absl::string_view(first_name), store::Blob{sealed}})
      .status();
}

// Parts from `from` to before `until`.
absl::Status LoadParts(store::View& view, absl::string_view round_id, absl::string_view kind, int64_t from,
                       int64_t until, v1::Snapshot* snapshot, v1::ListAssignmentsResponse* result) {
  return view.session().Query(
      "SELECT `bytes`, `part` FROM `round_parts` WHERE `round_id` = ? AND `kind` = ? AND `part` >= ? AND `part` < ? "
      "ORDER BY `part`",
      {round_id, kind, from, until}, [&](const store::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string bytes,
                         view.store().Decrypt(ContextOf(round_id, kind, row.Integer(1)), row.Bytes(0)));
        const bool read = snapshot != nullptr ? snapshot->MergeFromString(bytes) : result->MergeFromString(bytes);
        return read ? absl::OkStatus() : absl::DataLossError("round part");
      });
}

std::vector<v1::Assignment> ToVector(v1::ListAssignmentsResponse& result) {
  return {std::make_move_iterator(result.mutable_assignments()->begin()),
          std::make_move_iterator(result.mutable_assignments()->end())};
}

}  // namespace

store::TableDefinition RoundPartsTable(store::Dialect dialect) {
  const bool mysql = dialect == store::Dialect::kMysql;
  const std::string ascii = mysql ? " CHARACTER SET ascii COLLATE ascii_bin NOT NULL" : " NOT NULL";
  return {"round_parts",
          {{"round_id", "VARCHAR(64)" + ascii},
           {"kind", "VARCHAR(16)" + ascii},
           {"part", "BIGINT NOT NULL"},
           {"first_name", "VARCHAR(191)" + ascii},
           {"bytes", mysql ? "MEDIUMBLOB" : "BLOB"}},
          "`round_id`, `kind`, `part`",
          {}};
}

absl::Status StoreSnapshot(store::Tx& tx, absl::string_view round_id, const v1::Snapshot& snapshot) {
  int64_t part = 0;
  for (int i = 0; i < snapshot.nurses_size(); i += kPartRows) {
    v1::Snapshot piece;
    const int end = std::min<int>(snapshot.nurses_size(), i + kPartRows);
    for (int j = i; j < end; ++j) *piece.add_nurses() = snapshot.nurses(j);
    RETURN_IF_ERROR(
        StorePart(tx, round_id, kSnapshot, part++, snapshot.nurses(i).name(), piece.SerializeAsString()));
  }
  for (int i = 0; i < snapshot.openings_size(); i += kPartRows) {
    v1::Snapshot piece;
    const int end = std::min<int>(snapshot.openings_size(), i + kPartRows);
    for (int j = i; j < end; ++j) *piece.add_openings() = snapshot.openings(j);
    RETURN_IF_ERROR(
        StorePart(tx, round_id, kSnapshot, part++, snapshot.openings(i).name(), piece.SerializeAsString()));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Snapshot> LoadSnapshot(store::View& view, absl::string_view round_id) {
  v1::Snapshot snapshot;
  RETURN_IF_ERROR(
      LoadParts(view, round_id, kSnapshot, 0, std::numeric_limits<int64_t>::max(), &snapshot, nullptr));
  return snapshot;
}

absl::StatusOr<v1::Snapshot> LoadSnapshotPart(store::View& view, absl::string_view round_id, int64_t part) {
  v1::Snapshot snapshot;
  RETURN_IF_ERROR(LoadParts(view, round_id, kSnapshot, part, part + 1, &snapshot, nullptr));
  return snapshot;
}

absl::Status StoreAssignments(store::Tx& tx, absl::string_view round_id,
                              const std::vector<v1::Assignment>& assignments) {
  const int64_t count = static_cast<int64_t>(assignments.size());
  for (int64_t i = 0; i < count; i += kPartRows) {
    v1::ListAssignmentsResponse piece;
    for (int64_t j = i; j < std::min(count, i + kPartRows); ++j) *piece.add_assignments() = assignments[j];
    RETURN_IF_ERROR(
        StorePart(tx, round_id, kResult, i / kPartRows, assignments[i].nurse(), piece.SerializeAsString()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Assignment>> LoadAssignments(store::View& view, absl::string_view round_id,
                                                            int64_t from, int64_t limit) {
  v1::ListAssignmentsResponse result;
  RETURN_IF_ERROR(LoadParts(view, round_id, kResult, from / kPartRows, (from + limit - 1) / kPartRows + 1, nullptr,
                            &result));
  std::vector<v1::Assignment> rows = ToVector(result);
  const size_t skip = std::min<size_t>(rows.size(), from % kPartRows);
  rows.erase(rows.begin(), rows.begin() + static_cast<int64_t>(skip));
  if (static_cast<int64_t>(rows.size()) > limit) rows.resize(limit);
  return rows;
}

absl::StatusOr<std::vector<v1::Assignment>> LoadAssignmentOf(store::View& view, absl::string_view round_id,
                                                             absl::string_view nurse) {
  if (!records::IsWellFormedName(nurse)) return std::vector<v1::Assignment>();
  v1::ListAssignmentsResponse result;
  RETURN_IF_ERROR(view.session().Query(
      "SELECT `bytes`, `part` FROM `round_parts` WHERE `round_id` = ? AND `kind` = ? AND `first_name` <= ? "
      "ORDER BY `part` DESC LIMIT 1",
      {round_id, kResult, nurse}, [&](const store::Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string bytes,
                         view.store().Decrypt(ContextOf(round_id, kResult, row.Integer(1)), row.Bytes(0)));
        return result.ParseFromString(bytes) ? absl::OkStatus() : absl::DataLossError("round part");
      }));
  std::vector<v1::Assignment> rows = ToVector(result);
  rows.erase(std::remove_if(rows.begin(), rows.end(), [&](const auto& row) { return row.nurse() != nurse; }),
             rows.end());
  return rows;
}

}  // namespace tsunagu::matching
