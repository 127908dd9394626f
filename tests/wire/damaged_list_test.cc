// Import through the wire: a national code list that was damaged by spreadsheets or people never turns one body into
// another.
#include <algorithm>
#include <functional>

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"
#include "tests/wire/listed_areas.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Areas = std::vector<ListedArea>;

class DamagedListTest : public SuiteTest {
 protected:
  std::string Stored() { return ExportCsv(admin(), "areas").file; }
  void ImportRightList() {
    const Imported imported = ImportCsv(admin(), "areas", CodeList(ListedAreas()));
    ASSERT_EQ(imported.counts.created_count(), static_cast<int64_t>(ListedAreas().size()))
        << absl::StrJoin(imported.rows, "\n");
  }
  // Imports one row of a list that exists already.
  Imported ImportRow(const ListedArea& area, bool rename = false) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("areas");
    options.set_rename(rename);
    return ImportCsv(admin(), options, CodeList({area}));
  }
};
WIRE_TEST_ON_BOTH(DamagedListTest);

std::string WithoutZero(std::string code) { return std::string(absl::StripPrefix(code, "0")); }

std::string Half(const std::string& text) {
  const std::u32string points = jp::ToCodePoints(text);
  return jp::ToUtf8(points.substr(0, points.size() / 2));
}

// The second character is lost.
std::string Lossy(const std::string& text, char32_t sign) {
  std::u32string points = jp::ToCodePoints(text);
  if (points.size() > 1) points[1] = sign;
  return jp::ToUtf8(points);
}

Areas Each(const std::function<void(ListedArea&)>& damage) {
  Areas areas = ListedAreas();
  for (ListedArea& area : areas) damage(area);
  return areas;
}

// Shifts the values of `field` down by one row.
Areas Shifted(std::string ListedArea::*field) {
  Areas areas = ListedAreas();
  for (size_t i = 0; i < areas.size(); ++i)
    areas[i].*field = ListedAreas()[(i + areas.size() - 1) % areas.size()].*field;
  return areas;
}

enum class Taken { kAll, kSome, kNone };

struct Form {
  const char* name;
  Areas areas;
  Taken taken;
  bool cp932 = false;
};

const std::vector<Form>& Forms() {
  static const auto& forms = *new std::vector<Form>{
      {"leading zeros lost", Each([](ListedArea& a) { a.code = WithoutZero(a.code); }), Taken::kAll},
      {"five digits", Each([](ListedArea& a) { a.code.pop_back(); }), Taken::kAll},
      {"five digits and zeros lost", Each([](ListedArea& a) {
         a.code.pop_back();
         a.code = WithoutZero(a.code);
       }),
       Taken::kAll},
      {"zeros lost, no prefectures", Each([](ListedArea& a) {
         a.code = WithoutZero(a.code);
         if (!a.municipality.empty()) a.prefecture.clear();
       }),
       Taken::kAll},
      {"in another order", Areas(ListedAreas().rbegin(), ListedAreas().rend()), Taken::kAll},
      {"names of the prefectures shifted",
       Each([](ListedArea& a) { a.prefecture = a.prefecture == "北海道" ? "佐賀県" : "北海道"; }), Taken::kNone},
      {"names of the bodies shifted", Shifted(&ListedArea::municipality), Taken::kNone},
      {"a city and its ward swapped", Each([](ListedArea& a) {
         if (a.code == "121002") {
           a.municipality = "千葉市中央区";
         } else if (a.code == "121011") {
           a.municipality = "千葉市";
         }
       }),
       Taken::kSome},
      {"codes shifted", Shifted(&ListedArea::code), Taken::kNone},
      {"codes shifted and zeros lost",
       [] {
         Areas areas = Shifted(&ListedArea::code);
         for (ListedArea& area : areas) area.code = WithoutZero(area.code);
         return areas;
       }(),
       Taken::kNone},
      {"halves of the names", Each([](ListedArea& a) { a.municipality = Half(a.municipality); }), Taken::kSome},
      {"halves of the codes", Each([](ListedArea& a) { a.code = a.code.substr(0, 3); }), Taken::kNone},
      {"four digits of the codes", Each([](ListedArea& a) { a.code = a.code.substr(0, 4); }), Taken::kSome},
      {"CP932 with characters lost", Each([](ListedArea& a) {
         a.municipality = Lossy(a.municipality, U'〓');
         a.kana = Lossy(a.kana, U'?');
       }),
       Taken::kAll, true},
      {"question marks in prefectures and names, zeros lost", Each([](ListedArea& a) {
         a.code = WithoutZero(a.code);
         a.municipality = Lossy(a.municipality, U'?');
         if (!a.municipality.empty()) a.prefecture = Lossy(a.prefecture, U'?');
       }),
       Taken::kSome},
  };
  return forms;
}

