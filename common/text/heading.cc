#include "common/text/heading.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/jp/code_points.h"
#include "common/jp/fold.h"
#include "common/text/cell_values.h"
#include "common/text/sheet/cell.h"

namespace tsunagu {
namespace {

constexpr size_t kMostOfHeading = 1000, kMostShown = 20, kMostOfShown = 30;

std::string ShownCell(absl::string_view cell) {
  std::u32string text = jp::ToCodePoints(cell.substr(0, 4 * kMostOfShown + 4));
  const bool is_cut = text.size() > kMostOfShown;
  if (is_cut) text.resize(kMostOfShown);
  return absl::StrCat(absl::StrReplaceAll(jp::ToUtf8(text), {{"\r", ""}, {"\n", " "}}), is_cut ? "…" : "");
}

Fault TakenFor(int64_t line, const std::string& cells) {
  return MakeFault("", "HEADING_TAKEN"_reason, {{"row", absl::StrCat(line)}, {"cells", cells}});
}

}  // namespace

std::string FoldedHeading(absl::string_view cell) { return cell.size() > kMostOfHeading ? "" : jp::Fold(cell); }

size_t WidthOf(absl::Span<const std::string> heading) {
  size_t width = heading.size();
  while (width > 0 && TrimmedCell(heading[width - 1]).empty()) --width;
  return width;
}

std::string ShownCells(absl::Span<const std::string> cells) {
  std::vector<std::string> shown;
  for (const std::string& cell : cells) {
    const std::string text = TrimmedCell(absl::string_view(cell).substr(0, kMostOfHeading));
    if (text.empty()) continue;
    if (shown.size() == kMostShown) {
      shown.push_back("…");
      break;
    }
    shown.push_back(ShownCell(text));
  }
  return absl::StrJoin(shown, ", ");
}

absl::StatusOr<std::unique_ptr<RowReader>> HeadingSearch::Take(const FileRow& row) {
  ++rows_;
  if (!row.fault.ok() && unreadable_.ok()) unreadable_ = row.fault;
  const absl::Span<const std::string> heading = absl::MakeSpan(row.cells).subspan(0, WidthOf(row.cells));
  for (const FileFormatFactory& format : formats_) {
    if (!row.fault.ok()) break;
    ASSIGN_OR_RETURN(std::unique_ptr<RowReader> reader, format(heading));
    if (reader != nullptr) return Found(row, std::move(reader));
  }
  if (row.fault.ok()) {
    ContractMatch match = MatchContract(schema_, heading);
    if (match.reader != nullptr) return Found(row, std::move(match.reader));
    if (match.known > known_) {
      known_ = match.known;
      line_ = row.line;
      cells_ = ShownCells(heading);
      lacks_ = match.faults.ToStatus();
    }
  }
  if (rows_ >= kMostRows) return NotFound();
  return nullptr;
}

absl::StatusOr<std::unique_ptr<RowReader>> HeadingSearch::Found(const FileRow& row, std::unique_ptr<RowReader> reader) {
  std::vector<std::string> unknown;
  for (const size_t index : reader->left_out()) {
    const bool has_name = !TrimmedCell(row.cells[index]).empty();
    unknown.push_back(has_name ? row.cells[index] : sheet::CellName(static_cast<int64_t>(index) + 1, row.line));
  }
  if (!unknown.empty() && strict_) {
    Faults faults;
    faults.Add("", "UNKNOWN_COLUMNS"_reason, {{"columns", ShownCells(unknown)}});
    faults.Add("", ToStatus(TakenFor(row.line, ShownCells(row.cells))));
    return faults.ToStatus();
  }
  if (rows_ > 1) {
    warnings_.Add("", "ROWS_ABOVE_HEADING"_reason,
                  {{"row", absl::StrCat(row.line)}, {"count", absl::StrCat(rows_ - 1)}});
  }
  if (!unknown.empty()) warnings_.Add("", "COLUMNS_LEFT_OUT"_reason, {{"columns", ShownCells(unknown)}});
  return reader;
}

absl::Status HeadingSearch::NotFound() const {
  if (known_ <= 0 && !unreadable_.ok()) return unreadable_;
  if (rows_ == 0) return Fail("NOT_CSV"_reason);
  Faults faults;  // the row comes first, because the rest may be more than is kept
  faults.Add("", ToStatus(TakenFor(line_, cells_)));
  faults.Add("", lacks_);
  return faults.ToStatus();
}

}  // namespace tsunagu
