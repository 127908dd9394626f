// Import through the wire: the Ministry's code list and WAM NET's open data with its real faults.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kCodeList[] =
    "\xEF\xBB\xBF団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）,緯度,経度\r\n";
constexpr char kWamNet[] =
    "\"都道府県コード又は市区町村コード\",\"NO（※システム内の固有の番号、連番）\",\"法人の名称\",\"サービス種別\","
    "\"事業所の名称\","
    "\"事業所番号\",\"事業所住所（市区町村）\",\"事業所住所（番地以降）\",\"事業所緯度\",\"事業所経度\",\"定休日\","
    "\"定員\"\r\n";

class ImportLayoutsTest : public SuiteTest {};
WIRE_TEST_ON_BOTH(ImportLayoutsTest);

TEST_P(ImportLayoutsTest, TheCodeListSaysKindAndParentByCodeAndName) {
  const std::string file = absl::StrCat(kCodeList,
                                        "010006,北海道,,ﾎｯｶｲﾄﾞｳ,,,\r\n"
                                        "011002,北海道,札幌市,ﾎｯｶｲﾄﾞｳ,ｻｯﾎﾟﾛｼ,43.06208877,141.3543886\r\n"
                                        "011011,北海道,札幌市中央区,ﾎｯｶｲﾄﾞｳ,ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ,,\r\n"
                                        "120006,千葉県,,チバケン,,,\r\n"
                                        "121002,千葉県,千葉市,チバケン,チバシ,,\r\n"
                                        "122033,千葉県,市川市,チバケン,イチカワシ,,\r\n"
                                        "130001,東京都,,トウキョウト,,,\r\n"
                                        "131016,東京都,千代田区,トウキョウト,チヨダク,,\r\n"
                                        "133035,東京都,瑞穂町,トウキョウト,ミズホマチ,,\r\n"
                                        "133078,東京都,檜原村,トウキョウト,ヒノハラムラ,,\r\n"
                                        "220001,静岡県,,シズオカケン,,,\r\n"
                                        "221007,静岡県,静岡市,シズオカケン,シズオカシ,,\r\n"
                                        "221309,静岡県,浜松市,シズオカケン,ハママツシ,,\r\n"
                                        "221317,静岡県,浜松市中区,シズオカケン,ハママツシナカク,,\r\n");
  const Imported imported = ImportCsv(admin(), "areas", file);
  EXPECT_EQ(imported.counts.layout(), "code-list");
  EXPECT_EQ(imported.summary, "14 rows: 14 created") << absl::StrJoin(imported.rows, "; ");
  struct Case {
    const char* name;
    registry_v1::AreaKind kind;
    const char* parent;
  };
  const Case cases[] = {
      {"areas/010006", registry_v1::AREA_KIND_PREFECTURE, ""},
      {"areas/011002", registry_v1::AREA_KIND_DESIGNATED_CITY, "areas/010006"},
      {"areas/011011", registry_v1::AREA_KIND_WARD, "areas/011002"},
      {"areas/122033", registry_v1::AREA_KIND_CITY, "areas/120006"},
      {"areas/131016", registry_v1::AREA_KIND_SPECIAL_WARD, "areas/130001"},
      {"areas/133035", registry_v1::AREA_KIND_TOWN, "areas/130001"},
      {"areas/133078", registry_v1::AREA_KIND_VILLAGE, "areas/130001"},
      {"areas/221309", registry_v1::AREA_KIND_DESIGNATED_CITY, "areas/220001"},
      {"areas/221317", registry_v1::AREA_KIND_WARD, "areas/221309"},
  };
  for (const Case& c : cases) {
    const auto area = GetArea(c.name);
    ASSERT_EQ(Said(area), "OK") << c.name;
    EXPECT_EQ(area->kind(), c.kind) << c.name;
    EXPECT_EQ(area->parent(), c.parent) << c.name;
  }
  EXPECT_EQ(GetArea("areas/011002")->office_latitude_e6(), 43'062'089);
  EXPECT_FALSE(GetArea("areas/221309")->has_office_latitude_e6());
  EXPECT_EQ(GetArea("areas/131016")->kana(), "チヨダク");
  EXPECT_EQ(ImportCsv(admin(), "areas", file).summary, "14 rows: 14 unchanged");
}

