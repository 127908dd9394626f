// Completes a workbook: writes the parts that need the number of rows.
#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/package.h"
#include "common/text/sheet/writer.h"

namespace tsunagu::sheet {
namespace {

absl::Status Failed(absl::string_view detail) {
  return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", std::string(detail)}});
}

// libxlsxwriter 1.1.4 never frees the formula of a LXW_VALIDATION_TYPE_LIST_FORMULA, but does free that of a custom
// validation, which is otherwise the same.
void MakeLastOneAList(lxw_worksheet* sheet) {
  lxw_data_val_obj* last = nullptr;
  lxw_data_val_obj* validation = nullptr;
  STAILQ_FOREACH(validation, sheet->data_validations, list_pointers) last = validation;
  if (last != nullptr) last->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
}

}  // namespace

absl::Status Writer::EndSheet() {
  const auto last_column = static_cast<lxw_col_t>(layout_.columns.size() - 1);
  worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(rows_), last_column);
  return AddDropDowns();
}

absl::Status Writer::Finish() {
  if (!stopped_.ok()) return stopped_;
  stopped_ = Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "finished"}});
  RETURN_IF_ERROR(EndSheet());
  bool is_written = true;
  std::vector<int64_t> row_bytes;
  for (lxw_worksheet* sheet : sheets_) {
    FILE* rows = sheet == nullptr ? nullptr : sheet->optimize_tmpfile;
    is_written &= rows == nullptr || (std::fflush(rows) == 0 && std::ferror(rows) == 0);
    row_bytes.push_back(rows == nullptr ? 0 : ftello(rows));
  }
  const lxw_error error = workbook_close(std::exchange(book_, nullptr));
  if (!is_written) return Failed("the rows could not be written");
  if (error != LXW_NO_ERROR) return Failed(lxw_strerror(error));
  return CheckRowsOnDisk(row_bytes);
}

absl::Status Writer::AddDropDowns() {
  const int64_t last = std::min(rows_ + layout_.rows_to_fill, kExcelRows - 1);
  if (last == 0) return absl::OkStatus();
  for (size_t i = 0; i < layout_.columns.size(); ++i) {
    const Column& column = layout_.columns[i];
    if (column.kind != ColumnKind::kChoice || column.choices.empty()) continue;
    // The library takes mutable text, but does not change it.
    std::vector<char*> choices;
    for (const std::string& choice : column.choices) choices.push_back(const_cast<char*>(choice.c_str()));
    choices.push_back(nullptr);
    lxw_data_validation validation = {};
    const bool is_range = !list_ranges_[i].empty();
    validation.validate = is_range ? LXW_VALIDATION_TYPE_CUSTOM_FORMULA : LXW_VALIDATION_TYPE_LIST;
    if (is_range) validation.value_formula = const_cast<char*>(list_ranges_[i].c_str());
    if (!is_range) validation.value_list = choices.data();
    validation.error_title = const_cast<char*>(layout_.refusal_title.c_str());
    validation.error_message = const_cast<char*>(layout_.refusal_text.c_str());
    const auto place = static_cast<lxw_col_t>(i);
    const lxw_error error =
        worksheet_data_validation_range(sheet_, 1, place, static_cast<lxw_row_t>(last), place, &validation);
    if (error != LXW_NO_ERROR) return Failed(lxw_strerror(error));
    if (is_range) MakeLastOneAList(sheet_);
  }
  return absl::OkStatus();
}

// The library does not notice when the disk becomes full while it copies the rows: the part is then shorter than the
// rows.
absl::Status Writer::CheckRowsOnDisk(const std::vector<int64_t>& row_bytes) const {
  const int descriptor = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open");
  const auto package = Package::Open(descriptor, Limits());
  close(descriptor);
  if (!package.ok()) return Failed(package.status().message());
  for (size_t i = 0; i < row_bytes.size(); ++i) {
    const std::string part = absl::StrCat("xl/worksheets/sheet", i + 1, ".xml");
    if ((*package)->DeclaredSize(part) < row_bytes[i]) return Failed("the file is shorter than its rows");
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::sheet
