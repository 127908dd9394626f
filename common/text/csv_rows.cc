#include <algorithm>
#include <deque>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/cell_values.h"
#include "common/text/row_source.h"

namespace tsunagu {
namespace {

constexpr size_t kPiece = 16 << 10;

class CsvSource : public RowSource {
 public:
  explicit CsvSource(contract::Encoding encoding)
      : csv_(encoding, [this](contract::CsvRow row) {
          rows_.push_back(std::move(row));
          return absl::OkStatus();
        }) {}

  absl::Status Feed(absl::string_view bytes) override {
    unread_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    RETURN_IF_ERROR(csv_.Feed(absl::string_view(unread_).substr(read_)));
    unread_.clear();
    RETURN_IF_ERROR(csv_.Finish());
    return began_ || !rows_.empty() ? absl::OkStatus() : Fail("NOT_CSV"_reason);
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    while (true) {
      RETURN_IF_ERROR(ReadOn());
      if (rows_.empty()) return absl::optional<FileRow>();
      began_ = true;
      FileRow row;
      row.line = rows_.front().line;
      row.cells = std::move(rows_.front().cells);
      row.fault = std::move(rows_.front().fault);
      rows_.pop_front();
      if (IsBlank(row)) continue;
      for (std::string& cell : row.cells) cell = contract::UnmarkFormula(cell);
      return absl::make_optional(std::move(row));
    }
  }

  bool names_cells() const override { return false; }
  bool is_cp932() const override { return csv_.encoding() == contract::Encoding::kCp932; }

 private:
  // Reads a small piece at a time: one comma of the file becomes a string of 32 bytes here.
  absl::Status ReadOn() {
    while (rows_.empty() && !unread_.empty()) {
      const absl::Status fed = csv_.Feed(absl::string_view(unread_).substr(read_, kPiece));
      read_ += kPiece;
      if (read_ >= unread_.size()) unread_.clear(), read_ = 0;
      RETURN_IF_ERROR(fed);
    }
    return absl::OkStatus();
  }

  std::string unread_;  // the last piece; up to `read_` it has been read
  size_t read_ = 0;
  std::deque<contract::CsvRow> rows_;
  contract::CsvReader csv_;
  bool began_ = false;
};

}  // namespace

bool IsBlank(const FileRow& row) {
  const auto is_blank = [](const std::string& cell) { return TrimmedCell(cell).empty(); };
  const auto is_warning = [](const FileRow::CellFault& one) { return IsWarning(ReasonOf(one.fault)); };
  return row.fault.ok() && std::all_of(row.cells.begin(), row.cells.end(), is_blank) &&
         std::all_of(row.cell_faults.begin(), row.cell_faults.end(), is_warning);
}

std::unique_ptr<RowSource> CsvRows(contract::Encoding encoding) { return std::make_unique<CsvSource>(encoding); }

}  // namespace tsunagu
