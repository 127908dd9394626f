#include "common/text/sheet/reader.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/book.h"
#include "common/text/sheet/serial.h"

namespace tsunagu::sheet {
namespace {

using Token = XmlReader::Token;

constexpr size_t kLongestRange = 32;

// Adds the cell to a fault, once the cell is known.
absl::Status AtCell(const absl::Status& status, const Cell& cell, const Limits& limits) {
  if (ReasonOf(status) != "CELL_TOO_LONG"_reason) return status;
  return Fail("CELL_TOO_LONG"_reason, {{"cell", cell.reference}, {"max", absl::StrCat(limits.cell_characters)}});
}

}  // namespace

SheetReader::SheetReader(const Book& book, XmlReader xml) : book_(book), xml_(std::move(xml)) {}

absl::StatusOr<const Row*> SheetReader::Next() {
  if (!stopped_.ok()) return stopped_;
  const absl::StatusOr<bool> found = Advance();
  // The limit is exceeded at some row, and the rows before it have been returned by then.
  if (ReasonOf(found.status()) == "WORKBOOK_EXPANDS_TOO_MUCH"_reason && row_.number > 0) {
    return stopped_ = Fail("SHEET_EXPANDS_TOO_MUCH"_reason, {{"row", absl::StrCat(row_.number)},
                                                             {"max", absl::StrCat(book_.limits.sheet_bytes >> 20)},
                                                             {"ratio", absl::StrCat(book_.limits.ratio)}});
  }
  if (!found.ok()) return stopped_ = found.status();
  return *found ? &row_ : nullptr;
}

// Reads to the next row with content. The rest of the part is read too, because its checksum is at the end.
absl::StatusOr<bool> SheetReader::Advance() {
  if (!std::exchange(began_, true)) RETURN_IF_ERROR(Begin());
  while (!ended_) {
    ASSIGN_OR_RETURN(const Token token, xml_.Next());
    if (token == Token::kEnd) {
      ended_ = true;
      RETURN_IF_ERROR(ReadMerged());
      RETURN_IF_ERROR(xml_.Finish());
    } else if (token == Token::kStart && xml_.name() != "row") {
      RETURN_IF_ERROR(xml_.Skip());
    } else if (token == Token::kStart) {
      RETURN_IF_ERROR(ReadRow());
      if (row_.cells.empty() && !book_.limits.counts_blank_rows) continue;
      if (++rows_ > book_.limits.rows) {
        return Fail("SHEET_TOO_MANY_ROWS"_reason, {{"max", absl::StrCat(book_.limits.rows)}});
      }
      if (row_.cells.empty()) continue;
      return true;
    }
  }
  return false;
}

// After the rows: worksheet > mergeCells > mergeCell.
absl::Status SheetReader::ReadMerged() {
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml_.Next());
    if (token == Token::kFinish) return absl::OkStatus();
    if (token != Token::kStart || xml_.name() != "mergeCell") continue;
    const absl::string_view range = xml_.Attribute("ref");
    if (merged_.size() <= kMostMerged && range.size() <= kLongestRange) merged_.emplace_back(range);
  }
}

// Reads to the rows: worksheet > sheetData.
absl::Status SheetReader::Begin() {
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml_.Next());
    if (token == Token::kFinish) {
      ended_ = true;
      return absl::OkStatus();
    }
    if (token != Token::kStart) continue;
    if (xml_.depth() == 1 && xml_.name() != "worksheet") return xml_.Damaged("this is no worksheet");
    if (xml_.depth() == 2 && xml_.name() == "sheetData") return absl::OkStatus();
    if (xml_.depth() == 2) RETURN_IF_ERROR(xml_.Skip());
  }
}

absl::Status SheetReader::ReadRow() {
  const absl::string_view number_text = xml_.Attribute("r");
  int64_t number = row_.number + 1;
  if (!number_text.empty() && !absl::SimpleAtoi(number_text, &number)) return xml_.Damaged("a row without number");
  if (number <= row_.number || number > kExcelRows) return xml_.Damaged("rows out of order");
  row_.number = number;
  row_.cells.clear();
  last_column_ = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml_.Next());
    if (token == Token::kEnd) return absl::OkStatus();
    if (token != Token::kStart) continue;
    if (xml_.name() == "c") {
      RETURN_IF_ERROR(ReadCell());
    } else {
      RETURN_IF_ERROR(xml_.Skip());
    }
  }
}

absl::StatusOr<int64_t> SheetReader::TakeColumn() {
  const absl::string_view name = xml_.Attribute("r");
  const Place place = name.empty() ? Place{last_column_ + 1, row_.number} : PlaceOf(name);
  if (place.row != row_.number || place.column <= last_column_ || place.column > kExcelColumns) {
    return xml_.Damaged("cells out of order");
  }
  last_column_ = place.column;
  return place.column;
}

