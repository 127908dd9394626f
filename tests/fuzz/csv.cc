// Arbitrary CSV, in UTF-8, UTF-16 and CP932, with commas, tabs or semicolons. The rows do not depend on how a file is
// cut into pieces. Well-formed rows are written and read back unchanged, also through CP932 if it has all of their
// characters.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jp/cp932.h"
#include "common/text/csv.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using contract::CsvReader;
using contract::CsvRow;
using contract::Encoding;

struct File {
  std::vector<CsvRow> rows;
  absl::Status status;
};

File Read(absl::string_view bytes, Encoding encoding, size_t piece) {
  File file;
  CsvReader reader(encoding, [&](CsvRow row) {
    file.rows.push_back(std::move(row));
    return absl::OkStatus();
  });
  for (size_t from = 0; from < bytes.size() && file.status.ok(); from += piece) {
    file.status = reader.Feed(bytes.substr(from, piece));
  }
  if (file.status.ok()) file.status = reader.Finish();
  return file;
}

std::string Show(const File& file) {
  std::string shown = absl::StrCat(file.status.ok() ? "" : ReasonWord(FaultOf(file.status)), "\n");
  for (const CsvRow& row : file.rows) {
    absl::StrAppend(&shown, row.line, " ", row.fault.ok() ? "" : ReasonWord(FaultOf(row.fault)));
    for (const std::string& cell : row.cells) absl::StrAppend(&shown, " ", cell.size(), ":", cell);
    shown += "\n";
  }
  return shown;
}

void CheckRow(const CsvRow& row) {
  for (const std::string& cell : row.cells) {
    Require(jp::IsUtf8(cell), "cells are UTF-8", cell);
    Require(contract::UnmarkFormula(contract::MarkFormula(cell)) == cell, "a mark comes off again", cell);
  }
  if (row.cells.empty()) return;
  const std::string line = contract::CsvLine(row.cells);
  const std::string file = absl::StrCat("a,b\n", line);  // below a heading, which determines the separator
  const File again = Read(file, Encoding::kUtf8, file.size());
  const bool whole = again.status.ok() && again.rows.size() == 2 && again.rows[1].cells == row.cells;
  Require(whole, "what was read is written and read back", line);
  const jp::Encoded encoded = jp::ToCp932(line);
  const auto back = jp::FromCp932(encoded.bytes);
  Require(back.ok(), "what we write in CP932 can be read", line);
  const bool alike = jp::ToCp932(*back).bytes == encoded.bytes;
  Require(alike, "and written again it is the same", line);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::fuzz;
  Input input(data, size);
  const Encoding encoding = static_cast<Encoding>(input.Byte() % 3);
  const size_t piece = static_cast<size_t>(input.Byte()) + 1;
  const File whole = Read(input.Rest(), encoding, input.Rest().size() + 1);
  const File cut = Read(input.Rest(), encoding, piece);
  Require(Show(whole) == Show(cut), "the same rows, wherever the pieces are cut", absl::StrCat(Show(whole), Show(cut)));
  for (const CsvRow& row : whole.rows) {
    if (row.fault.ok()) CheckRow(row);
  }
  return 0;
}
