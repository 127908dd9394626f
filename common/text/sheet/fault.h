#ifndef TSUNAGU_COMMON_TEXT_SHEET_FAULT_H_
#define TSUNAGU_COMMON_TEXT_SHEET_FAULT_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::sheet {

// Why a workbook is refused. The arguments that fill the text stand in braces. Cells are named as "B12", parts as the
// archive names them; contents of cells and names of sheets are never arguments, because they can be personal data.
enum class SheetFault {
  kNotWorkbook,     // something else than a spreadsheet
  kOldWorkbook,     // .xls of Excel 97 to 2003
  kBinaryWorkbook,  // .xlsb
  kMacroWorkbook,   // .xlsm, or any workbook that carries a macro
  kEncrypted,       // opens with a password only
  kOpenDocument,    // .ods
  kPdf,
  kDamaged,         // {part, detail}: cut, altered, or not written as the standard says; `detail` is for experts
  kUnsafeXml,       // {part}: it declares a document type
  kFileTooLarge,    // {max}: in bytes
  kExpandsTooMuch,  // its parts are far larger than the file
  kTooManyParts,    // {max}
  kTooManyRows,     // {max}
  kTooManyColumns,  // {cell, max}
  kCellTooLong,     // {cell, max}: in characters as Excel counts them; no `cell` in the table of shared strings
  kTooMuchText,     // {max}: of all different texts together, in bytes; {max_count}: their number
  kSheetNotFound,
  kNoSheet,        // there are charts only
  kBadSheetName,   // for the writer: Excel takes no such name
  kBadCharacters,  // {cell}: for the writer: not UTF-8, or NUL
  kStorageFailed,  // {detail}: a temporary file cannot be written or read
};

using Args = std::initializer_list<std::pair<absl::string_view, std::string>>;

// The word of a fault: WORKBOOK_DAMAGED.
absl::string_view Word(SheetFault fault);

// The refusal: INVALID_ARGUMENT, and UNAVAILABLE for kStorageFailed. This is the one place where faults of this folder
// become a status. Its message is the word, and the arguments behind it: "TOO_MANY_ROWS {max=100}".
absl::Status Refuse(SheetFault fault, Args args = {});

// The fault of a status that Refuse made.
absl::optional<SheetFault> SheetFaultOf(const absl::Status& status);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_FAULT_H_
