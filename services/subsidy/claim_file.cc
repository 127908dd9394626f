#include "services/subsidy/claim_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/cell_values.h"
#include "common/text/heading.h"
#include "common/text/row_source.h"

namespace tsunagu::subsidy {
namespace {

enum Column { kGrant, kMinutes, kYen, kColumns };
constexpr const char* kHeadings[kColumns][2] = {
    {"決定番号", "code"}, {"時間（分）", "minutes"}, {"請求額（円）", "yen"}};
constexpr const char* kTotals[] = {"合計", "計", "total"};

bool IsTotals(const std::string& cell) {
  return std::any_of(std::begin(kTotals), std::end(kTotals),
                     [&](const char* word) { return FoldedHeading(cell) == FoldedHeading(word); });
}

class Reader {
 public:
  absl::Status Take(const FileRow& row) {
    RETURN_IF_ERROR(row.fault);
    if (!columns_) {
      if (++passed_ > HeadingSearch::kMostRows) return Missing();
      TakeHeading(row);
      return absl::OkStatus();
    }
    for (const auto& fault : row.cell_faults) {
      if (!IsWarning(ReasonOf(fault.fault))) faults_.Add(absl::StrCat("line[", row.line, "]"), ToStatus(fault.fault));
    }
    const std::string grant = Cell(row, kGrant);
    const bool is_totals = IsTotals(grant);
    const auto minutes = Number(row, kMinutes, is_totals), yen = Number(row, kYen, is_totals);
    if (is_totals) {
      CompareTotals(row.line, minutes, yen);
    } else if (grant.empty()) {
      faults_.Add(absl::StrCat("line[", row.line, "].code"), "FIELD_REQUIRED"_reason);
    } else {
      rows_.push_back({row.line, grant, minutes.value_or(0), yen.value_or(0)});
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<ClaimRow>> Finish() {
    if (!columns_) return Missing();
    RETURN_IF_ERROR(faults_.ToStatus());
    return std::move(rows_);
  }

 private:
  absl::Status Missing() const {
    return FailAt("data", "CLAIM_COLUMN_MISSING"_reason, {{"heading", kHeadings[missing_[0]][0]}});
  }

  void TakeHeading(const FileRow& row) {
    std::array<size_t, kColumns> found;
    std::vector<int> missing;
    for (int column = kGrant; column < kColumns; ++column) {
      const auto cell = std::find_if(row.cells.begin(), row.cells.end(), [&](const std::string& one) {
        const std::string heading = FoldedHeading(one);
        return heading == FoldedHeading(kHeadings[column][0]) || heading == FoldedHeading(kHeadings[column][1]);
      });
      found[static_cast<size_t>(column)] = static_cast<size_t>(cell - row.cells.begin());
      if (cell == row.cells.end()) missing.push_back(column);
    }
    if (missing.empty()) columns_ = found;
    if (missing.size() < missing_.size()) missing_ = std::move(missing);
  }

  std::string Cell(const FileRow& row, Column column) const {
    const size_t place = (*columns_)[column];
    return place < row.cells.size() ? TrimmedCell(row.cells[place]) : "";
  }

  // A cell of the totals may be empty: then the total is not stated.
  absl::optional<int64_t> Number(const FileRow& row, Column column, bool may_be_empty) {
    const std::string cell = Cell(row, column);
    if (cell.empty() && may_be_empty) return absl::nullopt;
    const auto number = ReadWholeNumber(cell);
    if (number.ok() && *number >= 0) return *number;
    faults_.Add(absl::StrCat("line[", row.line, "].", kHeadings[column][1]),
                number.ok() ? Fail("MALFORMED_VALUE"_reason) : number.status());
    return absl::nullopt;
  }

  void CompareTotals(int64_t line, absl::optional<int64_t> minutes, absl::optional<int64_t> yen) {
    int64_t all_minutes = 0, all_yen = 0;
    for (const ClaimRow& row : rows_) {
      all_minutes += row.minutes;
      all_yen += row.yen;
    }
    const std::string at = absl::StrCat("line[", line, "]");
    if (minutes && *minutes != all_minutes) {
      faults_.Add(at + ".minutes", "CLAIM_MINUTES_DIFFER"_reason,
                  {{"line", absl::StrCat(line)},
                   {"stated", absl::StrCat(*minutes)},
                   {"sum", absl::StrCat(all_minutes)},
                   {"difference", absl::StrCat(*minutes - all_minutes)}});
    }
    if (yen && *yen != all_yen) {
      faults_.Add(at + ".yen", "RESULT_SUM_DIFFERS"_reason,
                  {{"where", absl::StrCat("line ", line)},
                   {"where_ja", absl::StrCat(line, "行目")},
                   {"stated", absl::StrCat(*yen)},
                   {"sum", absl::StrCat(all_yen)},
                   {"difference", absl::StrCat(*yen - all_yen)}});
    }
  }

  absl::optional<std::array<size_t, kColumns>> columns_;  // indexes in a row
  int passed_ = 0;                                        // rows before the heading
  std::vector<int> missing_ = {kGrant, kMinutes, kYen};   // missing columns of the most likely heading
  std::vector<ClaimRow> rows_;
  Faults faults_;
};

}  // namespace

absl::StatusOr<std::vector<ClaimRow>> ReadClaimFile(absl::string_view bytes) {
  const auto source = FoundOutRows(contract::Encoding::kAuto, "");
  Reader reader;
  const auto take_all = [&]() -> absl::Status {
    while (true) {
      ASSIGN_OR_RETURN(const absl::optional<FileRow> row, source->Next());
      if (!row) return absl::OkStatus();
      RETURN_IF_ERROR(reader.Take(*row));
    }
  };
  RETURN_IF_ERROR(source->Feed(bytes));
  RETURN_IF_ERROR(take_all());
  RETURN_IF_ERROR(source->Finish());
  RETURN_IF_ERROR(take_all());
  return reader.Finish();
}

}  // namespace tsunagu::subsidy
