#include "common/text/sheet/package.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/text/sheet/archive_test.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "gtest/gtest.h"

namespace tsunagu::sheet {
namespace {

using testing::Book;
using testing::Parts;
using testing::Read;
using testing::Zip;

std::string BookWith(const Parts& more) {
  Book book{"<row><c><v>1</v></c></row>"};
  book.more = more;
  return book.Bytes();
}

struct File {
  const char* name;
  std::string bytes;
  std::string shown;
};

class Foreign : public ::testing::TestWithParam<File> {};

TEST_P(Foreign, IsRefused) { EXPECT_EQ(Read(GetParam().bytes), GetParam().shown); }

INSTANTIATE_TEST_SUITE_P(
    All, Foreign,
    ::testing::Values(
        File{"Nothing", "", "NOT_A_WORKBOOK"}, File{"Csv", "a,b\r\n1,2\r\n", "WORKBOOK_IS_TEXT"},
        File{"Html", "<html><table></table></html>", "WORKBOOK_IS_TEXT"},
        File{"OtherArchive", Zip({{"a.txt", "a"}}), "NOT_A_WORKBOOK"},
        File{"EmptyArchive", std::string("PK\x05\x06", 4) + std::string(18, '\0'), "NOT_A_WORKBOOK"},
        File{"Pdf", "%PDF-1.7\n%\xE2\xE3\xCF\xD3", "WORKBOOK_IS_PDF"},
        File{"Xls", testing::CompoundFile({"Root Entry", "Workbook"}), "WORKBOOK_IS_XLS"},
        File{"Xls95", testing::CompoundFile({"Root Entry", "Book"}), "WORKBOOK_IS_XLS"},
        File{"Password", testing::CompoundFile({"Root Entry", "EncryptedPackage", "EncryptionInfo"}),
             "WORKBOOK_ENCRYPTED"},
        File{"OldWord", testing::CompoundFile({"Root Entry", "WordDocument"}), "NOT_A_WORKBOOK"},
        File{"CutCompoundFile", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "NOT_A_WORKBOOK"},
        File{"Ods", Zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"}}),
             "WORKBOOK_IS_ODS"},
        File{"Odt", Zip({{"mimetype", "application/vnd.oasis.opendocument.text"}}), "NOT_A_WORKBOOK"},
        File{"Docx",
             BookWith({{"_rels/.rels",
                        "<Relationships><Relationship Id='r' Type='/officeDocument' "
                        "Target='word/document.xml'/></Relationships>"},
                       {"word/document.xml", "<document/>"}}),
             "NOT_A_WORKBOOK"},
        File{"Macro", BookWith({{"xl/vbaProject.bin", "x"}}), "WORKBOOK_HAS_MACROS"},
        File{"MacroOfExcel4", BookWith({{"xl/macrosheets/sheet1.xml", "<a/>"}}), "WORKBOOK_HAS_MACROS"},
        File{"MacroByItsType",
             BookWith({{"[Content_Types].xml",
                        "<Types><Override ContentType='application/"
                        "vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>"}}),
             "WORKBOOK_HAS_MACROS"},
        File{"Xlsb",
             BookWith({{"[Content_Types].xml",
                        "<Types><Override ContentType='application/"
                        "vnd.ms-excel.sheet.binary.macroEnabled.main'/></Types>"}}),
             "WORKBOOK_IS_XLSB"},
        File{"XlsbByItsExtension",
             BookWith({{"[Content_Types].xml",
                        "<Types><Default Extension='xml' ContentType='application/"
                        "vnd.ms-excel.sheet.binary.macroEnabled.main'/></Types>"}}),
             "WORKBOOK_IS_XLSB"},
        File{"ChartsOnly", BookWith({{"xl/workbook.xml", "<workbook><sheets/></workbook>"}}), "WORKBOOK_HAS_NO_SHEET"},
        File{"Doctype", BookWith({{"xl/worksheets/sheet1.xml", "<!DOCTYPE x><worksheet/>"}}),
             "WORKBOOK_UNSAFE {part=xl/worksheets/sheet1.xml}"},
        File{"BillionLaughs",
             BookWith({{"xl/sharedStrings.xml", "<!DOCTYPE s [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><sst>&b;</sst>"}}),
             "WORKBOOK_UNSAFE {part=xl/sharedStrings.xml}"},
        File{"DeepNesting", BookWith({{"xl/styles.xml", testing::Repeat(200'000, "<a>")}}),
             "WORKBOOK_DAMAGED {part=xl/styles.xml, detail=too many levels at byte 193}"},
        File{"SheetMissing",
             BookWith({{"xl/workbook.xml", "<workbook><sheets><sheet r:id='r9'/></sheets></workbook>"}}),
             "WORKBOOK_DAMAGED {part=xl/workbook.xml, detail=a sheet is missing at byte 36}"},
        File{"TwicePart", BookWith({{"XL/Styles.xml", "<styleSheet/>"}}),
             "WORKBOOK_DAMAGED {part=xl/styles.xml, detail=the part is there twice}"}),
    [](const auto& row) { return row.param.name; });

// SheetJS lists in every workbook the types of all parts that it can write.
TEST(Package, TakesTypesOfWhatIsNotThere) {
  EXPECT_EQ(Read(BookWith({{"[Content_Types].xml",
                            "<Types><Default Extension='bin' ContentType='application/"
                            "vnd.ms-excel.sheet.binary.macroEnabled.main'/></Types>"}})),
            Read(BookWith({})));
}

TEST(Package, RefusesCutFiles) {
  const std::string bytes = BookWith({});
  for (size_t size = 4; size < bytes.size(); size += 7) {
    EXPECT_EQ(Read(bytes.substr(0, size)), "WORKBOOK_DAMAGED {part=the archive, detail=the archive is cut}") << size;
  }
}

// The detail of a damage is for developers; the text names the place, in the reader's language.
TEST(Package, SaysWhatIsDamagedInTheLanguageOfTheReader) {
  const Spool spool = testing::Spooled(BookWith({}).substr(0, 600));
  const Fault fault = FaultOf(Workbook::Open(spool).status());
  EXPECT_EQ(
      Text(fault, Language::kEnglish),
      "The workbook is damaged, in the archive. Open it in a spreadsheet program, save it again, and send that file.");
  EXPECT_EQ(Text(fault, Language::kJapanese),
            "ブックの「アーカイブ」が壊れています。表計算ソフトで開いて保存し直し、そのファイルを送ってください。");
}

TEST(Package, RefusesAlteredRows) {
  std::string rows;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&rows, "<row><c><v>", i * 7919 % 1009, "</v></c></row>");
  const std::string whole = Book{rows}.Bytes();
  // The sheet is the longest part and lies in the middle.
  for (size_t at = whole.size() / 2; at < whole.size() / 2 + 50; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    const std::string shown = Read(bytes);
    EXPECT_TRUE(absl::StrContains(shown, "WORKBOOK_DAMAGED")) << at;
  }
}

TEST(Package, RefusesABomb) {
  Book book{testing::Repeat(2'000'000, " ")};
  EXPECT_EQ(Read(book.Bytes()), "WORKBOOK_EXPANDS_TOO_MUCH");
  book.rows = "";
  book.more = {
      {"xl/sharedStrings.xml", absl::StrCat("<sst><si><t>", testing::Repeat(2'000'000, "x"), "</t></si></sst>")}};
  EXPECT_EQ(Read(book.Bytes()), "CELL_TOO_LONG {cell=xl/sharedStrings.xml, max=32767}");
  book.more = {{"xl/sharedStrings.xml", absl::StrCat("<sst>", testing::Repeat(300'000, "<si><t/></si>"), "</sst>")}};
  EXPECT_EQ(Read(book.Bytes()), "WORKBOOK_EXPANDS_TOO_MUCH");
}

// The sizes in the headers are ignored.
TEST(Package, CountsWhatComesOut) {
  const std::string rows = testing::Repeat(100, "<row><c><v>1</v></c></row>");
  Limits limits;
  limits.sheet_bytes = 1000;
  EXPECT_TRUE(absl::StrContains(Read(Book{rows}.Bytes(), limits), "WORKBOOK_EXPANDS_TOO_MUCH"));
  limits = {};
  limits.total_bytes = 3000;
  EXPECT_TRUE(absl::StrContains(Read(Book{rows}.Bytes(), limits), "WORKBOOK_EXPANDS_TOO_MUCH"));
  limits = {};
  limits.part_bytes = 100;
  EXPECT_EQ(Read(Book{rows}.Bytes(), limits), "WORKBOOK_EXPANDS_TOO_MUCH");
}

// When a well-formed sheet is too large, the error names the row, because the rows before it have been read by then.
TEST(Package, SaysAtWhichRowASheetIsTooMuch) {
  std::string rows;
  for (int i = 0; i < 60'000; ++i) absl::StrAppend(&rows, "<row><c><v>", i * 7919 % 100'003, "</v></c></row>");
  Limits limits;
  limits.sheet_bytes = 1 << 20;
  const std::string said = Read(Book{rows}.Bytes(), limits);
  EXPECT_TRUE(absl::StrContains(said, "]SHEET_EXPANDS_TOO_MUCH {max=1}")) << said.substr(said.size() - 200);
}

TEST(Package, BelievesNoPackedSize) {
  std::string bytes = Book{testing::Repeat(2'000'000, " ")}.Bytes();
  // In each entry of the table of contents: 4 bytes, 20 bytes after its beginning.
  for (size_t at = bytes.find("PK\x01\x02"); at != std::string::npos; at = bytes.find("PK\x01\x02", at + 1)) {
    if (bytes.substr(at + 46).rfind("xl/worksheets", 0) == 0) bytes.replace(at + 20, 4, "\xFF\xFF\xFF\x0F");
  }
  EXPECT_EQ(Read(bytes), "WORKBOOK_EXPANDS_TOO_MUCH");
}

TEST(Package, RefusesManyParts) {
  Parts many;
  for (int i = 0; i < 194; ++i) many.emplace_back(absl::StrCat("xl/media/", i), "");
  EXPECT_EQ(Read(BookWith(many)), "WORKBOOK_TOO_MANY_PARTS {max=200}");
  many.pop_back();
  EXPECT_EQ(Read(BookWith(many)), "1[number 1]");
  // The end record declares 196 entries; its table of contents is far too long for them.
  std::string lying = BookWith({});
  lying.replace(lying.size() - 10, 4, std::string("\x00\x00\x00\x10", 4));
  EXPECT_EQ(Read(lying), "WORKBOOK_TOO_MANY_PARTS {max=200}");
}

TEST(Package, RefusesAPasswordOfTheArchive) {
  std::string bytes = BookWith({});
  // The flag is in the table of contents, 8 bytes after the beginning of each entry, and in each part.
  for (size_t at = bytes.find("PK\x01\x02"); at != std::string::npos; at = bytes.find("PK\x01\x02", at + 1)) {
    bytes[at + 8] = static_cast<char>(bytes[at + 8] | 1);
  }
  EXPECT_EQ(Read(bytes), "WORKBOOK_ENCRYPTED");
}

TEST(Limits, HoldForRowsCellsAndTexts) {
  Limits limits;
  limits.rows = 2;
  EXPECT_EQ(
      Read(Book{"<row/><row><c><v>1</v></c></row><row/><row><c><v>2</v></c></row><row><c><v>3</v></c></row>"}.Bytes(),
           limits),
      "2[number 1]4[number 2]SHEET_TOO_MANY_ROWS {max=2}");
  limits = {};
  limits.columns = 2;
  EXPECT_EQ(Read(Book{"<row><c/><c><v>1</v></c><c/></row><row><c r=\"C2\"><v>1</v></c></row>"}.Bytes(), limits),
            "1[|number 1]SHEET_TOO_MANY_COLUMNS {cell=C2, max=2}");
  limits = {};
  limits.cell_characters = 3;
  const std::string shared = "<si><t>𠮷a</t></si>";
  EXPECT_EQ(Read(Book{"<row><c t=\"s\"><v>0</v></c><c t=\"str\"><v>𠮷𠮷</v></c></row>", shared}.Bytes(), limits),
            "CELL_TOO_LONG {cell=B1, max=3}");
  EXPECT_EQ(Read(Book{"<row><c t=\"inlineStr\"><is><t>abcd</t></is></c></row>", shared}.Bytes(), limits),
            "CELL_TOO_LONG {cell=A1, max=3}");
  EXPECT_EQ(Read(Book{"", "<si><t>_x0041__x0041__x0041_</t></si>"}.Bytes(), limits), "");
  EXPECT_EQ(Read(Book{"", "<si><t>𠮷𠮷</t></si>"}.Bytes(), limits), "CELL_TOO_LONG {cell=xl/sharedStrings.xml, max=3}");
  limits = {};
  limits.string_bytes = 5;
  const std::string two = "<si><t>abc</t></si><si><t>abc</t></si>";
  EXPECT_EQ(Read(Book{"", two}.Bytes(), limits), "WORKBOOK_TOO_MUCH_TEXT {max=5, max_count=1000000}");
  limits = {};
  limits.strings = 1;
  EXPECT_EQ(Read(Book{"", two}.Bytes(), limits), "WORKBOOK_TOO_MUCH_TEXT {max=67108864, max_count=1}");
}

TEST(Spool, HoldsWhatIsAppended) {
  auto spool = Spool::Create(10);
  ASSERT_TRUE(spool.ok()) << spool.status();
  EXPECT_TRUE(spool->Append("12345").ok());
  EXPECT_TRUE(spool->Append("67890").ok());
  EXPECT_EQ(testing::Said(spool->Append("1")), "WORKBOOK_TOO_LARGE {max=10}");
  EXPECT_EQ(*spool->Size(), 10);
  char into[20];
  EXPECT_EQ(*spool->Read(3, absl::MakeSpan(into)), 7u);
  EXPECT_EQ(absl::string_view(into, 7), "4567890");
}

TEST(Spool, SaysWhereItCannotBe) {
  EXPECT_EQ(ReasonOf(Spool::Create(10, "/nonexistent").status()), "TEMPORARY_FILE_FAILED"_reason);
}

TEST(Spool, MayGoBeforeTheWorkbook) {
  std::unique_ptr<Workbook> book;
  {
    const Spool spool = testing::Spooled(BookWith({}));
    book = std::move(Workbook::Open(spool)).value();
  }
  EXPECT_EQ(testing::Show(book->Sheet(0)), "1[number 1]");
}

TEST(Workbook, SaysThatAPathCannotBeOpened) {
  EXPECT_EQ(ReasonOf(Workbook::Open(std::string("/nonexistent.xlsx")).status()), "TEMPORARY_FILE_FAILED"_reason);
}

}  // namespace
}  // namespace tsunagu::sheet
