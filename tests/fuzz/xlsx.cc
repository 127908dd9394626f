// Arbitrary workbooks. An input is either an archive, or the rows, shared strings and formats for a small one that is
// valid in all other respects, because a fuzzer rarely guesses a checksum. Rows are in order and within the limits,
// their text is well-formed, and what was read is written and read back unchanged.
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/characters.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using sheet::Cell;
using sheet::CellKind;
using sheet::Limits;
using sheet::Row;
using sheet::Spool;
using Rows = std::vector<Row>;

constexpr char kOffice[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string Zip(const std::vector<std::pair<std::string, std::string>>& parts) {
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(buffer);
  zip_t* archive = zip_open_from_source(buffer, ZIP_TRUNCATE, nullptr);
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  Require(zip_close(archive) == 0, "the archive is made");
  zip_source_open(buffer);
  zip_stat_t about;
  zip_source_stat(buffer, &about);
  std::string bytes(about.size, '\0');
  zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  zip_source_free(buffer);
  return bytes;
}

// Three pieces of text, separated by NUL, in place of rows, shared strings and styles.
std::string Workbook(absl::string_view text) {
  std::vector<std::string> pieces = absl::StrSplit(text, absl::MaxSplits('\0', 2));
  pieces.resize(3);
  const auto relation = [](absl::string_view id, absl::string_view type, absl::string_view target) {
    return absl::StrCat("<Relationship Id='", id, "' Type='", kOffice, type, "' Target='", target, "'/>");
  };
  return Zip({{"[Content_Types].xml", "<Types/>"},
              {"_rels/.rels", absl::StrCat("<R>", relation("r", "officeDocument", "xl/workbook.xml"), "</R>")},
              {"xl/workbook.xml", "<workbook><sheets><sheet name='a' r:id='r1'/></sheets></workbook>"},
              {"xl/_rels/workbook.xml.rels",
               absl::StrCat("<R>", relation("r1", "worksheet", "s.xml"), relation("r2", "sharedStrings", "t.xml"),
                            relation("r3", "styles", "f.xml"), "</R>")},
              {"xl/s.xml", absl::StrCat("<worksheet><sheetData>", pieces[0], "</sheetData></worksheet>")},
              {"xl/t.xml", absl::StrCat("<sst>", pieces[1], "</sst>")},
              {"xl/f.xml", absl::StrCat("<styleSheet>", pieces[2], "</styleSheet>")}});
}

Limits SmallLimits() {
  Limits limits;
  limits.part_bytes = limits.sheet_bytes = limits.total_bytes = 1 << 20;
  limits.rows = 100;
  limits.columns = 20;
  limits.cell_characters = 200;
  return limits;
}

void CheckRow(const Row& row, const Rows& before, const Limits& limits) {
  Require(row.number > (before.empty() ? 0 : before.back().number), "rows come in order");
  Require(!row.cells.empty() && row.cells.size() <= static_cast<size_t>(limits.columns), "rows hold something");
  const Cell& last = row.cells.back();
  Require(last.kind != CellKind::kEmpty || last.formula, "and end with it");
  for (const Cell& cell : row.cells) {
    const bool may_be_empty = cell.kind == CellKind::kEmpty || (cell.kind == CellKind::kText && cell.formula);
    Require(cell.text.empty() ? may_be_empty : cell.kind != CellKind::kEmpty, "empty cells have no text");
    // Escapes can give control characters, which XML itself cannot.
    Require(sheet::IsXmlText(sheet::Escape(cell.text)), "text can be written", cell.text);
    Require(sheet::Utf16Length(cell.text) <= 400, "and is within the limit", cell.text);
  }
}

// Reads all rows of the first sheet, or those before the first error.
Rows Read(const Spool& spool, bool& whole) {
  const Limits limits = SmallLimits();
  Rows rows;
  whole = false;
  const auto book = sheet::Workbook::Open(spool, limits);
  Require(book.ok() || ReasonOf(book.status()) != "INTERNAL"_reason, "a refusal says what is wrong");
  if (!book.ok()) return rows;
  Require(!(*book)->sheets().empty(), "a workbook has a sheet");
  const auto sheet = (*book)->Sheet(0);
  Require(sheet.ok() || ReasonOf(sheet.status()) != "INTERNAL"_reason, "a refusal says what is wrong");
  if (!sheet.ok()) return rows;
  for (;;) {
    const auto row = (*sheet)->Next();
    Require(row.ok() || ReasonOf(row.status()) != "INTERNAL"_reason, "a refusal says what is wrong");
    whole = row.ok();
    if (!row.ok() || *row == nullptr) return rows;
    CheckRow(**row, rows, limits);
    rows.push_back(**row);
  }
}

std::vector<std::string> Texts(const Row& row) {
  std::vector<std::string> texts;
  for (const Cell& cell : row.cells) texts.push_back(cell.text);
  while (!texts.empty() && texts.back().empty()) texts.pop_back();
  return texts;
}

// As text, since every cell can be written as text.
void CheckWritten(const Rows& rows) {
  auto spool = Spool::Create(0);
  Require(spool.ok(), "there is room for a file");
  auto writer = sheet::Writer::Create({"a", {{"b"}}}, spool->path());
  Require(writer.ok(), "a workbook can be begun");
  for (const Row& row : rows) Require((*writer)->Add(Texts(row)).ok(), "what was read can be written");
  Require((*writer)->Finish().ok(), "to its end");
  bool whole = false;
  Rows again = Read(*spool, whole);
  Require(whole && !again.empty(), "what was written can be read");
  size_t at = 1;
  for (const Row& row : rows) {
    if (Texts(row).empty()) continue;  // formulas without values
    Require(at < again.size() && Texts(again[at]) == Texts(row), "and is the same", absl::StrCat(row.number));
    ++at;
  }
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::fuzz;
  Input input(data, size);
  const bool is_archive = input.Byte() % 2 == 0;
  const std::string bytes = is_archive ? std::string(input.Rest()) : Workbook(input.Rest());
  auto spool = Spool::Create(static_cast<int64_t>(bytes.size()));
  Require(spool.ok() && spool->Append(bytes).ok(), "there is room for a file");
  bool whole = false;
  const Rows rows = Read(*spool, whole);
  if (whole && rows.size() < 100) CheckWritten(rows);
  return 0;
}
