#ifndef TSUNAGU_COMMON_TEXT_SHEET_WRITER_H_
#define TSUNAGU_COMMON_TEXT_SHEET_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

namespace tsunagu::sheet {

enum class ColumnKind { kText, kInteger, kDecimal, kDate, kDateTime, kChoice };

struct Column {
  std::string heading;
  ColumnKind kind = ColumnKind::kText;
  // For kChoice: the entries of the drop-down. Excel refuses other values when people type them; the writer accepts
  // them.
  std::vector<std::string> choices;
  // In characters of half width; 0 chooses a width by heading and kind.
  int width = 0;
  // Shown when the pointer is on the heading.
  std::string note;
};

struct Layout {
  // At most 31 characters, without [ ] : * ? / \ and without ' at its ends; not "History", not "_lists".
  std::string sheet_name;
  // At least one.
  std::vector<Column> columns;
  // The number of rows below the last one that also get the drop-downs, for a form that people fill in.
  int64_t rows_to_fill = 0;
  // The message for a value that is not one of the choices.
  std::string refusal_title = "一覧にない値です";
  std::string refusal_text = "一覧から選んでください。";
  // The time of creation stored in the file. Equal input gives equal bytes, so this is never the current time by
  // default.
  absl::Time created = absl::FromUnixSeconds(315532800);  // 1980-01-01, the day from which archives count
};

// Writes a workbook of one or several sheets: a bold, frozen heading row with filters, and rows below. Rows go to a
// temporary file of the library as they are added ($TMPDIR or /tmp), so that memory is constant. Not thread-safe.
//
// Cells are given as Cell describes them. A cell that fits its column's kind becomes a real number or date; "1.50" is
// then 1.5. Everything else stays text, so that reading it back gives the same text: 011002 in a column of numbers,
// more than 15 digits, days before 1900, 令和6年4月1日. Text never becomes a formula or a link. Empty cells are not
// written.
//
// Choices of more than 255 characters together, or choices that a drop-down cannot hold itself (with a comma, a quote,
// spaces at the ends), are written to a hidden sheet "_lists".
class Writer {
 public:
  // Finish creates or overwrites the file; spool.path() is a path for a file that no other process sees. Errors:
  // SHEET_NAME_NOT_ALLOWED; CELL_CHARACTERS_NOT_ALLOWED and CELL_TOO_LONG for headings, notes and choices;
  // TEMPORARY_FILE_FAILED.
  static absl::StatusOr<std::unique_ptr<Writer>> Create(Layout layout, const std::string& path);
  // Without Finish, no file is created.
  ~Writer();

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Adds a row; cells after the last column are text. Errors: CELL_CHARACTERS_NOT_ALLOWED {cell}, CELL_TOO_LONG {cell,
  // max}, SHEET_TOO_MANY_ROWS {max}, TEMPORARY_FILE_FAILED. After an error, every call returns it again.
  absl::Status Add(absl::Span<const std::string> cells);

  // Starts another sheet of the same workbook, whose columns have no choices. Errors as Create.
  absl::Status AddSheet(Layout layout);

  // Completes the file; nothing can be added afterwards. Errors: TEMPORARY_FILE_FAILED; the file is then unusable.
  absl::Status Finish();

 private:
  struct Formats;

  Writer(Layout layout, std::string path);
  absl::Status Begin();
  absl::Status BeginSheet();
  absl::Status EndSheet();
  absl::Status WriteHeading();
  absl::Status WriteLists();
  absl::Status AddCell(size_t column, const std::string& text);
  absl::Status WriteText(lxw_worksheet* sheet, int64_t row, size_t column, const std::string& text, lxw_format* format);
  lxw_format* FormatOf(ColumnKind kind) const;
  absl::Status AddDropDowns();
  absl::Status CheckRowsOnDisk(const std::vector<int64_t>& row_bytes) const;

  Layout layout_;  // of the sheet that is being written
  const std::string path_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  std::unique_ptr<Formats> formats_;
  std::vector<lxw_worksheet*> sheets_;    // by the number of their part, from 1; null for the lists
  std::vector<std::string> list_ranges_;  // by column; empty when the drop-down holds its choices itself
  int64_t rows_ = 0;                      // without the heading
  absl::Status stopped_;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_WRITER_H_