absl::Status SheetReader::ReadCell() {
  ASSIGN_OR_RETURN(const int64_t column, TakeColumn());
  Cell cell;
  cell.reference = CellName(column, row_.number);
  const std::string type(xml_.Attribute("t"));
  size_t format = 0;
  (void)absl::SimpleAtoi(xml_.Attribute("s"), &format);
  std::string value;
  bool has_value = false;
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml_.Next());
    if (token == Token::kEnd) break;
    if (token != Token::kStart) continue;
    const bool is_inline = xml_.name() == "is" && type == "inlineStr";
    if (is_inline || xml_.name() == "v") {
      const int64_t max = book_.limits.cell_characters;
      absl::StatusOr<std::string> text = is_inline ? ReadRichText(xml_, max) : ReadText(xml_, max);
      if (!text.ok()) return AtCell(text.status(), cell, book_.limits);
      value = *std::move(text);
      has_value = true;
    } else {
      cell.formula |= xml_.name() == "f";
      RETURN_IF_ERROR(xml_.Skip());
    }
  }
  // A number without digits is no value: some programs write this for a value that they have not computed.
  if (value.empty() && has_value && cell.formula && type == "str") cell.kind = CellKind::kText;
  if (!value.empty()) RETURN_IF_ERROR(AtCell(Resolve(type, format, std::move(value), cell), cell, book_.limits));
  return Keep(column, std::move(cell));
}

// Sets the kind and text of the cell. `value` is not empty.
absl::Status SheetReader::Resolve(absl::string_view type, size_t format, std::string value, Cell& cell) {
  if (type == "s") return ResolveShared(value, cell);
  if (type.empty() || type == "n") return ResolveNumber(value, format, cell);
  cell.text = std::move(value);
  cell.kind = CellKind::kText;
  if (type == "inlineStr") return absl::OkStatus();
  if (type == "str") {
    ASSIGN_OR_RETURN(cell.text, DecodeText(cell.text, book_.limits.cell_characters));
    if (cell.text.empty()) cell.kind = CellKind::kEmpty;
    return absl::OkStatus();
  }
  if (type == "e") {
    cell.kind = CellKind::kError;
    return absl::OkStatus();
  }
  if (type == "b") {
    if (cell.text != "0" && cell.text != "1") return xml_.Damaged("a truth value that is neither 0 nor 1");
    cell.kind = CellKind::kBool;
    cell.text = cell.text == "1" ? "TRUE" : "FALSE";
    return absl::OkStatus();
  }
  if (type != "d") return xml_.Damaged("a cell of unknown type");
  Shown shown = ShowIsoText(cell.text);
  cell.kind = shown.kind;
  cell.text = std::move(shown.text);
  return absl::OkStatus();
}

absl::Status SheetReader::ResolveShared(absl::string_view index, Cell& cell) {
  size_t number = 0;
  if (!absl::SimpleAtoi(index, &number) || number >= book_.strings.size()) {
    return xml_.Damaged("a text that is not in the table of shared strings");
  }
  cell.text = std::string(book_.strings.Get(number));
  cell.kind = cell.text.empty() ? CellKind::kEmpty : CellKind::kText;
  return absl::OkStatus();
}

absl::Status SheetReader::ResolveNumber(absl::string_view number, size_t format, Cell& cell) {
  const absl::optional<double> value = ParseNumber(number);
  if (!value.has_value()) return xml_.Damaged("a number that is none");
  const DateStyle style = format < book_.formats.size() ? book_.formats[format] : DateStyle::kNone;
  Shown shown = ShowNumber(*value, style, book_.date1904);
  cell.kind = shown.kind;
  cell.text = std::move(shown.text);
  return absl::OkStatus();
}

// Puts the cell into the row, with empty cells before it. Cells that only have a format do not count.
absl::Status SheetReader::Keep(int64_t column, Cell cell) {
  if (cell.kind == CellKind::kEmpty && !cell.formula) return absl::OkStatus();
  if (column > book_.limits.columns) {
    return Fail("SHEET_TOO_MANY_COLUMNS"_reason,
                {{"cell", cell.reference}, {"max", absl::StrCat(book_.limits.columns)}});
  }
  for (int64_t empty = static_cast<int64_t>(row_.cells.size()) + 1; empty < column; ++empty) {
    row_.cells.emplace_back();
    row_.cells.back().reference = CellName(empty, row_.number);
  }
  row_.cells.push_back(std::move(cell));
  return absl::OkStatus();
}

}  // namespace tsunagu::sheet