TEST_P(ImportLayoutsTest, LostZerosAreRestoredWithAWarningAndWrongCodesRefused) {
  const Imported imported = ImportCsv(admin(), "areas",
                                      absl::StrCat(kCodeList,
                                                   "10006,北海道,,ホッカイドウ,,,\r\n"
                                                   "1100,北海道,札幌市,ホッカイドウ,サッポロシ,,\r\n"
                                                   "01202,北海道,函館市,ホッカイドウ,ハコダテシ,,\r\n"
                                                   "012034,北海道,小樽市,ホッカイドウ,オタルシ,,\r\n"
                                                   "０１２０４１,北海道,旭川市,ホッカイドウ,アサヒカワシ,,\r\n"
                                                   "013307,北海道,石狩市,ホッカイドウ,,x,999999\r\n"));
  EXPECT_THAT(imported.rows,
              ElementsAre("2 warned 団体コード:LEADING_ZERO_RESTORED", "3 warned 団体コード:LEADING_ZERO_RESTORED",
                          "4 warned 団体コード:CHECK_DIGIT_ADDED", "5 refused 団体コード:WRONG_CHECK_DIGIT",
                          "7 refused 市区町村名（漢字）:FIELD_REQUIRED 経度:MALFORMED_VALUE "
                          "緯度:MALFORMED_VALUE"))
      << absl::StrJoin(imported.rows, "; ");
  EXPECT_EQ(imported.summary, "6 rows: 4 created, 3 warned, 2 refused");
  EXPECT_EQ(Said(GetArea("areas/012025")), "OK");
  EXPECT_EQ(Said(GetArea("areas/012041")), "OK");
}

TEST_P(ImportLayoutsTest, EveryFaultOfACodeListRowIsToldByItsColumn) {
  const Imported imported = ImportCsv(
      admin(), "areas", absl::StrCat(kCodeList, "011002,北海道,札幌,,", std::string(101, 'k'), ",99,200.x\r\n"));
  EXPECT_THAT(imported.rows,
              ElementsAre("2 refused 市区町村名（カナ）:FIELD_TOO_LONG 市区町村名（漢字）:FIELD_REQUIRED "
                          "市区町村名（漢字）:REFERENCE_NOT_FOUND 経度:MALFORMED_VALUE 緯度:OUT_OF_RANGE"));
}

