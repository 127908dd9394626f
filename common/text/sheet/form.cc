#include "common/text/sheet/form.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <map>
#include <memory>

#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/characters.h"
#include "common/text/sheet/serial.h"
#include "common/text/sheet/writer_check.h"

namespace tsunagu::sheet {
namespace {

using Kind = FormCell::Kind;
using Look = FormCell::Look;

constexpr uint8_t kPaperA4 = 9;
constexpr lxw_color_t kHeadingColor = 0xE8F1FE, kAnswerColor = 0xFFFBE6, kSmallColor = 0x808080;
// Twelve digits: no answer of any form has more.
constexpr double kLargest = 999'999'999'999;
constexpr double kFirstDay = 1, kLastDay = 2'958'465;

absl::Status Failed(lxw_error error) { return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", lxw_strerror(error)}}); }
absl::Status Checked(lxw_error error) { return error == LXW_NO_ERROR ? absl::OkStatus() : Failed(error); }

class FormWriter {
 public:
  explicit FormWriter(const Form& form) : form_(form) {}
  ~FormWriter() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }

  absl::Status Write(const std::string& path) {
    if (!IsSheetName(form_.sheet_name)) return Fail("SHEET_NAME_NOT_ALLOWED"_reason);
    book_ = workbook_new(path.c_str());
    if (book_ == nullptr) return Failed(LXW_ERROR_MEMORY_MALLOC_FAILED);
    lxw_doc_properties properties = {};
    properties.created = absl::ToTimeT(form_.created);
    workbook_set_properties(book_, &properties);
    sheet_ = workbook_add_worksheet(book_, form_.sheet_name.c_str());
    if (sheet_ == nullptr) return Failed(LXW_ERROR_CREATING_TMPFILE);
    SetUpPage();
    for (const FormCell& cell : form_.cells) RETURN_IF_ERROR(WriteCell(cell));
    lxw_workbook* book = book_;
    book_ = nullptr;  // closing frees it
    return Checked(workbook_close(book));
  }

 private:
  void SetUpPage() {
    for (size_t i = 0; i < form_.widths.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet_, column, column, form_.widths[i], nullptr);
    }
    worksheet_set_paper(sheet_, kPaperA4);
    worksheet_fit_to_pages(sheet_, 1, 0);
    if (form_.heading_row > 0) {
      const auto row = static_cast<lxw_row_t>(form_.heading_row);
      worksheet_freeze_panes(sheet_, row, 0);
      worksheet_repeat_rows(sheet_, row - 1, row - 1);
    }
    lxw_protection may = {};
    may.format_columns = LXW_TRUE;
    may.format_rows = LXW_TRUE;
    worksheet_protect(sheet_, nullptr, &may);
  }

  lxw_format* FormatOf(const FormCell& cell) {
    lxw_format*& format = formats_[{cell.look, cell.look == Look::kAnswer ? cell.kind : Kind::kText}];
    if (format != nullptr) return format;
    format = workbook_add_format(book_);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (cell.look == Look::kSmall) {
      format_set_font_size(format, 8);
      format_set_font_color(format, kSmallColor);
    } else if (cell.look == Look::kTitle) {
      format_set_font_size(format, 14);
      format_set_bold(format);
      format_set_align(format, LXW_ALIGN_CENTER);
    } else if (cell.look != Look::kPlain) {
      format_set_border(format, LXW_BORDER_THIN);
    }
    if (cell.look == Look::kHeading || cell.look == Look::kLabel) {
      format_set_bold(format);
      format_set_bg_color(format, kHeadingColor);
    }
    if (cell.look == Look::kAnswer) {
      format_set_unlocked(format);
      format_set_bg_color(format, kAnswerColor);
      format_set_num_format(format, cell.kind == Kind::kInteger ? "#,##0"
                                    : cell.kind == Kind::kDate  ? "yyyy-mm-dd"
                                                                : "@");
    }
    return format;
  }

  absl::Status WriteCell(const FormCell& cell) {
    RETURN_IF_ERROR(CheckText(cell.text, CellName(cell.column, cell.row)));
    lxw_format* format = FormatOf(cell);
    const auto row = static_cast<lxw_row_t>(cell.row - 1);
    const auto column = static_cast<lxw_col_t>(cell.column - 1);
    if (cell.rows > 1 || cell.columns > 1) {
      return Checked(worksheet_merge_range(sheet_, row, column, row + cell.rows - 1,
                                           static_cast<lxw_col_t>(column + cell.columns - 1), Escape(cell.text).c_str(),
                                           format));
    }
    if (cell.look == Look::kAnswer) RETURN_IF_ERROR(AddValidation(cell, row, column));
    if (cell.text.empty()) return Checked(worksheet_write_blank(sheet_, row, column, format));
    if (const absl::optional<double> number = NumberOf(cell)) {
      return Checked(worksheet_write_number(sheet_, row, column, *number, format));
    }
    return Checked(worksheet_write_string(sheet_, row, column, Escape(cell.text).c_str(), format));
  }

  static absl::optional<double> NumberOf(const FormCell& cell) {
    if (cell.kind == Kind::kDate) return SerialOfDate(cell.text);
    if (cell.kind != Kind::kInteger) return absl::nullopt;
    const absl::optional<double> number = ParseNumber(cell.text);
    return number.has_value() && FormatNumber(*number) == cell.text ? number : absl::nullopt;
  }

  absl::Status AddValidation(const FormCell& cell, lxw_row_t row, lxw_col_t column) {
    lxw_data_validation validation = {};
    // The library takes mutable text, but does not change it.
    std::vector<char*> choices;
    if (cell.kind == Kind::kChoice) {
      if (cell.choices.empty() || !FitsIntoDropDown(cell.choices)) return absl::OkStatus();
      for (const std::string& choice : cell.choices) choices.push_back(const_cast<char*>(choice.c_str()));
      choices.push_back(nullptr);
      validation.validate = LXW_VALIDATION_TYPE_LIST;
      validation.value_list = choices.data();
    } else if (cell.kind == Kind::kInteger) {
      validation.validate = LXW_VALIDATION_TYPE_INTEGER;
      validation.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
      validation.minimum_number = 0;
      validation.maximum_number = kLargest;
    } else if (cell.kind == Kind::kDate) {
      validation.validate = LXW_VALIDATION_TYPE_DATE_NUMBER;
      validation.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
      validation.minimum_number = kFirstDay;
      validation.maximum_number = kLastDay;
    } else {
      return absl::OkStatus();
    }
    validation.error_title = const_cast<char*>(form_.refusal_title.c_str());
    validation.error_message = const_cast<char*>(form_.refusal_text.c_str());
    return Checked(worksheet_data_validation_cell(sheet_, row, column, &validation));
  }

  const Form& form_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  std::map<std::pair<Look, Kind>, lxw_format*> formats_;
};

}  // namespace

absl::Status WriteForm(const Form& form, const std::string& path) { return FormWriter(form).Write(path); }

}  // namespace tsunagu::sheet
