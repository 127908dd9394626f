#include <deque>
#include <utility>

#include "common/base/status_macros.h"
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
    if (rows_.empty()) return absl::optional<FileRow>();
    began_ = true;
    FileRow row;
    row.line = rows_.front().line;
    row.cells = std::move(rows_.front().cells);
    row.fault = std::move(rows_.front().fault);
    rows_.pop_front();
    for (std::string& cell : row.cells) cell = records::UnguardFormula(cell);
    return absl::make_optional(std::move(row));
  }

  bool names_cells() const override { return false; }

 private:
  std::deque<records::CsvRow> rows_;
  records::CsvReader csv_;
  bool began_ = false;
};

}  // namespace

std::unique_ptr<RowSource> CsvRows(records::Encoding encoding) { return std::make_unique<CsvSource>(encoding); }

}  // namespace tsunagu
