// Import of workbooks through the wire: what a spreadsheet adds to what import_test.cc says of every file.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/sheet/archive_test.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using sheet::testing::Book;
using sheet::testing::CompoundFile;
using sheet::testing::Parts;
using sheet::testing::Repeat;
using sheet::testing::Zip;
using testing::ElementsAre;

// Cells as they stand in a sheet: text, a number, a day (format 1 of WithDays), a formula with and without value.
std::string Text(absl::string_view text) { return absl::StrCat("<c t=\"inlineStr\"><is><t>", text, "</t></is></c>"); }
std::string Number(absl::string_view number) { return absl::StrCat("<c><v>", number, "</v></c>"); }
std::string Day(int serial) { return absl::StrCat("<c s=\"1\"><v>", serial, "</v></c>"); }
std::string Formula(absl::string_view value) { return absl::StrCat("<c><f>A1</f>", value, "</c>"); }
std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("<row>", absl::StrJoin(cells, ""), "</row>");
}
Book WithDays(std::string rows) { return Book{std::move(rows), "", {"yyyy/m/d"}}; }
Book BookWith(Parts more) {
  Book book{Row({Text("facility_id"), Text("display_name")}) + Row({Text("kita"), Text("きた")})};
  book.more = std::move(more);
  return book;
}

class ImportWorkbookTest : public SuiteTest {
 protected:
  Imported Import(const std::string& file, const std::string& collection = "facilities") {
    return ImportWorkbook(admin(), collection, file);
  }
  int64_t Facilities() { return Count(registry(), "SELECT COUNT(*) FROM `facilities`"); }
};
WIRE_TEST_ON_BOTH(ImportWorkbookTest);

TEST_P(ImportWorkbookTest, TakesGoodRowsAndNamesTheCellsOfTheOthers) {
  CreateAreas();
  const std::string rows = Row({Text("facility_id"), Text(" 事業所の名称　"), Text("定員"), Text("所在地域")}) +
                           Row({Text("kita"), Text("'=1+1"), Number("10"), Text("312011")}) + "<row r=\"5\">" +
                           Text("minami") + Text("みなみ") + "</row>" +
                           Row({Text("bad"), "<c/>", Text("many"), Text("areas/312019")}) +
                           Row({Text("wide"), Text("よい"), Number("5"), "<c/>", Text("x")}) +
                           Row({Text("fine"), Text("よい"), Number("5"), "<c/>", Text(" ")}) + Row({Text(" ")});
  const Imported imported = Import(Book{rows}.Bytes());
  EXPECT_EQ(Said(imported.status), "OK");
  EXPECT_EQ(imported.summary, "5 rows: 3 created, 2 refused");
  EXPECT_EQ(imported.counts.layout(), "contract");
  EXPECT_THAT(imported.rows, ElementsAre("6 refused B6  事業所の名称　:FIELD_REQUIRED C6 定員:MALFORMED_VALUE "
                                         "D6 所在地域:REFERENCE_NOT_FOUND",
                                         "7 refused :WRONG_COLUMN_COUNT"));
  const auto kita = GetFacility(admin(), "facilities/kita");
  ASSERT_EQ(Said(kita), "OK");
  EXPECT_EQ(kita->display_name(), "'=1+1") << "nothing guards a workbook against formulas, so nothing is taken off";
  EXPECT_EQ(kita->capacity(), 10);
  EXPECT_EQ(kita->area(), "areas/312011");
}

TEST_P(ImportWorkbookTest, DaysAreDays) {
  CreateAreas();
  const std::string heading = Row({Text("団体コード"), Text("種別"), Text("名称"), Text("上位の地域"), Text("開始日")});
  const Imported imported =
      Import(WithDays(heading + Row({Number("313866"), Text("町"), Text("琴浦町"), Text("areas/310000"), Day(38231)}) +
                      Row({Text("313891"), Text("町"), Text("南部町"), Text("310000"), Text("H16.10.1")}))
                 .Bytes(),
             "areas");
  EXPECT_EQ(imported.summary, "2 rows: 2 created") << absl::StrJoin(imported.rows, "; ");
  EXPECT_EQ(GetArea("areas/313866")->valid_from_date().ShortDebugString(), "year: 2004 month: 9 day: 1");
  EXPECT_EQ(GetArea("areas/313891")->valid_from_date().ShortDebugString(), "year: 2004 month: 10 day: 1");
}

