#ifndef TSUNAGU_COMMON_TEXT_SHEET_READER_H_
#define TSUNAGU_COMMON_TEXT_SHEET_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/limits.h"
#include "common/text/sheet/package.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/strings.h"
#include "common/text/sheet/styles.h"
#include "common/text/sheet/xml.h"

namespace tsunagu::sheet {

// A caller that reads merged ranges refuses a sheet that has more.
constexpr size_t kMostMerged = 1'000;

struct SheetInfo {
  std::string name;
  bool hidden = false;
};

// Reads the rows of one sheet from top to bottom, in constant memory. Not thread-safe.
class SheetReader {
 public:
  // Returns the next row that holds a value or a formula; nullptr after the last one. The row is valid until the next
  // call.
  //
  // The first of merged cells has the value. Phonetic readings, comments, the hidden state of rows and everything else
  // that is not a value is ignored.
  //
  // Errors: SHEET_TOO_MANY_ROWS, SHEET_TOO_MANY_COLUMNS, CELL_TOO_LONG, WORKBOOK_EXPANDS_TOO_MUCH (at a row:
  // SHEET_EXPANDS_TOO_MUCH), WORKBOOK_DAMAGED, WORKBOOK_UNSAFE. Damage is only found when it is reached: the rows
  // before it have been returned already, so a caller that needs all or nothing waits for the nullptr. After an error,
  // every call returns it again.
  absl::StatusOr<const Row*> Next();

  // The merged ranges, as "B3:C3"; known after the last row. Of a sheet that has more than kMostMerged, one more than
  // that is kept, so that the caller sees it.
  const std::vector<std::string>& merged() const { return merged_; }

 private:
  friend class Workbook;
  struct Book;

  SheetReader(const Book& book, XmlReader xml);
  absl::StatusOr<bool> Advance();
  absl::Status Begin();
  absl::Status ReadRow();
  absl::Status ReadMerged();
  absl::Status ReadCell();
  absl::StatusOr<int64_t> TakeColumn();
  absl::Status Resolve(absl::string_view type, size_t format, std::string value, Cell& cell);
  absl::Status ResolveShared(absl::string_view index, Cell& cell);
  absl::Status ResolveNumber(absl::string_view number, size_t format, Cell& cell);
  absl::Status Keep(int64_t column, Cell cell);

  const Book& book_;
  XmlReader xml_;
  bool began_ = false;
  bool ended_ = false;
  absl::Status stopped_;
  Row row_;
  int64_t last_column_ = 0;  // of this row, including empty cells
  int64_t rows_ = 0;
  std::vector<std::string> merged_;
};

// A workbook of Excel 2007 or later (.xlsx, .xltx). It is read from a file, because its table of contents is at the
// end; an upload in pieces goes through a Spool. Not thread-safe.
//
// Memory holds the texts that cells share (at most Limits::string_bytes, twice that while it grows) and the cell
// formats; sheets are streamed. Nothing outside the file is ever opened: for links to other workbooks the stored values
// are used. Nothing is computed and no macro is run: a workbook with macros is refused.
class Workbook {
 public:
  // Errors: NOT_A_WORKBOOK, WORKBOOK_IS_TEXT, WORKBOOK_IS_XLS, WORKBOOK_IS_XLSB, WORKBOOK_IS_ODS, WORKBOOK_IS_PDF,
  // WORKBOOK_HAS_MACROS, WORKBOOK_ENCRYPTED, WORKBOOK_DAMAGED, WORKBOOK_UNSAFE, WORKBOOK_TOO_MANY_PARTS,
  // WORKBOOK_EXPANDS_TOO_MUCH, WORKBOOK_TOO_MUCH_TEXT, CELL_TOO_LONG, WORKBOOK_HAS_NO_SHEET, TEMPORARY_FILE_FAILED.
  static absl::StatusOr<std::unique_ptr<Workbook>> Open(const Spool& spool, const Limits& limits = {});
  static absl::StatusOr<std::unique_ptr<Workbook>> Open(const std::string& path, const Limits& limits = {});
  // The caller owns the descriptor and may close it after this call. Its file position moves while the workbook is
  // read.
  static absl::StatusOr<std::unique_ptr<Workbook>> OpenDescriptor(int descriptor, const Limits& limits = {});
  ~Workbook();

  // In the order of their tabs, without sheets that are a single chart.
  const std::vector<SheetInfo>& sheets() const { return sheets_; }

  // The workbook must outlive its readers. Several readers may be open at once. Errors: SHEET_NOT_FOUND {sheets: the
  // names of the sheets that are not hidden}; WORKBOOK_DAMAGED.
  absl::StatusOr<std::unique_ptr<SheetReader>> Sheet(size_t index);
  // Compares names with case: the caller has the name from sheets().
  absl::StatusOr<std::unique_ptr<SheetReader>> Sheet(absl::string_view name);

 private:
  explicit Workbook(std::unique_ptr<Package> package, const Limits& limits);
  absl::Status Load();
  absl::Status NotFound() const;

  std::unique_ptr<Package> package_;
  std::unique_ptr<SheetReader::Book> book_;
  std::vector<SheetInfo> sheets_;
  std::vector<std::string> parts_;  // of the sheets
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_READER_H_
