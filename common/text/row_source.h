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

// One row of a file, in any format.
struct FileRow {
  // A fault or warning about one cell, before its field is known.
  struct CellFault {
    size_t column = 0;  // from 0
    Fault fault;        // without field
  };

  // The row number that a spreadsheet shows, from 1.
  int64_t line = 0;
  // In UTF-8. Empty when the row is refused.
  std::vector<std::string> cells;
  // OK, or why the row is refused.
  absl::Status fault;
  std::vector<CellFault> cell_faults;
};

// Returns true when the row has only spaces, or formulas that give no text, as rows of a table that nobody has filled
// in.
bool IsBlank(const FileRow& row);

// The rows of a file that arrives in pieces, without blank rows. Not thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // Takes the next piece of the file; call it once the rows of the piece before have been taken. An error tells what is
  // wrong with the file, and ends the reading.
  virtual absl::Status Feed(absl::string_view bytes) = 0;
  // Call at the end of the file. The same errors.
  virtual absl::Status Finish() = 0;
  // Returns the next row; nothing when more of the file is needed first, and after the last row. The same errors.
  virtual absl::StatusOr<absl::optional<FileRow>> Next() = 0;
  // Whether faults also carry the names of cells (B7).
  virtual bool names_cells() const = 0;
  // The merged ranges, as "B3:C3", at most sheet::kMostMerged and one more; known after the last row.
  virtual std::vector<std::string> merged() const { return {}; }
  // Whether the part read so far is CP932, which lacks many characters.
  virtual bool is_cp932() const { return false; }
};

// Reads CSV. Memory: that of CsvReader, and the rows of one piece. Removes the ' of MarkFormula. Errors as
// CsvReader's.
std::unique_ptr<RowSource> CsvRows(contract::Encoding encoding);

// Reads one sheet of a workbook: the one named `sheet` or, when `sheet` is empty, the first that is not hidden. The
// file goes to a temporary file first; then memory is constant except for the texts that its cells share
// (sheet::Limits). Cells are as sheet::Cell describes them; a date with the time 00:00:00 is a date. A row over 1 MiB
// is ROW_TOO_LONG. For cells: CELL_HAS_FORMULA, a warning; FORMULA_WITHOUT_VALUE and CELL_HAS_ERROR {value}, whose
// cells are empty.
//
// Errors: WORKBOOK_TOO_LARGE over 64 MiB; SHEET_IS_EMPTY; those of sheet::Workbook and sheet::SheetReader.
std::unique_ptr<RowSource> WorkbookRows(std::string sheet, const sheet::Limits& limits = {});

// Chooses by the content: a file that begins as an archive, an old workbook or a PDF file goes to WorkbookRows, which
// can name its kind; everything else is CSV.
std::unique_ptr<RowSource> FoundOutRows(contract::Encoding encoding, std::string sheet,
                                        const sheet::Limits& limits = {});

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_ROW_SOURCE_H_
