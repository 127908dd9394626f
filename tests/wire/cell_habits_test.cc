// Values as people and spreadsheets write them, in CSV and in workbooks: unambiguous values are accepted silently,
// doubtful ones with a warning, and the others are refused with a reason.
#include <functional>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/text/csv.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"

namespace tsunagu::wire {
namespace {

struct Value {
  const char* column;
  std::string cell;
  const char* stored;     // as an export in Japanese shows it; null: the row is refused
  const char* told = "";  // its reason, or that of a warning
};

struct Sheet {
  const char* collection;
  std::string key;                           // the column by which a row is found again
  std::map<std::string, std::string> plain;  // what the other columns hold
  std::function<std::string(int)> key_of;
  std::vector<Value> values;
};

const std::vector<Sheet>& Sheets() {
  static const auto& sheets = *new std::vector<Sheet>{
      {"facilities",
       "facility_id",
       {{"事業所の名称", "きたの家（架空）"}},
       [](int i) { return absl::StrCat("f", i); },
       {{"定員", "1,200", "1200"},
        {"定員", "１，２００", "1200"},
        {"定員", "２４００", "2400"},
        {"定員", " 24　", "24"},
        {"定員", "2400.0", "2400"},
        {"定員", "2,400.00", "2400"},
        {"定員", "0012", "12"},
        {"定員", "12,00", nullptr, "MALFORMED_VALUE"},
        {"定員", "2400.5", nullptr, "MALFORMED_VALUE"},
        {"定員", "2400.", nullptr, "MALFORMED_VALUE"},
        {"定員", "10人", nullptr, "MALFORMED_VALUE"},
        {"定員", "1 200", nullptr, "MALFORMED_VALUE"},
        {"定員", "99999999999999999999", nullptr, "MALFORMED_VALUE"},
        {"定員", "-5", nullptr, "OUT_OF_RANGE"},
        {"定員", "1E3", nullptr, "NUMBER_WITH_EXPONENT"},
        {"定員", "１．２Ｅ＋０３", nullptr, "NUMBER_WITH_EXPONENT"},
        {"サービス種別", "放課後等ﾃﾞｲｻｰﾋﾞｽ", "放課後等デイサービス"},
        {"サービス種別", "児童 発達支援", "児童発達支援"},
        {"サービス種別", "パン屋", nullptr, "UNKNOWN_ENUM_VALUE"},
        {"定休日", "土日\r\n祝日", "土日\n祝日"},
        {"定休日", "土日\r祝日", "土日\n祝日"},
        {"定休日", "土日\n祝日", "土日\n祝日"},
        {"留意事項", "一\x01二", nullptr, "MALFORMED_TEXT"},
        {"留意事項", "\u00A0休み　", "休み"},
        {"留意事項", "〓田", "〓田", "GETA_MARK"}}},
      {"nurses",
       "取込元のキー",
       {{"氏名", "見本 花子"},
        {"免許", "看護師"},
        {"週の勤務可能分数", "1200"},
        {"自宅メッシュ", "53341198"},
        {"通勤上限（m）", "8000"}},
       [](int i) { return absl::StrCat("k/", i); },
       {{"生年月日", "昭60.4.2", "1985-04-02"},
        {"生年月日", "㍼60年4月2日", "1985-04-02"},
        {"生年月日", "㍻元年1月8日", "1989-01-08"},
        {"生年月日", "Ｓ６０．４．２", "1985-04-02"},
        {"生年月日", "1985-04-02T00:00:00", "1985-04-02"},
        {"生年月日", "1985/4/2 0:00", "1985-04-02"},
        {"生年月日", "1985/4/2 0:00:00", "1985-04-02"},
        {"生年月日", "１９８５／４／２　０：００", "1985-04-02"},
        {"生年月日", "1985年4月2日 00:00", "1985-04-02"},
        {"生年月日", "31139", "1985-04-02", "DATE_FROM_SERIAL"},
        {"生年月日", "３１１３９", "1985-04-02", "DATE_FROM_SERIAL"},
        {"生年月日", "9999", nullptr, "MALFORMED_DATE"},
        {"生年月日", "1985", nullptr, "MALFORMED_DATE"},
        {"生年月日", "99999", nullptr, "MALFORMED_DATE"},
        {"生年月日", "31139.5", nullptr, "MALFORMED_DATE"},
        {"生年月日", "1985/4/2 9:30", nullptr, "DATE_WITH_TIME"},
        {"生年月日", "1985-04-02T00:00:00+09:00", nullptr, "DATE_WITH_TIME"},
        {"生年月日", "4/2/1985", nullptr, "DATE_ORDER_UNCLEAR"},
        {"生年月日", "4/2/1985 0:00", nullptr, "DATE_ORDER_UNCLEAR"},
        {"生年月日", "85/4/2", nullptr, "DATE_ORDER_UNCLEAR"},
        {"生年月日", "Apr-85", nullptr, "DATE_REWRITTEN"},
        {"生年月日", "2-Apr-85", nullptr, "DATE_REWRITTEN"},
        {"生年月日", "1985-02-30T00:00:00", nullptr, "DATE_DOES_NOT_EXIST"},
        {"自宅メッシュ", "５３３４１１９８", "53341198"},
        {"自宅メッシュ", "5334-11-98", "53341198"},
        {"自宅メッシュ", "５３３４－１１－９８", "53341198"},
        {"自宅メッシュ", "5334-11-9", nullptr, "MALFORMED_MESH_CODE"},
        {"求職中", "○", "true"},
        {"求職中", "〇", "true"},
        {"求職中", "◯", "true"},
        {"求職中", "有", "true"},
        {"求職中", "✓", "true"},
        {"求職中", "Y", "true"},
        {"求職中", "ｙ", "true"},
        {"求職中", "ＴＲＵＥ", "true"},
        {"求職中", "１", "true"},
        {"求職中", "×", "false"},
        {"求職中", "無", "false"},
        {"求職中", "N", "false"},
        {"求職中", "Ｎ", "false"},
        {"求職中", "△", nullptr, "MALFORMED_VALUE"},
        {"求職中", "?", nullptr, "MALFORMED_VALUE"}}},
      {"areas",
       "団体コード",
       {{"名称", "見本町"}, {"種別", "町"}, {"上位の地域", "310000"}},
       [](int i) { return CodeOf(500 + i); },
       {{"開始日", "㍻16年9月1日", "2004-09-01"},
        {"開始日", "平16/9/1", "2004-09-01"},
        {"開始日", "2004-09-01 00:00:00.000", "2004-09-01"},
        {"開始日", "38231", "2004-09-01", "DATE_FROM_SERIAL"},
        {"開始日", "9/1/2004", nullptr, "DATE_ORDER_UNCLEAR"},
        {"開始日", "Sep-04", nullptr, "DATE_REWRITTEN"},
        {"緯度（百万分の一度）", "35,501,111", "35501111"},
        {"緯度（百万分の一度）", "３５５０１１１１", "35501111"},
        {"緯度（百万分の一度）", "3.55E+07", nullptr, "NUMBER_WITH_EXPONENT"},
        {"種別", " 町　", "町"}}},
  };
  return sheets;
}

class CellHabitsTest : public SuiteTest {
 protected:
  static Table TableOf(const Sheet& sheet) {
    std::vector<std::string> heading = {sheet.key};
    std::map<std::string, size_t> places;
    const auto add = [&](const std::string& column) {
      if (places.try_emplace(column, heading.size()).second) heading.push_back(column);
    };
    for (const auto& [column, cell] : sheet.plain) add(column);
    for (const Value& value : sheet.values) add(value.column);
    Table table = {heading};
    for (size_t i = 0; i < sheet.values.size(); ++i) {
      std::vector<std::string> row(heading.size());
      row[0] = sheet.key_of(static_cast<int>(i));
      for (const auto& [column, cell] : sheet.plain) row[places[column]] = cell;
      row[places[sheet.values[i].column]] = sheet.values[i].cell;
      table.push_back(row);
    }
    return table;
  }