TEST_P(ImportLayoutsTest, WamNetRowsFindTheirAreasAndKeepTheirFaults) {
  ASSERT_EQ(ImportCsv(admin(), "areas",
                      absl::StrCat(kCodeList,
                                   "400009,福岡県,,,,,\r\n403415,福岡県,宇美町,,,,\r\n402168,福岡県,小郡市,,,,\r\n"
                                   "401005,福岡県,北九州市,,,,\r\n401064,福岡県,北九州市小倉北区,,,,\r\n"
                                   "406210,福岡県,苅田町,,,,\r\n"))
                .counts.created_count(),
            6);
  const Imported imported = ImportCsv(
      admin(), "facilities",
      absl::StrCat(
          kWamNet,
          "\"40000\",\"A1\",\"法人　一\",\"保育所等訪問支援\",\"いち\",\"4050000019\",\"福岡県北九州市小倉北区\","
          "\"一番\","
          "33.88,130.88,\"土日祝日\",\r\n"
          "\"40000\",\"A2\",,\"保育所等訪問支援\",\"に\",\"4050000019\",\"福岡県糟屋郡宇美町\",\"二番\",,,,\"20\"\r\n"
          "\"40000\",\"A3\",,\"居宅訪問型児童発達支援\",\"さん\",\"4050000019\",\"福岡県小郡市\",,,,,\r\n"
          "\"40000\",\"A4\",,\"保育所等訪問支援\",\"よ\uFFFDん\",\"4050000018\",\"福岡県糟屋郡須惠町\",,,,,\r\n"
          "\"40000\",\"A5\",,\"保育所等訪問支援\",\"ご\",\"405000001\",\"福岡県京都郡苅田町\",,91,,,\"x\"\r\n"
          "\"40000\",\"A1\",,\"保育所等訪問支援\",\"ろく\",\"\",\"福岡県小郡市\",,,,,\r\n"
          "\"40000\",\"\",,\"保育所等訪問支援\",\"なな\",\"\",\"福岡県小郡市\",,,,,\r\n"));
  EXPECT_EQ(imported.counts.layout(), "wam-net");
  EXPECT_THAT(imported.rows,
              ElementsAre("3 warned 事業所番号:REPEATED_IDENTIFIER",
                          "5 warned :BROKEN_CHARACTERS 事業所住所（市区町村）:AREA_NOT_IN_ADDRESS "
                          "事業所番号:OFFICE_NUMBER_CHECK_DIGIT",
                          "6 refused 事業所番号:MALFORMED_OFFICE_NUMBER 事業所緯度:COUNTS_AS_UNKNOWN "
                          "定員:COUNTS_AS_UNKNOWN",
                          "7 refused :DUPLICATE_ROW", "8 refused NO（※システム内の固有の番号、連番）:FIELD_REQUIRED"))
      << absl::StrJoin(imported.rows, "\n");
  EXPECT_EQ(imported.summary, "7 rows: 4 created, 2 warned, 3 refused");

  registry_v1::ListFacilitiesRequest request;
  request.set_order_by("display_name");
  const auto listed =
      admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
  ASSERT_EQ(listed->facilities_size(), 4);
  std::map<std::string, registry_v1::Facility> by_key;
  for (const auto& facility : listed->facilities()) by_key[facility.source_key()] = facility;
  const auto& one = by_key["wamnet/A1"];
  EXPECT_EQ(one.area(), "areas/401064") << "the longest name wins";
  EXPECT_EQ(one.address(), "福岡県北九州市小倉北区一番");
  EXPECT_EQ(one.latitude_e6(), 33'880'000);
  EXPECT_FALSE(one.has_capacity()) << "unknown, not none";
  EXPECT_EQ(one.designated_by(), "40000");
  EXPECT_THAT(one.identifiers(), ElementsAre("office/4050000019/67"));
  EXPECT_EQ(by_key["wamnet/A2"].area(), "areas/403415") << "without its 郡";
  EXPECT_EQ(by_key["wamnet/A2"].capacity(), 20);
  EXPECT_THAT(by_key["wamnet/A3"].identifiers(), ElementsAre("office/4050000019/66"))
      << "another service: no repetition";
  EXPECT_EQ(by_key["wamnet/A3"].area(), "areas/402168");
  EXPECT_EQ(by_key["wamnet/A4"].area(), "");
}

TEST_P(ImportLayoutsTest, WamNetRowsAreFoundAgainByTheirNumber) {
  const std::string row =
      "\"40000\",\"A1\",,\"保育所等訪問支援\",\"いち\",\"4050000019\",\"福岡県小郡市\",,,,,\"10\"\r\n";
  ASSERT_EQ(ImportCsv(admin(), "facilities", absl::StrCat(kWamNet, row)).counts.created_count(), 1);
  EXPECT_EQ(ImportCsv(admin(), "facilities", absl::StrCat(kWamNet, row)).counts.unchanged_count(), 1);
  const std::string later =
      "\"40000\",\"A1\",,\"保育所等訪問支援\",\"いちばん\",\"4050000019\",\"福岡県小郡市\",,,,,\r\n";
  EXPECT_EQ(ImportCsv(admin(), "facilities", absl::StrCat(kWamNet, later)).counts.updated_count(), 1);
  const auto listed = admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                                        registry_v1::ListFacilitiesRequest());
  ASSERT_EQ(listed->facilities_size(), 1);
  EXPECT_EQ(listed->facilities(0).display_name(), "いちばん");
  EXPECT_FALSE(listed->facilities(0).has_capacity());
}

}  // namespace
}  // namespace tsunagu::wire