TEST_P(ImportWorkbookTest, FormulasGiveTheirStoredValuesWithAWarning) {
  const std::string heading = Row({Text("facility_id"), Text("display_name"), Text("capacity"), Text("note")});
  const Imported imported = Import(Book{
      heading + Row({Text("a"), Text("あ"), Formula("<v>12</v>")}) + Row({Text("b"), Text("い"), Formula("<v/>")}) +
      Row({Text("c"), Text("う"), "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", Text("x")}) +
      Row({Text("d"), Text("え"), "<c/>", "<c t=\"str\"><f>IF(A1,,\"\")</f><v></v></c>"}) +
      Row({Text("e"), Text("お"), Formula("<v>0</v>")}) +
      Row({"<c/>", "<c/>", "<c/>", "<c t=\"str\"><f>A1</f><v></v></c>"})}
                                       .Bytes());
  EXPECT_EQ(imported.summary, "5 rows: 2 created, 2 warned, 3 refused");
  EXPECT_THAT(imported.rows,
              ElementsAre("2 warned C2 capacity:CELL_HAS_FORMULA", "3 refused C3 capacity:FORMULA_WITHOUT_VALUE",
                          "4 refused C4 capacity:CELL_HAS_ERROR", "5 warned D5 note:CELL_HAS_FORMULA",
                          "6 refused C6 capacity:CELL_HAS_FORMULA C6 capacity:OUT_OF_RANGE"));
  EXPECT_EQ(GetFacility(admin(), "facilities/a")->capacity(), 12);
}

TEST_P(ImportWorkbookTest, ASheetIsChosenByItsName) {
  Book book{Row({Text("表紙")})};
  book.more = {{"xl/workbook.xml",
                "<workbook><sheets><sheet name='下書き' state='hidden' r:id='r9'/><sheet name='表紙' r:id='r1'/>"
                "<sheet name='事業所' r:id='r8'/></sheets></workbook>"},
               {"xl/_rels/workbook.xml.rels",
                "<R><Relationship Id='r1' Type='/worksheet' Target='worksheets/sheet1.xml'/>"
                "<Relationship Id='r8' Type='/worksheet' Target='worksheets/sheet2.xml'/>"
                "<Relationship Id='r9' Type='/worksheet' Target='worksheets/sheet3.xml'/></R>"},
               {"xl/worksheets/sheet2.xml", sheet::testing::Sheet(Row({Text("display_name")}) + Row({Text("きた")}))},
               {"xl/worksheets/sheet3.xml", sheet::testing::Sheet("")}};
  EXPECT_EQ(ImportWorkbook(admin(), "facilities", book.Bytes(), "事業所").summary, "1 rows: 1 created");
  const Imported first = Import(book.Bytes());
  EXPECT_EQ(Said(first.status), "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :MISSING_COLUMNS :UNKNOWN_COLUMNS")
      << "the first that is shown";
  const Imported unknown = ImportWorkbook(admin(), "facilities", book.Bytes(), "職員");
  EXPECT_EQ(Said(unknown.status), "INVALID_ARGUMENT SHEET_NOT_FOUND");
  EXPECT_EQ(tsunagu::Text(FaultOf(unknown.status), Language::kJapanese),
            "その名前のシートはありません。あるシート: 表紙, 事業所");
  EXPECT_EQ(Said(ImportWorkbook(admin(), "facilities", book.Bytes(), "下書き").status),
            "INVALID_ARGUMENT SHEET_IS_EMPTY");
}

