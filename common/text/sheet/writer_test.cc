#include "common/text/sheet/writer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/error.h"
#include "common/text/sheet/archive_test.h"
#include "common/text/sheet/package.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "gtest/gtest.h"

namespace tsunagu::sheet {
namespace {

using testing::Read;

using Rows = std::vector<std::vector<std::string>>;

// Returns the bytes of a workbook, or the message of an error.
std::string Write(const Layout& layout, const Rows& rows) {
  absl::StatusOr<Spool> spool = Spool::Create(0);
  if (!spool.ok()) return testing::Said(spool.status());
  auto writer = Writer::Create(layout, spool->path());
  if (!writer.ok()) return testing::Said(writer.status());
  absl::Status status;
  for (const auto& row : rows) status = (*writer)->Add(row);
  if (status.ok()) status = (*writer)->Finish();
  if (!status.ok()) return testing::Said(status);
  std::string bytes(static_cast<size_t>(*spool->Size()), '\0');
  EXPECT_EQ(*spool->Read(0, absl::MakeSpan(&bytes[0], bytes.size())), bytes.size());
  return bytes;
}

// The text of one part.
std::string PartOf(absl::string_view bytes, absl::string_view name) {
  const Spool spool = testing::Spooled(bytes);
  auto package = Package::Open(spool.descriptor(), {});
  if (!package.ok()) return testing::Said(package.status());
  auto xml = (*package)->Read(name, 1 << 20);
  std::string shown;
  while (xml.ok()) {
    const auto token = xml->Next();
    if (!token.ok() || *token == XmlReader::Token::kFinish) break;
    if (*token == XmlReader::Token::kText) absl::StrAppend(&shown, xml->text());
    if (*token != XmlReader::Token::kStart) continue;
    absl::StrAppend(&shown, "<", xml->name());
    for (const char* attribute : {"type", "sqref", "ref", "ySplit", "state", "name"}) {
      const absl::string_view value = xml->Attribute(attribute);
      if (!value.empty()) absl::StrAppend(&shown, " ", attribute, "=", value);
    }
    absl::StrAppend(&shown, ">");
  }
  return shown;
}

Layout OneColumn(ColumnKind kind) { return {"名簿", {{"値", kind}}}; }

struct Value {
  const char* name;
  ColumnKind kind;
  std::string text;
  std::string shown;  // what is read back
};

class WrittenCell : public ::testing::TestWithParam<Value> {};

TEST_P(WrittenCell, IsReadBack) {
  const Value& value = GetParam();
  EXPECT_EQ(Read(Write(OneColumn(value.kind), {{value.text}})), absl::StrCat("1[text 値]2[", value.shown, "]"));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrittenCell,
    ::testing::Values(
        Value{"Text", ColumnKind::kText, "髙橋　﨑①〜", "text 髙橋　﨑①〜"},
        Value{"OutsideTheFirstPlane", ColumnKind::kText, "𠮷野家", "text 𠮷野家"},
        Value{"Lines", ColumnKind::kText, "一\n二\r\n三", "text 一\n二\r\n三"},
        Value{"Spaces", ColumnKind::kText, "  a \n", "text   a \n"},
        Value{"Markup", ColumnKind::kText, "<a & \"b\" ']]>", "text <a & \"b\" ']]>"},
        Value{"Control", ColumnKind::kText, "a\x01\x1F", "text a\x01\x1F"},
        Value{"LooksEscaped", ColumnKind::kText, "_x000D__x005f__x00_", "text _x000D__x005f__x00_"},
        Value{"LooksEscapedWithControl", ColumnKind::kText, "_x000D\r_x000D\x01_", "text _x000D\r_x000D\x01_"},
        Value{"LikeAFormula", ColumnKind::kText, "=1+1", "text =1+1"},
        Value{"LikeALink", ColumnKind::kText, "https://example.jp/", "text https://example.jp/"},
        Value{"Code", ColumnKind::kText, "011002", "text 011002"},
        Value{"Choice", ColumnKind::kChoice, "あり", "text あり"},
        Value{"Integer", ColumnKind::kInteger, "-120", "number -120"},
        Value{"Zero", ColumnKind::kInteger, "0", "number 0"},
        Value{"BigInteger", ColumnKind::kInteger, "9007199254740991", "number 9007199254740991"},
        Value{"BiggerInteger", ColumnKind::kInteger, "9007199254740993", "text 9007199254740993"},
        Value{"IntegerWithZeros", ColumnKind::kInteger, "011002", "text 011002"},
        Value{"IntegerWithPoint", ColumnKind::kInteger, "1.5", "text 1.5"},
        Value{"NotANumber", ColumnKind::kInteger, "inf", "text inf"},
        Value{"Decimal", ColumnKind::kDecimal, "0.1", "number 0.1"},
        Value{"DecimalOf15Digits", ColumnKind::kDecimal, "0.123456789012345", "number 0.123456789012345"},
        Value{"DecimalOf18Digits", ColumnKind::kDecimal, "0.123456789012345678", "text 0.123456789012345678"},
        Value{"DecimalWithZeros", ColumnKind::kDecimal, "1.50", "number 1.5"},
        Value{"TinyDecimal", ColumnKind::kDecimal, "0.000001", "number 0.000001"},
        Value{"Date", ColumnKind::kDate, "2024-04-01", "date 2024-04-01"},
        Value{"DateBeforeTheFalseLeapDay", ColumnKind::kDate, "1900-02-28", "date 1900-02-28"},
        Value{"DateBehindTheFalseLeapDay", ColumnKind::kDate, "1900-03-01", "date 1900-03-01"},
        Value{"FirstDate", ColumnKind::kDate, "1900-01-01", "date 1900-01-01"},
        Value{"LastDate", ColumnKind::kDate, "9999-12-31", "date 9999-12-31"},
        Value{"DateBefore1900", ColumnKind::kDate, "1899-12-31", "text 1899-12-31"},
        Value{"DateThatIsNone", ColumnKind::kDate, "2023-02-29", "text 2023-02-29"},
        Value{"DateInWareki", ColumnKind::kDate, "令和6年4月1日", "text 令和6年4月1日"},
        Value{"DateTime", ColumnKind::kDateTime, "2024-04-01T09:30:59", "date_time 2024-04-01T09:30:59"},
        Value{"Midnight", ColumnKind::kDateTime, "2024-04-01T00:00:00", "date_time 2024-04-01T00:00:00"},
        Value{"LastSecond", ColumnKind::kDateTime, "2024-12-31T23:59:59", "date_time 2024-12-31T23:59:59"}),
    [](const auto& row) { return row.param.name; });

TEST(Writer, WritesTheLongestText) {
  const std::string text = testing::Repeat(16'383, "𠮷") + "x";
  EXPECT_EQ(Read(Write(OneColumn(ColumnKind::kText), {{text}})), absl::StrCat("1[text 値]2[text ", text, "]"));
  EXPECT_EQ(Write(OneColumn(ColumnKind::kText), {{}, {text + "y"}}), "CELL_TOO_LONG {cell=A3, max=32767}");
}

TEST(Writer, LeavesGaps) {
  const Layout layout{"名簿", {{"甲"}, {"乙", ColumnKind::kInteger}, {"丙"}}};
  EXPECT_EQ(Read(Write(layout, {{"a", "", "c"}, {}, {"", "2"}, {"", "", "", "d"}})),
            "1[text 甲|text 乙|text 丙]2[text a||text c]4[|number 2]5[|||text d]");
}

TEST(Writer, WritesTheSameBytesAgain) {
  Layout layout{"名簿", {{"甲", ColumnKind::kText, {}, 0, "説明"}, {"乙", ColumnKind::kChoice, {"あり", "なし"}}}};
  const std::string once = Write(layout, {{"a", "あり"}});
  EXPECT_EQ(Write(layout, {{"a", "あり"}}), once);
  layout.created = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_NE(Write(layout, {{"a", "あり"}}), once);
}

TEST(Writer, FreezesAndFiltersTheHeading) {
  const std::string sheet = PartOf(Write(OneColumn(ColumnKind::kText), {{"a"}, {"b"}}), "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("<pane ySplit=1 state=frozen>"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("<autoFilter ref=A1:A3>"), std::string::npos) << sheet;
}

TEST(Writer, PutsShortChoicesIntoTheDropDown) {
  Layout layout{"名簿", {{"甲"}, {"乙", ColumnKind::kChoice, {"あり", "なし"}}}};
  layout.rows_to_fill = 10;
  const std::string sheet = PartOf(Write(layout, {{"a", "あり"}}), "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("<dataValidation type=list sqref=B2:B12><formula1>\"あり,なし\""), std::string::npos) << sheet;
}

TEST(Writer, PutsLongChoicesIntoAHiddenSheet) {
  std::vector<std::string> towns;
  for (int i = 0; i < 60; ++i) towns.push_back(absl::StrCat("市区町村", i));
  const Layout layout{"名簿", {{"甲", ColumnKind::kChoice, {"a,b"}}, {"乙", ColumnKind::kChoice, towns}}};
  const std::string bytes = Write(layout, {{"a,b", "市区町村3"}});
  const std::string sheet = PartOf(bytes, "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("<dataValidation type=list sqref=A2><formula1>_lists!$A$1:$A$1"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("<dataValidation type=list sqref=B2><formula1>_lists!$B$1:$B$60"), std::string::npos) << sheet;
  const Spool spool = testing::Spooled(bytes);
  const auto book = Workbook::Open(spool);
  ASSERT_TRUE(book.ok()) << book.status();
  ASSERT_EQ((*book)->sheets().size(), 2u);
  EXPECT_FALSE((*book)->sheets()[0].hidden);
  EXPECT_TRUE((*book)->sheets()[1].hidden);
  const std::string lists = testing::Show((*book)->Sheet("_lists"));
  EXPECT_EQ(lists.substr(0, lists.find("]2")), "1[text a,b|text 市区町村0");
}

TEST(Writer, WritesNotes) {
  const Layout layout{"名簿", {{"甲", ColumnKind::kText, {}, 0, "全角で"}}};
  EXPECT_NE(PartOf(Write(layout, {}), "xl/comments1.xml").find("全角で"), std::string::npos);
}

TEST(Writer, RefusesNamesThatExcelDoesNotTake) {
  for (const char* name :
       {"", "a/b", "[a]", "'a", "a'", "History", "_LISTS", "a\nb", "a\xFF", "12345678901234567890123456789012",
        "１２３４５６７８９０１２３４５６７８９０１２３４５６７８９０１２"}) {
    EXPECT_EQ(Write({name, {{"甲"}}}, {}), "SHEET_NAME_NOT_ALLOWED") << name;
  }
}

TEST(Writer, RefusesCharactersThatNoFileHolds) {
  for (const std::string& text : {std::string("a\0b", 3), std::string("\xFF"), std::string("\xEF\xBF\xBF")}) {
    EXPECT_EQ(Write(OneColumn(ColumnKind::kText), {{text}, {"b"}}), "CELL_CHARACTERS_NOT_ALLOWED {cell=A2}");
  }
}

TEST(Writer, SaysWhereItCannotWrite) {
  const auto writer = Writer::Create(OneColumn(ColumnKind::kText), "/nonexistent/book.xlsx");
  ASSERT_TRUE(writer.ok()) << writer.status();
  const absl::Status status = (*writer)->Finish();
  EXPECT_EQ(ReasonOf(status), "TEMPORARY_FILE_FAILED"_reason) << status;
}

}  // namespace
}  // namespace tsunagu::sheet