  // By key, the cells of an export by their headings.
  std::map<std::string, std::map<std::string, std::string>> Stored(const Sheet& sheet) {
    std::map<std::string, std::map<std::string, std::string>> stored;
    std::vector<std::string> heading;
    contract::CsvReader csv(contract::Encoding::kUtf8, [&](contract::CsvRow row) {
      if (heading.empty()) {
        heading = row.cells;
        return absl::OkStatus();
      }
      std::map<std::string, std::string> cells;
      for (size_t i = 0; i < heading.size(); ++i) cells[heading[i]] = contract::UnmarkFormula(row.cells[i]);
      stored[cells[sheet.key]] = cells;
      return absl::OkStatus();
    });
    const Exported exported = ExportCsv(reader().In(Language::kJapanese), sheet.collection);
    EXPECT_TRUE(csv.Feed(exported.file).ok() && csv.Finish().ok());
    return stored;
  }

  void ExpectOutcomes(const Sheet& sheet, const std::string& file, bool names_cells) {
    const Imported imported = ImportCsv(reader(), sheet.collection, file);
    ASSERT_EQ(Said(imported.status), "OK");
    std::map<int, std::string> told;
    for (const std::string& row : imported.rows) {
      const std::vector<std::string> parts = absl::StrSplit(row, absl::MaxSplits(' ', 1));
      told[std::stoi(parts[0])] = parts[1];
    }
    auto stored = Stored(sheet);
    for (size_t i = 0; i < sheet.values.size(); ++i) {
      const Value& value = sheet.values[i];
      const std::string name =
          absl::StrCat(sheet.collection, names_cells ? ", workbook: " : ", CSV: ", value.column, " ", value.cell);
      const std::string outcome = told[static_cast<int>(i) + 2];
      const std::string key = sheet.key_of(static_cast<int>(i));
      const std::string reason = absl::StrCat(value.column, ":", value.told);
      EXPECT_EQ(stored.count(key), value.stored == nullptr ? 0u : 1u) << name << ": " << outcome;
      if (value.stored != nullptr) {
        EXPECT_EQ(stored[key][value.column], value.stored) << name;
      }
      const std::string fate = *value.told == '\0' ? "" : value.stored == nullptr ? "refused " : "warned ";
      EXPECT_TRUE(fate.empty() ? outcome.empty() : absl::StartsWith(outcome, fate) && absl::EndsWith(outcome, reason))
          << name << ": " << outcome;
    }
  }
};
WIRE_TEST_ON_BOTH(CellHabitsTest);

TEST_P(CellHabitsTest, EachValueHasItsOutcomeInCsv) {
  CreateAreas();
  for (const Sheet& sheet : Sheets()) ExpectOutcomes(sheet, CsvOf(TableOf(sheet)), false);
}

TEST_P(CellHabitsTest, AndInAWorkbook) {
  CreateAreas();
  for (const Sheet& sheet : Sheets()) {
    Table table = TableOf(sheet);
    for (auto& row : table) {
      for (auto& cell : row) cell = absl::StrReplaceAll(cell, {{"\x01", "_x0001_"}});
    }
    ExpectOutcomes(sheet, WorkbookOf(table), true);
  }
}

TEST_P(CellHabitsTest, ANumberOfAWorkbookInAColumnOfDaysIsASerialNumber) {
  CreateAreas();
  const auto cell = [](absl::string_view text) {
    return absl::StrCat("<c t=\"inlineStr\"><is><t>", text, "</t></is></c>");
  };
  const std::string rows = absl::StrCat("<row>", cell("団体コード"), cell("名称"), cell("種別"), cell("上位の地域"),
                                        cell("開始日"), "</row><row>", cell("313866"), cell("琴浦町"), cell("町"),
                                        cell("310000"), "<c><v>38231</v></c></row>");
  const Imported imported = ImportWorkbook(admin(), "areas", sheet::testing::Book{rows}.Bytes());
  EXPECT_THAT(imported.rows, testing::ElementsAre("2 warned E2 開始日:DATE_FROM_SERIAL"));
  EXPECT_EQ(GetArea("areas/313866")->valid_from_date().ShortDebugString(), "year: 2004 month: 9 day: 1");
}

TEST_P(CellHabitsTest, ThatMoreOfACellIsWrongThanIsToldIsSaid) {
  CreateAreas();
  for (const int wrong : {20, 25}) {
    std::string cell;
    for (int i = 0; i < wrong; ++i) absl::StrAppend(&cell, "見本", i, ";");
    const Imported imported = ImportCsv(reader(), "nurses",
                                        absl::StrCat("氏名,免許,週の勤務可能分数,自宅メッシュ,居住地域,通勤上限（m）,"
                                                     "できるケア\n見本 花子,看護師,600,53341198,313025,5000,",
                                                     cell, "\n"));
    ASSERT_EQ(imported.rows.size(), 1u) << imported.summary;
    EXPECT_THAT(imported.rows[0], testing::HasSubstr("できるケア:UNKNOWN_ENUM_VALUE"));
    EXPECT_EQ(absl::StrContains(imported.rows[0], ":MORE_FAULTS"), wrong > 20) << imported.rows[0];
  }
}

TEST_P(CellHabitsTest, ValuesOfAnEnumAreToldInTheLanguageAskedFor) {
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    const auto stream = admin().In(language).Stream("platform.v1.TransferService/ImportRows");
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/registry");
    options.set_collection("areas");
    options.set_data("団体コード,種別,名称\n313866,邑,琴浦町\n");
    stream->Write(options);
    stream->WritesDone();
    platform_v1::ImportRowsResponse response;
    ASSERT_TRUE(*stream->Read(response));
    const std::string& text = response.row().faults(0).text();
    EXPECT_THAT(text, testing::HasSubstr(language == Language::kJapanese ? "指定都市" : "DESIGNATED_CITY"));
    EXPECT_THAT(text,
                testing::Not(testing::HasSubstr(language == Language::kJapanese ? "DESIGNATED_CITY" : "指定都市")));
  }
}

}  // namespace
}  // namespace tsunagu::wire
