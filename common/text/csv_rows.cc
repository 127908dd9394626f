#include <algorithm>
#include <deque>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/cell_values.h"
#include "common/text/row_source.h"

namespace tsunagu {
namespace {

class CsvSource : public RowSource {
 public:
  explicit CsvSource(records::Encoding encoding)
      : csv_(encoding, [this](records::CsvRow row) {
          rows_.push_back(std::move(row));
          return absl::OkStatus();
        }) {}

  absl::Status Feed(absl::string_view bytes) override { return csv_.Feed(bytes); }

  absl::Status Finish() override {
    RETURN_IF_ERROR(csv_.Finish());
    return began_ || !rows_.empty() ? absl::OkStatus() : Fail("NOT_CSV"_reason);
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    while (!rows_.empty()) {
      began_ = true;
      FileRow row;
      row.line = rows_.front().line;
      row.cells = std::move(rows_.front().cells);
      row.fault = std::move(rows_.front().fault);
      rows_.pop_front();
      if (IsBlank(row)) continue;
      for (std::string& cell : row.cells) cell = records::UnguardFormula(cell);
      return absl::make_optional(std::move(row));
    }
    return absl::optional<FileRow>();
  }

  bool names_cells() const override { return false; }
  bool is_cp932() const override { return csv_.encoding() == records::Encoding::kCp932; }

 private:
  std::deque<records::CsvRow> rows_;
  records::CsvReader csv_;
  bool began_ = false;
};

}  // namespace

bool IsBlank(const FileRow& row) {
  const auto is_blank = [](const std::string& cell) { return TrimmedCell(cell).empty(); };
  const auto is_warning = [](const FileRow::CellFault& one) { return IsWarning(ReasonOf(one.fault)); };
  return row.fault.ok() && std::all_of(row.cells.begin(), row.cells.end(), is_blank) &&
         std::all_of(row.cell_faults.begin(), row.cell_faults.end(), is_warning);
}

std::unique_ptr<RowSource> CsvRows(records::Encoding encoding) { return std::make_unique<CsvSource>(encoding); }

}  // namespace tsunagu
