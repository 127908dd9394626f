#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/row_source.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"

namespace tsunagu {
namespace {

constexpr int64_t kMaxFileBytes = 64 << 20;
constexpr size_t kMaxRowBytes = 1 << 20;

// Returns the text of a cell as records read it. Empty when the value must not be used; `fault` then gives the reason.
std::string ValueOf(const sheet::Cell& cell, absl::optional<Fault>& fault) {
  if (cell.kind == sheet::CellKind::kError) {
    fault = MakeFault("", "CELL_HAS_ERROR"_reason, {{"value", cell.text}});
    return "";
  }
  if (cell.formula) {
    const bool has_value = cell.kind != sheet::CellKind::kEmpty;
    fault = MakeFault("", has_value ? "CELL_HAS_FORMULA"_reason : "FORMULA_WITHOUT_VALUE"_reason);
  }
  if (cell.kind != sheet::CellKind::kDateTime) return cell.text;
  return std::string(absl::StripSuffix(cell.text, "T00:00:00"));
}

FileRow RowOf(const sheet::Row& row) {
  FileRow read;
  read.line = row.number;
  size_t bytes = 0;
  for (const sheet::Cell& cell : row.cells) bytes += cell.text.size();
  if (bytes > kMaxRowBytes) {
    read.fault = Fail("ROW_TOO_LONG"_reason);
    return read;
  }
  for (const sheet::Cell& cell : row.cells) {
    absl::optional<Fault> fault;
    read.cells.push_back(ValueOf(cell, fault));
    if (fault) read.cell_faults.push_back({read.cells.size() - 1, *std::move(fault)});
  }
  return read;
}

class WorkbookSource : public RowSource {
 public:
  WorkbookSource(std::string sheet, const sheet::Limits& limits) : sheet_(std::move(sheet)), limits_(limits) {}

  absl::Status Feed(absl::string_view bytes) override {
    if (!spool_) {
      ASSIGN_OR_RETURN(spool_, sheet::Spool::Create(kMaxFileBytes));
    }
    return spool_->Append(bytes);
  }

  absl::Status Finish() override {
    RETURN_IF_ERROR(Feed(""));
    ASSIGN_OR_RETURN(book_, sheet::Workbook::Open(*spool_, limits_));
    ASSIGN_OR_RETURN(rows_, sheet_.empty() ? book_->Sheet(FirstShown()) : book_->Sheet(sheet_));
    return absl::OkStatus();
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    while (rows_ != nullptr) {
      ASSIGN_OR_RETURN(const sheet::Row* const next, rows_->Next());
      if (next == nullptr && is_empty_) return Fail("SHEET_IS_EMPTY"_reason);
      if (next == nullptr) break;
      FileRow row = RowOf(*next);
      if (IsBlank(row)) continue;
      is_empty_ = false;
      return absl::make_optional(std::move(row));
    }
    return absl::optional<FileRow>();
  }

  bool names_cells() const override { return true; }
  std::vector<std::string> merged() const override {
    return rows_ == nullptr ? std::vector<std::string>() : rows_->merged();
  }

 private:
  size_t FirstShown() const {
    size_t index = 0;
    while (index < book_->sheets().size() && book_->sheets()[index].hidden) ++index;
    return index < book_->sheets().size() ? index : 0;
  }

  const std::string sheet_;
  const sheet::Limits limits_;
  absl::optional<sheet::Spool> spool_;
  std::unique_ptr<sheet::Workbook> book_;
  std::unique_ptr<sheet::SheetReader> rows_;
  bool is_empty_ = true;  // so far
};

constexpr size_t kSignatureBytes = 4;

bool BeginsAsWorkbook(absl::string_view head) {
  return absl::StartsWith(head, "PK\x03\x04") || absl::StartsWith(head, "\xD0\xCF\x11\xE0") ||
         absl::StartsWith(head, "%PDF");
}

class FoundOutSource : public RowSource {
 public:
  FoundOutSource(contract::Encoding encoding, std::string sheet, const sheet::Limits& limits)
      : encoding_(encoding), sheet_(std::move(sheet)), limits_(limits) {}

  absl::Status Feed(absl::string_view bytes) override {
    if (rows_ != nullptr) return rows_->Feed(bytes);
    head_.append(bytes.data(), bytes.size());
    return head_.size() < kSignatureBytes ? absl::OkStatus() : Choose();
  }

  absl::Status Finish() override {
    if (rows_ == nullptr) RETURN_IF_ERROR(Choose());
    return rows_->Finish();
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    return rows_ == nullptr ? absl::optional<FileRow>() : rows_->Next();
  }

  bool names_cells() const override { return rows_ != nullptr && rows_->names_cells(); }
  std::vector<std::string> merged() const override {
    return rows_ == nullptr ? std::vector<std::string>() : rows_->merged();
  }
  bool is_cp932() const override { return rows_ != nullptr && rows_->is_cp932(); }

 private:
  absl::Status Choose() {
    rows_ = BeginsAsWorkbook(head_) ? WorkbookRows(sheet_, limits_) : CsvRows(encoding_);
    return rows_->Feed(std::exchange(head_, ""));
  }

  const contract::Encoding encoding_;
  const std::string sheet_;
  const sheet::Limits limits_;
  std::string head_;  // bytes read before there were enough to choose
  std::unique_ptr<RowSource> rows_;
};

}  // namespace

std::unique_ptr<RowSource> WorkbookRows(std::string sheet, const sheet::Limits& limits) {
  return std::make_unique<WorkbookSource>(std::move(sheet), limits);
}

std::unique_ptr<RowSource> FoundOutRows(contract::Encoding encoding, std::string sheet, const sheet::Limits& limits) {
  return std::make_unique<FoundOutSource>(encoding, std::move(sheet), limits);
}

}  // namespace tsunagu