// All inputs that are not a readable workbook.
TEST_P(ImportWorkbookTest, WhatIsNoWorkbookIsSaidSo) {
  const std::string shared = absl::StrCat("<si><t>", Repeat(32'767, "長"), "</t></si>");
  struct Case {
    const char* name;
    std::string file, said;
  };
  const Case cases[] = {
      {"nothing", "", "NOT_A_WORKBOOK"},
      {"a picture", std::string("\x89PNG\r\n\x1A\n\0\0", 10), "NOT_A_WORKBOOK"},
      {"another archive", Zip({{"a.txt", "a"}}), "NOT_A_WORKBOOK"},
      {"CSV", "facility_id,display_name\nkita,きた\n", "WORKBOOK_IS_TEXT"},
      {"of Excel 97", CompoundFile({"Root Entry", "Workbook"}), "WORKBOOK_IS_XLS"},
      {"binary",
       BookWith({{"[Content_Types].xml", "<T><O ContentType='application/vnd.ms-excel.sheet.binary'/></T>"}}).Bytes(),
       "WORKBOOK_IS_XLSB"},
      {"with a macro", BookWith({{"xl/vbaProject.bin", "x"}}).Bytes(), "WORKBOOK_HAS_MACROS"},
      {"with a password", CompoundFile({"Root Entry", "EncryptedPackage"}), "WORKBOOK_ENCRYPTED"},
      {"OpenDocument", Zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}}), "WORKBOOK_IS_ODS"},
      {"PDF", "%PDF-1.7\n%\xE2\xE3\xCF\xD3", "WORKBOOK_IS_PDF"},
      {"cut", BookWith({}).Bytes().substr(0, 600), "WORKBOOK_DAMAGED"},
      {"with a document type", BookWith({{"xl/styles.xml", "<!DOCTYPE a><a/>"}}).Bytes(), "WORKBOOK_UNSAFE"},
      {"a bomb", BookWith({{"xl/sharedStrings.xml", Repeat(4'000'000, " ")}}).Bytes(), "WORKBOOK_EXPANDS_TOO_MUCH"},
      {"charts only", BookWith({{"xl/workbook.xml", "<workbook><sheets/></workbook>"}}).Bytes(),
       "WORKBOOK_HAS_NO_SHEET"},
      {"empty", Book{""}.Bytes(), "SHEET_IS_EMPTY"},
      {"wide", Book{"<row><c r=\"GT1\"><v>1</v></c></row>"}.Bytes(), "SHEET_TOO_MANY_COLUMNS"},
      {"a long cell", Book{Row({Text(Repeat(32'768, "長"))})}.Bytes(), "CELL_TOO_LONG"},
      {"long rows", Book{Row(std::vector<std::string>(200, "<c t=\"s\"><v>0</v></c>")), shared}.Bytes(),
       "ROW_TOO_LONG"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Said(Import(c.file).status), absl::StrCat("INVALID_ARGUMENT ", c.said)) << c.name;
  }
  Parts many;
  for (int i = 0; i < 200; ++i) many.emplace_back(absl::StrCat("xl/media/", i), "x");
  EXPECT_EQ(Said(Import(BookWith(many).Bytes()).status), "INVALID_ARGUMENT WORKBOOK_TOO_MANY_PARTS");
  EXPECT_EQ(Facilities(), 0);
}

TEST_P(ImportWorkbookTest, TheFormatIsFoundOutOrTakenAsTold) {
  const std::string workbook = BookWith({}).Bytes(), csv = "facility_id,display_name\nkita,きた\n";
  EXPECT_EQ(ImportCsv(admin(), "facilities", workbook).summary, "1 rows: 1 created");
  EXPECT_EQ(ImportCsv(admin(), "facilities", csv).summary, "1 rows: 1 unchanged");
  EXPECT_EQ(Said(ImportCsv(admin(), "facilities", "%PDF-1.7\n").status), "INVALID_ARGUMENT WORKBOOK_IS_PDF");
  platform_v1::ImportRowsRequest options;
  options.set_collection("facilities");
  options.set_format(platform_v1::FILE_FORMAT_CSV);
  EXPECT_EQ(ImportCsv(admin(), options, csv).summary, "1 rows: 1 unchanged");
  EXPECT_EQ(Said(ImportCsv(admin(), options, workbook).status), "INVALID_ARGUMENT NOT_CSV");
}

TEST_P(ImportWorkbookTest, RequestsRunsOnTrialAndAllOrNothingAreAsForCsv) {
  std::string rows = Row({Text("facility_id"), Text("display_name")});
  for (int i = 0; i < 1'203; ++i) rows += Row({Text(absl::StrCat("f", i)), i == 700 ? "<c/>" : Text("名")});
  const std::string file = Book{rows}.Bytes();
  platform_v1::ImportRowsRequest options;
  options.set_collection("facilities");
  options.set_format(platform_v1::FILE_FORMAT_XLSX);
  options.set_request_id("r1");
  options.set_dry_run(true);
  const Imported dry = ImportCsv(admin(), options, file);
  EXPECT_EQ(dry.summary, "1203 rows: 1202 created, 1 refused");
  options.set_dry_run(false);
  options.set_atomic(true);
  EXPECT_EQ(Said(ImportCsv(admin(), options, file).status), "FAILED_PRECONDITION ATOMIC_IMPORT_REFUSED");
  EXPECT_EQ(Facilities(), 0);
  options.set_atomic(false);
  const Imported first = ImportCsv(admin(), options, file), again = ImportCsv(admin(), options, file);
  EXPECT_EQ(first.summary, dry.summary);
  EXPECT_EQ(first.rows, dry.rows);
  EXPECT_EQ(again.summary, first.summary);
  EXPECT_EQ(again.rows, first.rows);
  EXPECT_EQ(Said(ImportCsv(admin(), options, BookWith({}).Bytes()).status),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  EXPECT_EQ(Facilities(), 1'202);
}

TEST_P(ImportWorkbookTest, AllOrNothingCountsWhatTheCellsHold) {
  // A text that many cells share takes little room in the file.
  const std::string shared = absl::StrCat("<si><t>", Repeat(20, "長"), "</t></si>");
  std::string rows = Row({Text("display_name")});
  for (int i = 0; i < 5; ++i) rows += Row({"<c t=\"s\"><v>0</v></c>"});
  platform_v1::ImportRowsRequest options;
  options.set_collection("facilities");
  options.set_atomic(true);
  // Four say what the first one says.
  EXPECT_EQ(ImportCsv(admin(), options, Book{rows, shared}.Bytes()).summary, "5 rows: 5 created, 4 warned");
  const std::string longer = absl::StrCat("<si><t>", Repeat(32'767, "長"), "</t></si>");
  for (int i = 0; i < 100; ++i) rows += Row({"<c t=\"s\"><v>0</v></c>"});
  EXPECT_EQ(Said(ImportCsv(admin(), options, Book{rows, longer}.Bytes()).status),
            "INVALID_ARGUMENT ATOMIC_IMPORT_TOO_LARGE");
}

}  // namespace
}  // namespace tsunagu::wire
