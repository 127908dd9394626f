#include "common/text/sheet/writer.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/characters.h"
#include "common/text/sheet/serial.h"
#include "common/text/sheet/writer_check.h"

namespace tsunagu::sheet {
namespace {

constexpr char kListSheet[] = "_lists";
constexpr lxw_color_t kHeadingColor = 0xE8F1FE;
constexpr int kMinWidth = 8;
constexpr int kMaxWidth = 60;

absl::Status LibraryFailed(lxw_error error) {
  return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", lxw_strerror(error)}});
}

int WidthOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
    case ColumnKind::kChoice:
      return 16;
    case ColumnKind::kInteger:
    case ColumnKind::kDecimal:
      return 10;
    case ColumnKind::kDate:
      return 12;
    case ColumnKind::kDateTime:
      return 20;
  }
  return kMinWidth;
}

// Returns a width for the heading and the button of its filter.
int WidthOf(const Column& column) {
  if (column.width > 0) return column.width;
  const int heading = 4 + CountColumns(column.heading);
  return std::clamp(std::max(heading, WidthOf(column.kind)), kMinWidth, kMaxWidth);
}

// Returns the number that `text` represents without any loss, or nothing.
absl::optional<double> NumberOf(absl::string_view text, ColumnKind kind) {
  const bool has_point = absl::StrContains(text, '.');
  if (has_point && kind == ColumnKind::kInteger) return absl::nullopt;
  const absl::optional<double> number = ParseNumber(text);
  while (has_point && absl::ConsumeSuffix(&text, "0")) continue;
  if (has_point) absl::ConsumeSuffix(&text, ".");
  return number.has_value() && FormatNumber(*number) == text ? number : absl::nullopt;
}

absl::optional<double> StoredNumber(absl::string_view text, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kDecimal:
      return NumberOf(text, kind);
    case ColumnKind::kDate:
      return SerialOfDate(text);
    case ColumnKind::kDateTime:
      return SerialOfDateTime(text);
    case ColumnKind::kText:
    case ColumnKind::kChoice:
      return absl::nullopt;
  }
  return absl::nullopt;
}

lxw_format* NumberFormat(lxw_workbook* book, const char* code) {
  lxw_format* format = workbook_add_format(book);
  format_set_num_format(format, code);
  return format;
}

}  // namespace

// The library owns these formats.
struct Writer::Formats {
  lxw_format* heading = nullptr;
  lxw_format* text = nullptr;
  lxw_format* integer = nullptr;
  lxw_format* date = nullptr;
  lxw_format* date_time = nullptr;
};

Writer::Writer(Layout layout, std::string path)
    : layout_(std::move(layout)), path_(std::move(path)), formats_(std::make_unique<Formats>()) {}

Writer::~Writer() {
  if (book_ != nullptr) lxw_workbook_free(book_);
}

absl::StatusOr<std::unique_ptr<Writer>> Writer::Create(Layout layout, const std::string& path) {
  if (!IsSheetName(layout.sheet_name)) return Fail("SHEET_NAME_NOT_ALLOWED"_reason);
  std::unique_ptr<Writer> writer(new Writer(std::move(layout), path));
  RETURN_IF_ERROR(writer->Begin());
  return writer;
}

absl::Status Writer::Begin() {
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  book_ = workbook_new_opt(path_.c_str(), &options);
  if (book_ == nullptr) return LibraryFailed(LXW_ERROR_MEMORY_MALLOC_FAILED);
  lxw_doc_properties properties = {};
  properties.created = absl::ToTimeT(layout_.created);
  workbook_set_properties(book_, &properties);
  formats_->heading = workbook_add_format(book_);
  format_set_bold(formats_->heading);
  format_set_text_wrap(formats_->heading);
  format_set_align(formats_->heading, LXW_ALIGN_VERTICAL_CENTER);
  format_set_border(formats_->heading, LXW_BORDER_THIN);
  format_set_bg_color(formats_->heading, kHeadingColor);
  formats_->text = NumberFormat(book_, "@");
  formats_->integer = NumberFormat(book_, "0");
  formats_->date = NumberFormat(book_, "yyyy-mm-dd");
  formats_->date_time = NumberFormat(book_, "yyyy-mm-dd hh:mm:ss");
  RETURN_IF_ERROR(BeginSheet());
  return WriteLists();
}

absl::Status Writer::BeginSheet() {
  sheet_ = workbook_add_worksheet(book_, layout_.sheet_name.c_str());
  if (sheet_ == nullptr) return LibraryFailed(LXW_ERROR_CREATING_TMPFILE);
  sheets_.push_back(sheet_);
  rows_ = 0;
  list_ranges_.assign(layout_.columns.size(), "");
  return WriteHeading();
}

