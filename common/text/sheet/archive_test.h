#ifndef TSUNAGU_COMMON_TEXT_SHEET_ARCHIVE_TEST_H_
#define TSUNAGU_COMMON_TEXT_SHEET_ARCHIVE_TEST_H_

#include <zip.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "gtest/gtest.h"

// Workbooks made by the tests, and their content as one line of text.
namespace tsunagu::sheet::testing {

using Parts = std::vector<std::pair<std::string, std::string>>;

inline std::string Zip(const Parts& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(buffer);
  zip_t* archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    EXPECT_GE(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8), 0) << name;
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(buffer);
  zip_stat_t about;
  zip_source_stat(buffer, &about);
  std::string bytes(about.size, '\0');
  EXPECT_EQ(zip_source_read(buffer, bytes.data(), bytes.size()), static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(buffer);
  zip_source_free(buffer);
  return bytes;
}

inline std::string Repeat(size_t count, absl::string_view text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&all, text);
  return all;
}

// A compound file whose directory has these streams, in UTF-16: an .xls, or a workbook encrypted with a password.
inline std::string CompoundFile(const std::vector<std::string>& streams) {
  std::string head("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  head.resize(512);
  head[30] = 9;  // sectors of 512 bytes
  head[48] = 1;  // the directory is in the second one
  head.resize(1024);
  for (const std::string& stream : streams) {
    std::string entry;
    for (const char c : stream) entry.append({c, '\0'});
    entry.resize(128);
    head += entry;
  }
  return head;
}

inline std::string Sheet(absl::string_view rows) {
  return absl::StrCat("<worksheet><sheetData>", rows, "</sheetData></worksheet>");
}

// The parts of a small workbook: rows of its only sheet, shared strings (<si>...), the codes of cell formats 1, 2, ...
struct Book {
  std::string rows;
  std::string strings;
  std::vector<std::string> codes;
  std::string workbook_properties;
  Parts more;

  Parts AllParts() const {
    std::string formats, cells = "<xf numFmtId=\"0\"/>";
    for (size_t i = 0; i < codes.size(); ++i) {
      absl::StrAppend(&formats, "<numFmt numFmtId=\"", 164 + i, "\" formatCode=\"", codes[i], "\"/>");
      absl::StrAppend(&cells, "<xf numFmtId=\"", 164 + i, "\"/>");
    }
    const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    Parts parts = {
        {"[Content_Types].xml", "<Types/>"},
        {"_rels/.rels", absl::StrCat("<Relationships><Relationship Id=\"r1\" Type=\"", office,
                                     "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")},
        {"xl/workbook.xml",
         absl::StrCat("<workbook xmlns:r=\"r\"><workbookPr ", workbook_properties,
                      "/><sheets><sheet name=\"名簿\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")},
        {"xl/_rels/workbook.xml.rels",
         absl::StrCat("<Relationships><Relationship Id=\"r1\" Type=\"", office,
                      "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"", office,
                      "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"", office,
                      "styles\" Target=\"./styles.xml\"/></Relationships>")},
        {"xl/worksheets/sheet1.xml", Sheet(rows)},
        {"xl/sharedStrings.xml", absl::StrCat("<sst>", strings, "</sst>")},
        {"xl/styles.xml",
         absl::StrCat("<styleSheet><numFmts>", formats, "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/>",
                      "</cellStyleXfs><cellXfs>", cells, "</cellXfs></styleSheet>")},
    };
    for (const auto& [name, content] : more) {
      bool replaced = false;
      for (auto& part : parts) {
        if (part.first == name) part.second = content, replaced = true;
      }
      if (!replaced) parts.emplace_back(name, content);
    }
    return parts;
  }
  std::string Bytes() const { return Zip(AllParts()); }
};

inline Spool Spooled(absl::string_view bytes) {
  absl::StatusOr<Spool> spool = Spool::Create(int64_t{1} << 30);
  EXPECT_TRUE(spool.ok() && spool->Append(bytes).ok());
  return *std::move(spool);
}

// "WORKBOOK_DAMAGED {part=xl/styles.xml, detail=cut}"
inline std::string Said(const absl::Status& status) {
  const Fault fault = FaultOf(status);
  std::vector<std::string> args;
  for (const char* name : {"part", "cell", "max", "max_count", "detail", "sheets"}) {
    const auto found = fault.args().find(name);
    if (found != fault.args().end()) args.push_back(absl::StrCat(name, "=", found->second));
  }
  return absl::StrCat(ReasonWord(fault), args.empty() ? "" : absl::StrCat(" {", absl::StrJoin(args, ", "), "}"));
}

inline std::string Show(const Cell& cell) {
  constexpr absl::string_view kKinds[] = {"", "text ", "number ", "date ", "date_time ", "time ", "bool ", "error "};
  return absl::StrCat(cell.formula ? "=" : "", kKinds[static_cast<int>(cell.kind)], cell.text);
}

// Returns "3[text a||number 1]" for each row, and the error at the end.
inline std::string Show(absl::StatusOr<std::unique_ptr<SheetReader>> sheet) {
  if (!sheet.ok()) return Said(sheet.status());
  std::string shown;
  for (;;) {
    const absl::StatusOr<const Row*> row = (*sheet)->Next();
    if (!row.ok()) return absl::StrCat(shown, Said(row.status()));
    if (*row == nullptr) return shown;
    absl::StrAppend(&shown, (*row)->number, "[");
    for (size_t i = 0; i < (*row)->cells.size(); ++i) {
      const Cell& cell = (*row)->cells[i];
      EXPECT_EQ(cell.reference, CellName(static_cast<int64_t>(i) + 1, (*row)->number));
      absl::StrAppend(&shown, i == 0 ? "" : "|", Show(cell));
    }
    shown += "]";
  }
}

// Returns the first sheet as text, or the error.
inline std::string Read(absl::string_view bytes, const Limits& limits = {}) {
  const Spool spool = Spooled(bytes);
  absl::StatusOr<std::unique_ptr<Workbook>> book = Workbook::Open(spool, limits);
  if (!book.ok()) return Said(book.status());
  return Show((*book)->Sheet(size_t{0}));
}

}  // namespace tsunagu::sheet::testing

#endif  // TSUNAGU_COMMON_TEXT_SHEET_ARCHIVE_TEST_H_
