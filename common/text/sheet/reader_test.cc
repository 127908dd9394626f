#include "common/text/sheet/reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/sheet/archive_test.h"
#include "common/text/sheet/spool.h"
#include "gtest/gtest.h"

namespace tsunagu::sheet {
namespace {

using testing::Book;
using testing::Read;

struct Sheets {
  const char* name;
  std::string rows;
  std::string shown;
  std::string strings;
  std::vector<std::string> codes;
  std::string properties;
};

class SheetOf : public ::testing::TestWithParam<Sheets> {};

TEST_P(SheetOf, IsRead) {
  const Sheets& sheet = GetParam();
  EXPECT_EQ(Read(Book{sheet.rows, sheet.strings, sheet.codes, sheet.properties}.Bytes()), sheet.shown);
}

std::string OneCell(absl::string_view attributes, absl::string_view inside) {
  return absl::StrCat("<row><c ", attributes, ">", inside, "</c></row>");
}
std::string Value(absl::string_view value) { return OneCell("", absl::StrCat("<v>", value, "</v>")); }
// A cell with the only format code.
std::string Coded(absl::string_view value) { return OneCell("s=\"1\"", absl::StrCat("<v>", value, "</v>")); }

INSTANTIATE_TEST_SUITE_P(
    Shape, SheetOf,
    ::testing::Values(
        Sheets{"Empty", "", ""}, Sheets{"EmptyRows", "<row/><row r=\"7\"><c r=\"C7\" s=\"1\"/></row>", ""},
        Sheets{"GapInRows", "<row r=\"2\"><c><v>1</v></c></row><row r=\"9\"><c><v>2</v></c></row>",
               "2[number 1]9[number 2]"},
        Sheets{"GapInCells", "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"D1\"><v>2</v></c><c><v>3</v></c></row>",
               "1[|number 1||number 2|number 3]"},
        Sheets{"NoReferences", "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>",
               "1[number 1||number 2]2[number 3]"},
        Sheets{"ColouredCellsBehind", "<row><c><v>1</v></c><c r=\"XFD1\" s=\"1\"/></row>", "1[number 1]"},
        Sheets{"WhatElseIsThere", "<row><c><v>1</v><extLst><v>9</v></extLst></c><extLst><c/></extLst></row><other/>",
               "1[number 1]"},
        Sheets{"Formula", OneCell("", "<f>A2+1</f><v>3</v>"), "1[=number 3]"},
        Sheets{"FormulaOfText", OneCell("t=\"str\"", "<f>A2</f><v>あ_x000D_</v>"), "1[=text あ\r]"},
        Sheets{"FormulaOfEmptyText", OneCell("t=\"str\"", "<f>A2</f><v></v>"), "1[=text ]"},
        Sheets{"FormulaOfEmptyNumber", OneCell("", "<f>A2+1</f><v/>"), "1[=]"},
        Sheets{"FormulaWithoutValue", OneCell("", "<f>A2+1</f>"), "1[=]"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values, SheetOf,
    ::testing::Values(
        Sheets{"Inline", OneCell("t=\"inlineStr\"", "<is><t> 髙橋 </t></is>"), "1[text  髙橋 ]"},
        Sheets{"InlineRuns", OneCell("t=\"inlineStr\"", "<is><r><rPr><b/></rPr><t>髙</t></r><r><t>橋</t></r></is>"),
               "1[text 髙橋]"},
        Sheets{"EmptyInline", OneCell("t=\"inlineStr\"", "<is><t/></is>"), ""},
        Sheets{"Shared", OneCell("t=\"s\"", "<v>1</v>"), "1[text い]", "<si><t>あ</t></si><si><t>い</t></si>"},
        Sheets{"Phonetic", OneCell("t=\"s\"", "<v>0</v>"), "1[text 東京都]",
               "<si><t>東京都</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>"},
        Sheets{"PhoneticInRuns", OneCell("t=\"s\"", "<v>0</v>"), "1[text 東京都]",
               "<si><r><t>東京</t></r><r><t>都</t></r><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si>"},
        Sheets{"Escapes", OneCell("t=\"s\"", "<v>0</v>"), "1[text a\r\nb_x000D_c]",
               "<si><t>a_x000D_\nb_x005F_x000D_c</t></si>"},
        Sheets{"EscapedPair", OneCell("t=\"s\"", "<v>0</v>"), "1[text 𠮷_xD842__x0000__xZ_]",
               "<si><t>_xD842__xDFB7__xD842__x0000__xZ_</t></si>"},
        Sheets{"True", OneCell("t=\"b\"", "<v>1</v>"), "1[bool TRUE]"},
        Sheets{"False", OneCell("t=\"b\"", "<v>0</v>"), "1[bool FALSE]"},
        Sheets{"Error", OneCell("t=\"e\"", "<f>1/0</f><v>#DIV/0!</v>"), "1[=error #DIV/0!]"},
        Sheets{"IsoDate", OneCell("t=\"d\"", "<v>2024-04-01</v>"), "1[date 2024-04-01]"},
        Sheets{"IsoDateTime", OneCell("t=\"d\"", "<v>2024-04-01T09:30:00.000Z</v>"),
               "1[date_time 2024-04-01T09:30:00]"},
        Sheets{"IsoTime", OneCell("t=\"d\"", "<v>T09:30:00</v>"), "1[time 09:30:00]"},
        Sheets{"IsoNonsense", OneCell("t=\"d\"", "<v>2024-13-01</v>"), "1[text 2024-13-01]"},
        Sheets{"TypedNumber", OneCell("t=\"n\"", "<v>12</v>"), "1[number 12]"},
        Sheets{"Integer", Value("11002"), "1[number 11002]"}, Sheets{"WithZeros", Value("5.0"), "1[number 5]"},
        Sheets{"Noise", Value("0.30000000000000004"), "1[number 0.3]"},
        Sheets{"Noise17", Value("1.1000000000000001"), "1[number 1.1]"},
        Sheets{"Exponent", Value("1.5E3"), "1[number 1500]"}, Sheets{"Tiny", Value("1.2E-7"), "1[number 0.00000012]"},
        Sheets{"TwelveDigits", Value("123456789012"), "1[number 123456789012]"},
        Sheets{"TwentyDigits", Value("12345678901234567890"), "1[number 12345678901234600000]"},
        Sheets{"Huge", Value("-1.25E+300"), "1[number -1.25E+300]"}, Sheets{"MinusZero", Value("-0"), "1[number 0]"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Days, SheetOf,
    ::testing::Values(
        Sheets{"Date", Coded("45383"), "1[date 2024-04-01]", "", {"yyyy/m/d"}},
        Sheets{"Wareki",
               Coded("45383"),
               "1[date 2024-04-01]",
               "",
               {"[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"}},
        Sheets{"ShortWareki", Coded("45383"), "1[date 2024-04-01]", "", {"[$-ja-JP-x-gannen]e.m.d"}},
        Sheets{"MonthAndDay", Coded("45383"), "1[date 2024-04-01]", "", {"m&quot;月&quot;d&quot;日&quot;"}},
        Sheets{"Month", Coded("45383"), "1[date 2024-04-01]", "", {"mmm"}},
        Sheets{"Weekday", Coded("45383"), "1[date 2024-04-01]", "", {"aaa"}},
        Sheets{"DateTime", Coded("45383.395833333336"), "1[date_time 2024-04-01T09:30:00]", "", {"yyyy/m/d h:mm"}},
        Sheets{
            "MidnightByRounding", Coded("45382.999999999"), "1[date_time 2024-04-01T00:00:00]", "", {"yyyy/m/d h:mm"}},
        Sheets{"HiddenTime", Coded("45383.4"), "1[date 2024-04-01]", "", {"yyyy/m/d"}},
        Sheets{"Time", Coded("0.39583333333333331"), "1[time 09:30:00]", "", {"h:mm AM/PM"}},
        Sheets{"TimeWithDay", Coded("45383.5"), "1[date_time 2024-04-01T12:00:00]", "", {"h:mm"}},
        Sheets{"SumOfHours", Coded("1.5"), "1[time 36:00:00]", "", {"[h]:mm"}},
        Sheets{"Conditional", Coded("45383"), "1[date 2024-04-01]", "", {"[=0]&quot;&quot;;yyyy/m/d"}},
        Sheets{"Before", Coded("59"), "1[date 1900-02-28]", "", {"yyyy/m/d"}},
        Sheets{"TheFalseLeapDay", Coded("60"), "1[date 1900-02-29]", "", {"yyyy/m/d"}},
        Sheets{"Behind", Coded("61"), "1[date 1900-03-01]", "", {"yyyy/m/d"}},
        Sheets{"First", Coded("1"), "1[date 1900-01-01]", "", {"yyyy/m/d"}},
        Sheets{"DayZero", Coded("0"), "1[number 0]", "", {"yyyy/m/d"}},
        Sheets{"Negative", Coded("-1"), "1[number -1]", "", {"yyyy/m/d"}},
        Sheets{"Last", Coded("2958465"), "1[date 9999-12-31]", "", {"yyyy/m/d"}},
        Sheets{"BehindTheLast", Coded("2958466"), "1[number 2958466]", "", {"yyyy/m/d"}},
        Sheets{"In1904", Coded("43921"), "1[date 2024-04-01]", "", {"yyyy/m/d"}, "date1904=\"1\""},
        Sheets{"FirstIn1904", Coded("0"), "1[date 1904-01-01]", "", {"yyyy/m/d"}, "date1904=\"true\""},
        Sheets{"Currency", Coded("45383"), "1[number 45383]", "", {"#,##0&quot;yen day&quot;\\d_d*d[Red]"}},
        Sheets{"Exponent", Coded("45383"), "1[number 45383]", "", {"0.00E+00"}},
        Sheets{"GeneralWord", Coded("45383"), "1[number 45383]", "", {"General;[Red]-General"}},
        Sheets{"JapaneseGeneral", Coded("45383"), "1[number 45383]", "", {"G/標準"}},
        Sheets{"Text", Coded("45383"), "1[number 45383]", "", {"@"}}),
    [](const auto& row) { return row.param.name; });

TEST(Workbook, SaysWhatIsDamaged) {
  for (const auto& [rows, detail] : std::vector<std::pair<std::string, std::string>>{
           {"<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/>", "rows out of order"},
           {"<row r=\"1048577\"/>", "rows out of order"},
           {"<row r=\"x\"/>", "a row without number"},
           {"<row><c r=\"B1\"/><c r=\"A1\"/></row>", "cells out of order"},
           {"<row><c r=\"B2\"/></row>", "cells out of order"},
           {"<row><c r=\"XFE1\"/></row>", "cells out of order"},
           {"<row><c r=\"1\"/></row>", "cells out of order"},
           {Value("1,000"), "a number that is none"},
           {Value("inf"), "a number that is none"},
           {Value("0x10"), "a number that is none"},
           {OneCell("t=\"s\"", "<v>0</v>"), "a text that is not in the table of shared strings"},
           {OneCell("t=\"s\"", "<v>-1</v>"), "a text that is not in the table of shared strings"},
           {OneCell("t=\"b\"", "<v>2</v>"), "a truth value that is neither 0 nor 1"},
           {OneCell("t=\"x\"", "<v>0</v>"), "a cell of unknown type"}}) {
    const std::string shown = Read(Book{rows}.Bytes());
    EXPECT_TRUE(
        absl::StrContains(shown, absl::StrCat("WORKBOOK_DAMAGED {part=xl/worksheets/sheet1.xml, detail=", detail)))
        << rows << " " << shown;
  }
}

TEST(Workbook, ReadsBuiltInFormats) {
  for (const auto& [number, shown] : std::vector<std::pair<int, std::string>>{{0, "number 1.5"},
                                                                              {4, "number 1.5"},
                                                                              {14, "date 1900-01-01"},
                                                                              {22, "date_time 1900-01-01T12:00:00"},
                                                                              {20, "date_time 1900-01-01T12:00:00"},
                                                                              {27, "date 1900-01-01"},
                                                                              {36, "date 1900-01-01"},
                                                                              {46, "time 36:00:00"},
                                                                              {57, "date 1900-01-01"},
                                                                              {49, "number 1.5"}}) {
    Book book{Value("1.5")};
    book.more = {
        {"xl/styles.xml", absl::StrCat("<styleSheet><cellXfs><xf numFmtId=\"", number, "\"/></cellXfs></styleSheet>")}};
    EXPECT_EQ(Read(book.Bytes()), absl::StrCat("1[", shown, "]")) << number;
  }
}

TEST(Workbook, ListsSheetsAndReadsThemAtOnce) {
  const std::string office = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
  Book book{Value("1")};
  book.more = {
      {"xl/workbook.xml",
       "<x:workbook xmlns:x='x' xmlns:y='y'><x:sheets><x:sheet name='一' y:id='r1'/><x:sheet name='図' y:id='r2'/>"
       "<x:sheet name='二' state='veryHidden' y:id='r3'/></x:sheets></x:workbook>"},
      {"xl/_rels/workbook.xml.rels",
       absl::StrCat("<Relationships><Relationship Id='r1' Type='", office,
                    "worksheet' Target='../xl/worksheets/sheet1.xml'/>", "<Relationship Id='r2' Type='", office,
                    "chartsheet' Target='worksheets/sheet1.xml'/>", "<Relationship Id='r3' Type='", office,
                    "worksheet' Target='/XL/other.xml'/></Relationships>")},
      {"xl/other.xml", testing::Sheet(Value("2"))}};
  const Spool spool = testing::Spooled(book.Bytes());
  const auto workbook = Workbook::Open(spool);
  ASSERT_TRUE(workbook.ok()) << workbook.status();
  ASSERT_EQ((*workbook)->sheets().size(), 2u);
  EXPECT_EQ((*workbook)->sheets()[0].name, "一");
  EXPECT_FALSE((*workbook)->sheets()[0].hidden);
  EXPECT_EQ((*workbook)->sheets()[1].name, "二");
  EXPECT_TRUE((*workbook)->sheets()[1].hidden);
  auto one = (*workbook)->Sheet("一");
  auto two = (*workbook)->Sheet("二");
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ((*(*one)->Next())->cells[0].text, "1");
  EXPECT_EQ((*(*two)->Next())->cells[0].text, "2");
  EXPECT_EQ(*(*one)->Next(), nullptr);
  EXPECT_EQ(*(*one)->Next(), nullptr);
  EXPECT_EQ(testing::Show((*workbook)->Sheet("三")), "SHEET_NOT_FOUND {sheets=一}");
  EXPECT_EQ(testing::Show((*workbook)->Sheet(2)), "SHEET_NOT_FOUND {sheets=一}");
}

// Returns the merged ranges, and the rows before them.
std::string Merged(const std::string& behind_rows) {
  const std::string sheet =
      absl::StrCat("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>", behind_rows, "</worksheet>");
  const Spool spool = testing::Spooled(Book{"", "", {}, "", {{"xl/worksheets/sheet1.xml", sheet}}}.Bytes());
  const auto book = Workbook::Open(spool);
  const auto rows = (*book)->Sheet(size_t{0});
  for (bool more = true; more;) {
    const auto row = (*rows)->Next();
    if (!row.ok()) return testing::Said(row.status());
    more = *row != nullptr;
  }
  return absl::StrJoin((*rows)->merged(), " ");
}

TEST(Workbook, SaysWhichCellsAreMerged) {
  EXPECT_EQ(Merged(""), "");
  EXPECT_EQ(Merged("<mergeCells><mergeCell ref=\"A1:B2\"/><mergeCell ref=\"C3:C4\"/></mergeCells><pageSetup/>"),
            "A1:B2 C3:C4");
  EXPECT_EQ(Merged(absl::StrCat("<mergeCells><mergeCell ref=\"", std::string(40, 'A'), "\"/></mergeCells>")), "");
  EXPECT_TRUE(absl::StartsWith(Merged("<mergeCells><mergeCell>"), "WORKBOOK_DAMAGED"));
}

TEST(Workbook, CountsBlankRowsWhereItIsToldTo) {
  const std::string bytes =
      Book{"<row r=\"1\"><c><v>1</v></c></row><row r=\"2\"/><row r=\"3\"><c s=\"0\"/></row>"}.Bytes();
  Limits limits;
  limits.rows = 2;
  EXPECT_EQ(Read(bytes, limits), "1[number 1]");
  limits.counts_blank_rows = true;
  EXPECT_EQ(Read(bytes, limits), "1[number 1]SHEET_TOO_MANY_ROWS {max=2}");
}

TEST(Workbook, OpensNothingOutside) {
  Book book{OneCell("", "<f>[1]Sheet1!A1</f><v>7</v>")};
  book.more = {{"xl/externalLinks/externalLink1.xml", "<!DOCTYPE a>"}};
  EXPECT_EQ(Read(book.Bytes()), "1[=number 7]");
  book.more = {{"_rels/.rels",
                "<Relationships><Relationship Id='r1' Type='/officeDocument' TargetMode='External' "
                "Target='xl/workbook.xml'/></Relationships>"}};
  EXPECT_EQ(Read(book.Bytes()), "WORKBOOK_DAMAGED {part=_rels/.rels, detail=the workbook is missing}");
}

}  // namespace
}  // namespace tsunagu::sheet
