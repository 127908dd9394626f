#ifndef TSUNAGU_COMMON_TEXT_ROW_SOURCE_H_
#define TSUNAGU_COMMON_TEXT_ROW_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/text/csv.h"
#include "common/text/sheet/limits.h"

namespace tsunagu {

// One row of a file, whatever its format.
struct FileRow {
  // What there is to say about one cell before anybody knows what it stands for.
  struct CellFault {
    size_t column = 0;  // from 0
    Fault fault;        // without field
  };

  // Number of the row as a spreadsheet shows it, from 1.
  int64_t line = 0;
  // In UTF-8. Empty where the row cannot be taken.
  std::vector<std::string> cells;
  // OK, or why the row cannot be taken.
  absl::Status fault;
  std::vector<CellFault> cell_faults;
};

// Nothing but spaces, or formulas that give no text: what a table holds in the rows that nobody has filled in.
bool IsBlank(const FileRow& row);

// The rows of a file that comes in pieces, without blank ones. Not thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // The next piece of the file, once the rows of the one before have been taken. An error says what is wrong with the
  // file, and ends the reading.
  virtual absl::Status Feed(absl::string_view bytes) = 0;
  // The file is complete. The same errors.
  virtual absl::Status Finish() = 0;
  // The next row; nothing where more of the file has to come first, and behind the last one. The same errors.
  virtual absl::StatusOr<absl::optional<FileRow>> Next() = 0;
  // Whether faults are told by the names of cells (B7) as well.
  virtual bool names_cells() const = 0;
  // Which cells are merged, as "B3:C3", at most 1,000 of them: known behind the last row.
  virtual std::vector<std::string> merged() const { return {}; }
  // Whether what was read so far was CP932, which lacks many characters.
  virtual bool is_cp932() const { return false; }
};

// CSV, in the memory that CsvReader takes and that the rows of one piece need. The ' of MarkFormula is taken off.
// Errors as CsvReader's.
std::unique_ptr<RowSource> CsvRows(contract::Encoding encoding);

// One sheet of a workbook: that named `sheet`, or the first that is not hidden where that is empty. The file goes to a
// temporary file first; then memory is constant but for the texts that its cells share (sheet::Limits). Cells are as
// sheet::Cell describes them; days with a time of 00:00:00 are days. Over 1 MiB a row is
// ROW_TOO_LONG. Of cells: CELL_HAS_FORMULA, a warning;
// FORMULA_WITHOUT_VALUE and CELL_HAS_ERROR {value}, whose cells are empty.
//
// Errors: WORKBOOK_TOO_LARGE over 64 MiB; SHEET_IS_EMPTY; those of sheet::Workbook and sheet::SheetReader.
std::unique_ptr<RowSource> WorkbookRows(std::string sheet, const sheet::Limits& limits = {});

// Whichever of these the file is: what begins as an archive, an old workbook or a PDF file is for WorkbookRows, which
// can say what it is; everything else is CSV.
std::unique_ptr<RowSource> FoundOutRows(contract::Encoding encoding, std::string sheet,
                                        const sheet::Limits& limits = {});

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_ROW_SOURCE_H_
