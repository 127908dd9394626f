// Files as people produce them, whatever their subject: the surroundings of the table. Each habit is tested on three
// resources, as CSV and as a workbook.
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"

namespace tsunagu::wire {
namespace {

using Cells = std::function<void(Table&)>;        // what is done to the table
using Bytes = std::function<std::string(Table)>;  // how the file is written

struct Habit {
  const char* name;
  Cells cells;            // null: nothing
  Bytes csv;              // null: as CSV with commas, in UTF-8, and as a workbook; otherwise only this
  const char* told = "";  // of the whole file: its error, or the warnings of the row that is the heading
  const char* rows = "2 rows: 2 created";
};

void ForHeading(Table& table, const std::function<std::string(const std::string&)>& change) {
  for (std::string& cell : table[0]) cell = change(cell);
}
void ForRows(Table& table, const std::function<void(std::vector<std::string>&)>& change) {
  for (std::vector<std::string>& row : table) change(row);
}
// The first character apart from the rest, which no cutting of bytes would do.
std::string Split(const std::string& heading, const std::string& between) {
  size_t end = 1;
  while ((static_cast<unsigned char>(heading[end]) & 0xC0) == 0x80) ++end;
  return heading.substr(0, end) + between + heading.substr(end);
}
Bytes In(const char* encoding, const char* separator = ",") {
  return [=](Table table) { return InEncoding(encoding, CsvOf(table, separator)); };
}
Bytes Around(const std::string& before, const std::string& behind, const char* separator = ",") {
  return [=](Table table) { return absl::StrCat(before, CsvOf(table, separator), behind); };
}
std::string Unicode(bool big_endian, const Table& table) {  // Excel's "Unicode text"
  return (big_endian ? "\xFE\xFF" : "\xFF\xFE") + InEncoding(big_endian ? "UTF-16BE" : "UTF-16LE", CsvOf(table, "\t"));
}
void AddColumn(Table& table, const std::string& heading, const std::string& cell) {
  for (size_t i = 0; i < table.size(); ++i) table[i].insert(table[i].begin(), i == 0 ? heading : cell);
}

const std::vector<Habit>& Habits() {
  static const auto& habits = *new std::vector<Habit>{
      {"plain", nullptr, nullptr},
      {"line breaks in headings", [](Table& t) { ForHeading(t, [](auto& h) { return Split(h, "\n"); }); }, nullptr},
      {"CR LF in headings", [](Table& t) { ForHeading(t, [](auto& h) { return Split(h, "\r\n"); }); }, nullptr},
      {"spaces in headings", [](Table& t) { ForHeading(t, [](auto& h) { return " " + Split(h, "　") + "　"; }); },
       nullptr},
      {"headings in another width",
       [](Table& t) {
         ForHeading(t, [](const std::string& h) {
           return absl::StrReplaceAll(h, {{"コード", "ｺｰﾄﾞ"},
                                          {"メッシュ", "ﾒｯｼｭ"},
                                          {"サービス", "ｻｰﾋﾞｽ"},
                                          {"（", "("},
                                          {"）", ")"},
                                          {"facility_id", "ＦＡＣＩＬＩＴＹ＿ＩＤ"}});
         });
       },
       nullptr},
      {"title rows",
       [](Table& t) {
         t.insert(t.begin(), {{"令和6年度　一覧（架空）"}, {"", "", "2024年4月1日現在"}});
       },
       nullptr, "3 warned :ROWS_ABOVE_HEADING"},
      {"nineteen rows above", [](Table& t) { t.insert(t.begin(), 19, {"注意"}); }, nullptr,
       "20 warned :ROWS_ABOVE_HEADING"},
      {"twenty rows above", [](Table& t) { t.insert(t.begin(), 20, {"注意"}); }, nullptr,
       "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :MISSING_COLUMNS :UNKNOWN_COLUMNS", ""},
      {"one column more", [](Table& t) { AddColumn(t, "担当者", "見本"); }, nullptr, "1 warned :COLUMNS_LEFT_OUT"},
      {"a column without heading", [](Table& t) { AddColumn(t, "", "x"); }, nullptr, "1 warned :COLUMNS_LEFT_OUT"},
      {"trailing empty columns", [](Table& t) { ForRows(t, [](auto& row) {
                                                  row.insert(row.end(), {"", " ", ""});
                                                }); },
       nullptr},
      {"blank rows",
       [](Table& t) {
         for (int i = 0; i < 12; ++i) t.insert(t.begin() + 2, std::vector<std::string>(t[0].size(), i % 2 ? "　" : ""));
         t.insert(t.end(), 24, std::vector<std::string>(t[0].size()));
       },
       nullptr},
      {"a value beside the table", [](Table& t) { t.back().push_back("x"); }, nullptr, "",
       "2 rows: 1 created, 1 refused"},
      {"byte order mark", nullptr, Around("\xEF\xBB\xBF", "")},
      {"two byte order marks", nullptr, Around("\xEF\xBB\xBF\xEF\xBB\xBF", "")},
      {"two byte order marks before a quote", [](Table& t) { ForHeading(t, [](auto& h) { return Split(h, "\n"); }); },
       Around("\xEF\xBB\xBF\xEF\xBB\xBF", "")},
      {"tabs", nullptr, Around("", "", "\t")},
      {"semicolons", nullptr, Around("", "", ";")},
      {"semicolons and titles",
       [](Table& t) { t.insert(t.begin(), std::vector<std::string>(t[0].size())), t[0][0] = "一覧"; },
       Around("", "", ";"), "2 warned :ROWS_ABOVE_HEADING"},
      {"sep=;", nullptr, Around("sep=;\r\n", "", ";")},
      {"sep=, behind a byte order mark", nullptr, Around("\xEF\xBB\xBFSEP=,\n", "")},
      {"sep= in quotes", nullptr, Around("\"sep=\t\"\r\n", "", "\t")},
      {"0x1A at the end", nullptr, Around("", "\x1A")},
      {"a block of 0x1A", nullptr, Around("", std::string(500, '\x1A'))},
      {"CP932", nullptr, In("CP932")},
      {"CP932 with tabs", nullptr, In("CP932", "\t")},
      {"UTF-16 LE", nullptr, [](const Table& t) { return Unicode(false, t); }},
      {"UTF-16 BE", nullptr, [](const Table& t) { return Unicode(true, t); }},
      {"EUC-JP", nullptr, In("EUC-JP"), "INVALID_ARGUMENT OTHER_ENCODING", ""},
      {"ISO-2022-JP", nullptr, In("ISO-2022-JP"), "INVALID_ARGUMENT OTHER_ENCODING", ""},
      {"Shift_JIS-2004", [](Table& t) { t.back()[1] += "俱㐂"; }, In("SHIFT_JISX0213"),
       "INVALID_ARGUMENT OTHER_ENCODING", ""},
      {"EUC-JIS-2004", [](Table& t) { t.back()[1] += "俱㐂"; }, In("EUC-JISX0213"), "INVALID_ARGUMENT OTHER_ENCODING",
       ""},
      {"a quote that is never closed", [](Table& t) { t.back().back() = "\x01"; },
       [](const Table& t) {
         return absl::StrReplaceAll(CsvOf(t), {{"\x01", "\"x"}});
       },
       "", "2 rows: 1 created, 1 refused"},
      {"a quote that is never closed in the heading", [](Table& t) { t[0].back() = "\x01"; },
       [](const Table& t) {
         return absl::StrReplaceAll(CsvOf(t), {{"\x01", "\"x"}});
       },
       "INVALID_ARGUMENT QUOTE_NOT_CLOSED", ""},
      {"an old workbook", nullptr, [](const Table&) { return sheet::testing::CompoundFile({"Workbook"}); },
       "INVALID_ARGUMENT WORKBOOK_IS_XLS", ""},
      {"OpenDocument", nullptr,
       [](const Table&) {
         return sheet::testing::Zip(
             {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"}});
       },
       "INVALID_ARGUMENT WORKBOOK_IS_ODS", ""},
      {"PDF", nullptr, [](const Table&) { return std::string("%PDF-1.7\n1 0 obj\n"); },
       "INVALID_ARGUMENT WORKBOOK_IS_PDF", ""},
  };
  return habits;
}

struct Resource {
  const char* collection;
  Table table;
};

const std::vector<Resource>& Resources() {
  static const auto& resources = *new std::vector<Resource>{
      {"facilities",
       {{"facility_id", "事業所の名称", "サービス種別", "定員"},
        {"kita", "きたの家（架空）", "放課後等デイサービス", "10"},
        {"minami", "みなみの家（架空）", "児童発達支援", "20"}}},
      {"nurses",
       {{"取込元のキー", "氏名", "免許", "週の勤務可能分数", "自宅メッシュ", "通勤上限（m）"},
        {"k/1", "見本 花子", "看護師", "1200", "53341198", "8000"},
        {"k/2", "見本 太郎", "准看護師", "600", "53341198", "5000"}}},
      {"areas",
       {{"団体コード", "名称", "種別", "上位の地域"},
        {"310000", "鳥取県", "都道府県", ""},
        {"313866", "琴浦町", "町", "310000"}}},
  };
  return resources;
}

class FileHabitsTest : public SuiteTest {
 protected:
  std::string Told(const Imported& imported) {
    if (!imported.status.ok()) return Said(imported.status);
    for (const std::string& row : imported.rows) {
      if (row.find("ROWS_ABOVE_HEADING") != std::string::npos || row.find("COLUMNS_LEFT_OUT") != std::string::npos)
        return row;
    }
    return "";
  }
  // What is imported is gone again: a dry run stores nothing.
  Imported Try(const std::string& collection, const std::string& file, bool strict = false) {
    platform_v1::ImportRowsRequest options;
    options.set_collection(collection);
    options.set_dry_run(true);
    options.set_strict(strict);
    return ImportCsv(reader(), options, file);
  }
};
WIRE_TEST_ON_BOTH(FileHabitsTest);

TEST_P(FileHabitsTest, EachHasItsOutcome) {
  for (const Resource& resource : Resources()) {
    for (const Habit& habit : Habits()) {
      Table table = resource.table;
      if (habit.cells) habit.cells(table);
      std::vector<std::pair<const char*, std::string>> files;
      files.emplace_back("CSV", habit.csv ? habit.csv(table) : CsvOf(table));
      if (!habit.csv) files.emplace_back("workbook", WorkbookOf(table));
      for (const auto& [format, file] : files) {
        const Imported imported = Try(resource.collection, file);
        const std::string where = absl::StrCat(resource.collection, ", ", format, ": ", habit.name);
        EXPECT_EQ(Told(imported), habit.told) << where;
        if (imported.status.ok()) {
          EXPECT_EQ(imported.summary, habit.rows) << where << "\n" << absl::StrJoin(imported.rows, "\n");
        }
      }
    }
  }
}

TEST_P(FileHabitsTest, AFaultOfTheFileSaysWhichRowWasTakenForTheHeadingAndWhatItHeld) {
  Table table = Resources()[0].table;
  table[0][1] = "名まえ" + std::string(100, 'x');
  table.insert(table.begin(), {"一覧"});
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("facilities");
    const Imported imported = ImportCsv(admin().In(language), options, CsvOf(table));
    ASSERT_EQ(Said(imported.status),
              "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :MISSING_COLUMNS :UNKNOWN_COLUMNS");
    std::string text;
    const Fault whole = FaultOf(imported.status);
    for (const Fault& fault : whole.faults()) absl::StrAppend(&text, Text(fault, language), "\n");
    EXPECT_THAT(text, testing::HasSubstr(language == Language::kJapanese
                                             ? "2行目を見出しとして読みました。内容: facility_id, 名まえ" +
                                                   std::string(27, 'x') + "…, サービス種別, 定員"
                                             : "Row 2 was taken for the heading. It holds: facility_id, 名まえ"));
    EXPECT_THAT(text, testing::HasSubstr(language == Language::kJapanese ? "必要な列がありません: 事業所の名称"
                                                                         : "Columns are missing: display_name"));
  }
}

TEST_P(FileHabitsTest, StrictRefusesColumnsThatAreNotKnown) {
  Table table = Resources()[0].table;
  AddColumn(table, "担当者", "見本");
  EXPECT_EQ(Said(Try("facilities", CsvOf(table), true).status),
            "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :UNKNOWN_COLUMNS");
  EXPECT_EQ(Said(Try("facilities", WorkbookOf(table), true).status),
            "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :UNKNOWN_COLUMNS");
  EXPECT_EQ(Try("facilities", CsvOf(Resources()[0].table), true).summary, "2 rows: 2 created");
}

TEST_P(FileHabitsTest, AHeadingOfManyColumnsCostsWhatItsBytesCost) {
  std::string heading = "facility_id";
  for (int i = 0; i < 4'000; ++i) heading += ",事業所の名称";
  const Imported same = Try("facilities", heading + "\nkita,x\n");
  EXPECT_EQ(ReasonOf(same.status), "INVALID_REQUEST"_reason);
  EXPECT_LE(FaultOf(same.status).faults_size(), 20);
  heading = "facility_id,display_name";
  for (int i = 0; i < 4'000; ++i) absl::StrAppend(&heading, ",c", i);
  const Imported unknown = Try("facilities", heading + "\nkita,x" + std::string(4'000, ',') + "\n");
  EXPECT_EQ(unknown.summary, "1 rows: 1 created") << Said(unknown.status);
  const Imported items =
      Try("nurses",
          absl::StrCat(
              "氏名,免許,週の勤務可能分数,自宅メッシュ,通勤上限（m）,できるケア\n見本 花子,看護師,1200,53341198,8000,",
              sheet::testing::Repeat(50'000, "?;"), "\n"));
  ASSERT_EQ(items.summary, "1 rows: 1 refused");
  EXPECT_EQ(items.rows[0], "2 refused :MORE_FAULTS" + sheet::testing::Repeat(20, " できるケア:UNKNOWN_ENUM_VALUE"));
}

// The layouts of others find their columns in the same way.
TEST_P(FileHabitsTest, TheMinistrysOwnListHasLineBreaksInItsHeadings) {
  const Table table = {
      {"令和6年1月1日更新"},
      {"団体コード", "都道府県名\n（漢字）", "市区町村名\n（漢字）", "都道府県名\n（ｶﾅ）", "市区町村名\n（ｶﾅ）", ""},
      {"310000", "鳥取県", "", "ﾄｯﾄﾘｹﾝ", "", ""},
      {"312011", "鳥取県", "鳥取市", "ﾄｯﾄﾘｹﾝ", "ﾄｯﾄﾘｼ", ""}};
  for (const std::string& file : {CsvOf(table), InEncoding("CP932", CsvOf(table)), WorkbookOf(table)}) {
    const Imported imported = Try("areas", file);
    EXPECT_EQ(imported.counts.layout(), "code-list") << Said(imported.status);
    EXPECT_EQ(imported.summary, "2 rows: 2 created") << absl::StrJoin(imported.rows, "\n");
    EXPECT_EQ(Told(imported), "2 warned :ROWS_ABOVE_HEADING");
  }
}

}  // namespace
}  // namespace tsunagu::wire
