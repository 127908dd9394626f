#include "common/text/sheet/fault.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::sheet {
namespace {

struct Entry {
  SheetFault fault;
  absl::string_view word;
};

constexpr Entry kWords[] = {
    {SheetFault::kNotWorkbook, "NOT_A_WORKBOOK"},
    {SheetFault::kOldWorkbook, "WORKBOOK_IS_XLS"},
    {SheetFault::kBinaryWorkbook, "WORKBOOK_IS_XLSB"},
    {SheetFault::kMacroWorkbook, "WORKBOOK_HAS_MACROS"},
    {SheetFault::kEncrypted, "WORKBOOK_ENCRYPTED"},
    {SheetFault::kOpenDocument, "WORKBOOK_IS_ODS"},
    {SheetFault::kPdf, "WORKBOOK_IS_PDF"},
    {SheetFault::kDamaged, "WORKBOOK_DAMAGED"},
    {SheetFault::kUnsafeXml, "WORKBOOK_UNSAFE"},
    {SheetFault::kFileTooLarge, "WORKBOOK_TOO_LARGE"},
    {SheetFault::kExpandsTooMuch, "WORKBOOK_EXPANDS_TOO_MUCH"},
    {SheetFault::kTooManyParts, "WORKBOOK_TOO_MANY_PARTS"},
    {SheetFault::kTooManyRows, "SHEET_TOO_MANY_ROWS"},
    {SheetFault::kTooManyColumns, "SHEET_TOO_MANY_COLUMNS"},
    {SheetFault::kCellTooLong, "CELL_TOO_LONG"},
    {SheetFault::kTooMuchText, "WORKBOOK_TOO_MUCH_TEXT"},
    {SheetFault::kSheetNotFound, "SHEET_NOT_FOUND"},
    {SheetFault::kNoSheet, "WORKBOOK_HAS_NO_SHEET"},
    {SheetFault::kBadSheetName, "SHEET_NAME_NOT_ALLOWED"},
    {SheetFault::kBadCharacters, "CELL_CHARACTERS_NOT_ALLOWED"},
    {SheetFault::kStorageFailed, "TEMPORARY_FILE_FAILED"},
};

}  // namespace

absl::string_view Word(SheetFault fault) {
  for (const Entry& entry : kWords) {
    if (entry.fault == fault) return entry.word;
  }
  return "INTERNAL";
}

absl::Status Refuse(SheetFault fault, Args args) {
  std::string message(Word(fault));
  absl::string_view before = " {";
  for (const auto& [name, value] : args) {
    absl::StrAppend(&message, before, name, "=", value);
    before = ", ";
  }
  if (args.size() > 0) message += "}";
  const bool is_ours = fault == SheetFault::kStorageFailed;
  return absl::Status(is_ours ? absl::StatusCode::kUnavailable : absl::StatusCode::kInvalidArgument, message);
}

absl::optional<SheetFault> SheetFaultOf(const absl::Status& status) {
  if (status.ok()) return absl::nullopt;
  const absl::string_view word = status.message().substr(0, status.message().find(' '));
  for (const Entry& entry : kWords) {
    if (entry.word == word) return entry.fault;
  }
  return absl::nullopt;
}

}  // namespace tsunagu::sheet