TEST_P(DamagedListTest, NoFormOfTheListChangesABody) {
  ImportRightList();
  const std::string before = Stored();
  const auto rows = static_cast<int64_t>(ListedAreas().size());
  for (const Form& form : Forms()) {
    const std::string file = CodeList(form.areas);
    const Imported imported = ImportCsv(admin(), "areas", form.cp932 ? jp::ToCp932(file).bytes : file);
    const std::string why = absl::StrCat(form.name, ": ", imported.summary, "\n", absl::StrJoin(imported.rows, "\n"));
    EXPECT_EQ(imported.counts.created_count() + imported.counts.updated_count(), 0) << why;
    EXPECT_EQ(imported.counts.unchanged_count() + imported.counts.refused_count(), rows) << why;
    if (form.taken == Taken::kAll) {
      EXPECT_EQ(imported.counts.refused_count(), 0) << why;
    }
    if (form.taken == Taken::kNone) {
      EXPECT_EQ(imported.counts.unchanged_count(), 0) << why;
    }
    EXPECT_EQ(Stored(), before) << why;
  }
}

TEST_P(DamagedListTest, WithoutTheRightListLostZerosMakeTheSameBodies) {
  const Areas damaged = Each([](ListedArea& a) { a.code = WithoutZero(a.code); });
  const Imported imported = ImportCsv(admin(), "areas", CodeList(damaged));
  EXPECT_EQ(imported.counts.created_count(), static_cast<int64_t>(damaged.size()))
      << absl::StrJoin(imported.rows, "\n");
  const std::string made = Stored();
  EXPECT_EQ(ImportCsv(admin(), "areas", CodeList(ListedAreas())).counts.unchanged_count(),
            static_cast<int64_t>(damaged.size()));
  EXPECT_EQ(Stored(), made);
}