absl::Status Writer::AddSheet(Layout layout) {
  if (!stopped_.ok()) return stopped_;
  if (!IsSheetName(layout.sheet_name)) return stopped_ = Fail("SHEET_NAME_NOT_ALLOWED"_reason);
  stopped_ = EndSheet();
  if (!stopped_.ok()) return stopped_;
  layout_ = std::move(layout);
  return stopped_ = BeginSheet();
}

absl::Status Writer::WriteHeading() {
  worksheet_freeze_panes(sheet_, 1, 0);
  for (size_t i = 0; i < layout_.columns.size(); ++i) {
    const Column& column = layout_.columns[i];
    const auto place = static_cast<lxw_col_t>(i);
    worksheet_set_column(sheet_, place, place, WidthOf(column), FormatOf(column.kind));
    RETURN_IF_ERROR(WriteText(sheet_, 0, i, column.heading, formats_->heading));
    if (column.note.empty()) continue;
    RETURN_IF_ERROR(CheckText(column.note, CellName(static_cast<int64_t>(i) + 1, 1)));
    const lxw_error error = worksheet_write_comment(sheet_, 0, place, column.note.c_str());
    if (error != LXW_NO_ERROR) return LibraryFailed(error);
  }
  return absl::OkStatus();
}

// The library accepts rows from top to bottom only, so the lists are side by side and written row by row.
absl::Status Writer::WriteLists() {
  std::vector<const std::vector<std::string>*> lists;
  size_t longest = 0;
  for (size_t i = 0; i < layout_.columns.size(); ++i) {
    const Column& column = layout_.columns[i];
    if (column.kind != ColumnKind::kChoice || FitsIntoDropDown(column.choices)) continue;
    lists.push_back(&column.choices);
    longest = std::max(longest, column.choices.size());
    list_ranges_[i] = ListRange(kListSheet, lists.size(), column.choices.size());
  }
  if (lists.empty()) return absl::OkStatus();
  lxw_worksheet* sheet = workbook_add_worksheet(book_, kListSheet);
  if (sheet == nullptr) return LibraryFailed(LXW_ERROR_CREATING_TMPFILE);
  sheets_.push_back(nullptr);
  worksheet_hide(sheet);
  for (size_t row = 0; row < longest; ++row) {
    for (size_t i = 0; i < lists.size(); ++i) {
      if (row >= lists[i]->size()) continue;
      RETURN_IF_ERROR(WriteText(sheet, static_cast<int64_t>(row), i, (*lists[i])[row], formats_->text));
    }
  }
  return absl::OkStatus();
}

absl::Status Writer::Add(absl::Span<const std::string> cells) {
  if (!stopped_.ok()) return stopped_;
  if (rows_ + 1 == kExcelRows) {
    return stopped_ = Fail("SHEET_TOO_MANY_ROWS"_reason, {{"max", absl::StrCat(kExcelRows - 1)}});
  }
  ++rows_;
  for (size_t i = 0; i < cells.size() && stopped_.ok(); ++i) stopped_ = AddCell(i, cells[i]);
  return stopped_;
}

absl::Status Writer::AddCell(size_t column, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  const ColumnKind kind = column < layout_.columns.size() ? layout_.columns[column].kind : ColumnKind::kText;
  const absl::optional<double> number = StoredNumber(text, kind);
  if (!number.has_value()) return WriteText(sheet_, rows_, column, text, formats_->text);
  const lxw_error error = worksheet_write_number(sheet_, static_cast<lxw_row_t>(rows_), static_cast<lxw_col_t>(column),
                                                 *number, FormatOf(kind));
  return error == LXW_NO_ERROR ? absl::OkStatus() : LibraryFailed(error);
}

absl::Status Writer::WriteText(lxw_worksheet* sheet, int64_t row, size_t column, const std::string& text,
                               lxw_format* format) {
  RETURN_IF_ERROR(CheckText(text, CellName(static_cast<int64_t>(column) + 1, row + 1)));
  const lxw_error error = worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                                                 Escape(text).c_str(), format);
  return error == LXW_NO_ERROR ? absl::OkStatus() : LibraryFailed(error);
}

lxw_format* Writer::FormatOf(ColumnKind kind) const {
  switch (kind) {
    case ColumnKind::kText:
    case ColumnKind::kChoice:
      return formats_->text;
    case ColumnKind::kInteger:
      return formats_->integer;
    case ColumnKind::kDecimal:
      return nullptr;
    case ColumnKind::kDate:
      return formats_->date;
    case ColumnKind::kDateTime:
      return formats_->date_time;
  }
  return nullptr;
}

}  // namespace tsunagu::sheet