TEST_P(DamagedListTest, CodeAndNamesDecideTogether) {
  ImportRightList();
  const std::string code = "団体コード:", name = "市区町村名（漢字）:", prefecture = "都道府県名（漢字）:";
  struct Case {
    const char* name;
    ListedArea row;
    std::string told;  // empty: taken without a word
  };
  const Case cases[] = {
      {"the Ministry's", {"012106", "北海道", "岩見沢市", "イワミザワシ"}, ""},
      {"six digits that lost their zero",
       {"12106", "北海道", "岩見沢市", "イワミザワシ"},
       "2 warned " + code + "LEADING_ZERO_RESTORED"},
      {"five digits in Chiba",
       {"12106", "千葉県", "千葉市美浜区", "チバシミハマク"},
       "2 warned " + code + "CHECK_DIGIT_ADDED"},
      {"no prefecture, by the name of today",
       {"12106", "", "千葉市美浜区", "チバシミハマク"},
       "2 warned " + code + "CHECK_DIGIT_ADDED"},
      {"no prefecture, and no such name", {"12106", "", "どこか市", ""}, "2 refused " + code + "AREA_CODE_UNCLEAR"},
      {"a name of elsewhere", {"12106", "北海道", "千葉市美浜区", ""}, "2 refused " + code + "AREA_CODE_CONTRADICTED"},
      {"the prefecture of another",
       {"312011", "島根県", "松江市", "マツエシ"},
       "2 refused " + code + "AREA_CODE_CONTRADICTED"},
      {"another body of the same prefecture",
       {"312011", "鳥取県", "米子市", "ヨナゴシ"},
       "2 refused " + name + "KEY_OF_ANOTHER"},
      {"no prefecture, another body", {"312011", "", "松江市", "マツエシ"}, "2 refused " + name + "KEY_OF_ANOTHER"},
      {"a municipality with the code of its prefecture",
       {"310000", "鳥取県", "鳥取市", ""},
       "2 refused " + code + "AREA_CODE_CONTRADICTED"},
      {"a prefecture with the code of a municipality",
       {"312011", "鳥取県", "", ""},
       "2 refused " + name + "KEY_OF_ANOTHER"},
      {"a damaged code of nobody, the name of another",
       {"31202", "鳥取県", "岩美町", ""},
       "2 refused " + code + "AREA_CODE_CONTRADICTED"},
      {"no such prefecture", {"312011", "因幡県", "鳥取市", ""}, "2 refused " + prefecture + "UNKNOWN_PREFECTURE"},
      {"a prefecture of which two could be meant",
       {"412074", "?岡県", "鹿島市", ""},
       "2 refused " + prefecture + "UNKNOWN_PREFECTURE"},
      {"an old shape of a character", {"042030", "宮城縣", "塩釜市", "シオガマシ"}, ""},
      {"a town with the code of a city",
       {"312029", "鳥取県", "どこか町", ""},
       "2 refused 市区町村名（漢字）:FIELD_REQUIRED"},
  };
  for (const Case& c : cases) {
    const Imported imported = ImportRow(c.row);
    EXPECT_EQ(absl::StrJoin(imported.rows, "; "), c.told) << c.name;
  }
}

TEST_P(DamagedListTest, ATrueRenameHasToBeSaid) {
  ImportRightList();
  const ListedArea renamed = {"313025", "鳥取県", "新岩美町", "シンイワミチョウ"};
  EXPECT_THAT(ImportRow(renamed).rows, ElementsAre("2 refused 市区町村名（漢字）:KEY_OF_ANOTHER"));
  EXPECT_EQ(GetArea("areas/313025")->display_name(), "岩美町");
  EXPECT_EQ(ImportRow(renamed, true).summary, "1 rows: 1 updated");
  EXPECT_EQ(GetArea("areas/313025")->display_name(), "新岩美町");
  EXPECT_THAT(ImportRow({"31302", "鳥取県", "また新しい町", ""}, true).rows,
              ElementsAre("2 refused 団体コード:AREA_CODE_CONTRADICTED"))
      << "no flag makes a damaged code right";
  // Spelled differently is not another name.
  EXPECT_EQ(ImportRow({"122246", "千葉県", "鎌ヶ谷市", "カマガヤシ"}).summary, "1 rows: 1 updated");
  EXPECT_EQ(ImportRow({"122246", "千葉県", "鎌ガ谷市", "カマガヤシ"}).summary, "1 rows: 1 updated");
}

TEST_P(DamagedListTest, WhoIsNoLongerInTheListIsToldAndStays) {
  ImportRightList();
  Areas fewer = ListedAreas();
  fewer.erase(std::remove_if(fewer.begin(), fewer.end(), [](const ListedArea& a) { return a.prefecture == "佐賀県"; }),
              fewer.end());
  EXPECT_THAT(ImportCsv(admin(), "areas", CodeList(fewer)).missing, IsEmpty());
  platform_v1::ImportRowsRequest options;
  options.set_collection("areas");
  options.set_full(true);
  const Imported imported = ImportCsv(admin(), options, CodeList(fewer));
  EXPECT_THAT(imported.missing, ElementsAre("areas/410004 佐賀県", "areas/412074 鹿島市"));
  EXPECT_EQ(imported.counts.missing_count(), 2);
  EXPECT_EQ(Said(GetArea("areas/412074")), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
