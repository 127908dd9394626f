// Import through the wire: the layout of the contract, and what every layout shares.
#include "absl/strings/str_join.h"
#include "common/jp/cp932.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ImportTest : public SuiteTest {
 protected:
  platform_v1::ImportRowsRequest Options(const std::string& collection) {
    platform_v1::ImportRowsRequest options;
    options.set_collection(collection);
    return options;
  }
  int64_t Facilities() { return Count(registry(), "SELECT COUNT(*) FROM `facilities`"); }
};
WIRE_TEST_ON_BOTH(ImportTest);

TEST_P(ImportTest, JapaneseHeadingsAndValuesInAnyOrder) {
  CreateAreas();
  const Imported imported = ImportCsv(admin(), "facilities",
                                      "定員,事業所の名称,facility_id,所在地域,サービス種別,識別番号,定休日\r\n"
                                      "10,きた,kita,312011,保育所等訪問支援,x/1/67；x/2/67,\"土日\n祝日\"\r\n"
                                      "\"1,000\",みなみ,minami,areas/313025,NURSERY_VISIT_SUPPORT,,\r\n");
  EXPECT_EQ(Said(imported.status), "OK");
  EXPECT_EQ(imported.summary, "2 rows: 2 created");
  EXPECT_EQ(imported.counts.layout(), "contract");
  const auto kita = GetFacility(admin(), "facilities/kita");
  ASSERT_EQ(Said(kita), "OK");
  EXPECT_EQ(kita->area(), "areas/312011");
  EXPECT_EQ(kita->capacity(), 10);
  EXPECT_EQ(kita->service_kind(), registry_v1::FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT);
  EXPECT_EQ(absl::StrJoin(kita->identifiers(), " "), "x/1/67 x/2/67");
  EXPECT_EQ(kita->closed_days(), "土日\n祝日");
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->capacity(), 1000);
}

TEST_P(ImportTest, TheSameFileAgainIsUnchangedAndAnotherUpdatesItsColumnsOnly) {
  const std::string file = "facility_id,display_name,note\nkita,きた,はじめ\nminami,みなみ,\n";
  ASSERT_EQ(ImportCsv(admin(), "facilities", file).summary, "2 rows: 2 created");
  EXPECT_EQ(ImportCsv(admin(), "facilities", file).summary, "2 rows: 2 unchanged");
  EXPECT_EQ(ImportCsv(admin(), "facilities", "facility_id,display_name\nkita,キタ\nminami,みなみ\n").summary,
            "2 rows: 1 updated, 1 unchanged");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->note(), "はじめ");
  EXPECT_EQ(ImportCsv(admin(), "facilities", "facility_id,display_name,note\nkita,キタ,\n").summary,
            "1 rows: 1 updated");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->note(), "") << "an empty cell empties";
}

TEST_P(ImportTest, BadRowsAreRefusedOneByOneWithEveryFault) {
  const Imported imported = ImportCsv(admin(), "facilities",
                                      "facility_id,事業所の名称,定員,緯度（百万分の一度）,所在地域,サービス種別\n"
                                      "good,よい,5,,,\n"
                                      "bad,,many,1,areas/312011,パン屋\n"
                                      "short,みじかい,5\n"
                                      "BAD,大文字,5,,,\n"
                                      "long,ながい,5,,,,x\n"
                                      "fine,よい,,,,\n"
                                      "ふぁいん,よい,,,,\n");
  EXPECT_EQ(Said(imported.status), "OK");
  EXPECT_EQ(imported.summary, "7 rows: 2 created, 5 refused");
  EXPECT_THAT(imported.rows,
              ElementsAre("3 refused サービス種別:UNKNOWN_ENUM_VALUE 事業所の名称:FIELD_REQUIRED "
                          "定員:MALFORMED_VALUE 所在地域:REFERENCE_NOT_FOUND 緯度（百万分の一度）:OUT_OF_RANGE",
                          "4 refused :WRONG_COLUMN_COUNT", "5 refused facility_id:MALFORMED_ID",
                          "6 refused :WRONG_COLUMN_COUNT", "8 refused facility_id:MALFORMED_ID"));
  EXPECT_EQ(Facilities(), 2);
}

TEST_P(ImportTest, ARepeatedKeyNamesBothRows) {
  platform_v1::ImportRowsRequest options = Options("facilities");
  const Imported imported = ImportCsv(admin(), options,
                                      "display_name,source_key\n"
                                      "いち,a/1\nに,a/2\nさん,a/1\nよん,\nご,\n");
  EXPECT_EQ(imported.summary, "5 rows: 4 created, 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre("4 refused :DUPLICATE_ROW"));
  const auto text = [&] {
    const auto stream = admin().In(Language::kJapanese).Stream("platform.v1.TransferService/ImportRows");
    options.set_parent("services/registry");
    options.set_data("display_name,source_key\nいち,a/1\nさん,a/1\n");
    stream->Write(options);
    stream->WritesDone();
    platform_v1::ImportRowsResponse response;
    EXPECT_TRUE(*stream->Read(response));
    return response.row().faults(0).text();
  }();
  EXPECT_EQ(text, "同じキーの行がファイルの2行目にもあります。");
}

TEST_P(ImportTest, RowsOfUnreadableKeysAreNotTakenForOneAnother) {
  const Imported imported =
      ImportCsv(admin(), "areas", "団体コード,都道府県名（漢字）,市区町村名（漢字）\nx,鳥取県,\ny,鳥取県,鳥取市\n");
  EXPECT_THAT(imported.rows,
              ElementsAre("2 refused 団体コード:MALFORMED_AREA_CODE", "3 refused 団体コード:MALFORMED_AREA_CODE"));
}

TEST_P(ImportTest, HeadingsThatAreNotKnownOrMissingRefuseTheFile) {
  EXPECT_EQ(Said(ImportCsv(admin(), "facilities", "facility_id,色,形\nkita,赤,丸\n").status),
            "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN :MISSING_COLUMNS :UNKNOWN_COLUMNS");
  EXPECT_EQ(Said(ImportCsv(admin(), "facilities", "facility_id,display_name,事業所の名称\nkita,a,b\n").status),
            "INVALID_ARGUMENT INVALID_REQUEST :HEADING_TAKEN 事業所の名称:DUPLICATE_FIELD")
      << "one column twice";
  EXPECT_EQ(Said(ImportCsv(admin(), "rounds", "a\n").status),
            "INVALID_ARGUMENT INVALID_REQUEST collection:NOT_IMPORTABLE");
}

TEST_P(ImportTest, WhatIsNoCsvIsSaidSo) {
  for (const std::string& file : {std::string("\x1F\x8B\0", 3), std::string(), std::string(1'200'000, 'x')}) {
    EXPECT_EQ(Said(ImportCsv(admin(), "facilities", file).status), "INVALID_ARGUMENT NOT_CSV") << file.substr(0, 10);
  }
}

TEST_P(ImportTest, EncodingsAreFoundOutOrTakenAsTold) {
  const std::string utf8 = "facility_id,事業所の名称\nkita,きた①㈱\n";
  EXPECT_EQ(ImportCsv(admin(), "facilities", "\xEF\xBB\xBF" + utf8).summary, "1 rows: 1 created");
  const std::string cp932 = jp::ToCp932(utf8).bytes;
  ASSERT_NE(cp932, utf8);
  EXPECT_EQ(ImportCsv(admin(), "facilities", cp932).summary, "1 rows: 1 unchanged");
  platform_v1::ImportRowsRequest options = Options("facilities");
  options.set_encoding(platform_v1::TEXT_ENCODING_CP932);
  EXPECT_EQ(ImportCsv(admin(), options, cp932).summary, "1 rows: 1 unchanged");
  options.set_encoding(platform_v1::TEXT_ENCODING_UTF8);
  EXPECT_EQ(ImportCsv(admin(), options, utf8).summary, "1 rows: 1 unchanged");
  const Imported mixed = ImportCsv(admin(), options, utf8 + "minami," + jp::ToCp932("みなみ").bytes + "\n");
  EXPECT_THAT(mixed.rows, ElementsAre("3 refused :UNREADABLE_CHARACTERS"));
}

TEST_P(ImportTest, JapaneseDatesAreRead) {
  CreateAreas();
  const char* heading = "団体コード,種別,名称,上位の地域,開始日,終了日\n";
  const Imported imported = ImportCsv(admin(), "areas",
                                      absl::StrCat(heading, "313866,町,琴浦町,areas/310000,H16.9.1,令和元年5月1日\n",
                                                   "313891,町,南部町,areas/310000,平成31年5月1日,\n",
                                                   "313904,町,伯耆町,areas/310000,2023-02-29,R0.1.1\n"));
  EXPECT_EQ(imported.summary, "3 rows: 1 created, 2 refused") << absl::StrJoin(imported.rows, "; ");
  EXPECT_THAT(imported.rows,
              ElementsAre("3 refused 開始日:DATE_OUTSIDE_ERA", testing::StartsWith("4 refused 終了日:")));
  const auto area = GetArea("areas/313866");
  ASSERT_EQ(Said(area), "OK");
  EXPECT_EQ(area->valid_from_date().year(), 2004);
  EXPECT_EQ(area->valid_to_date().year(), 2019);
}

TEST_P(ImportTest, OneGuardAgainstFormulasIsTakenOff) {
  ASSERT_EQ(ImportCsv(admin(), "facilities", "facility_id,display_name,address\nkita,'=1+1,''x\n").summary,
            "1 rows: 1 created");
  const auto kita = GetFacility(admin(), "facilities/kita");
  EXPECT_EQ(kita->display_name(), "=1+1");
  EXPECT_EQ(kita->address(), "'x");
  const std::string file = ExportCsv(admin(), "facilities").file;
  EXPECT_THAT(file, testing::HasSubstr("'=1+1"));
  EXPECT_THAT(file, testing::HasSubstr("''x"));
  EXPECT_EQ(ImportCsv(admin(), "facilities", file).summary, "1 rows: 1 unchanged");
}

TEST_P(ImportTest, NeedsThePermissionForTheResourceAndKeepsToTheScope) {
  CreateAreas();
  const std::string file = "facility_id,display_name,area\nkita,きた,312011\nmatsu,まつ,322016\n";
  EXPECT_EQ(Said(ImportCsv(CallerWith("centre", {"centre-staff@*"}), "facilities", file).status),
            "PERMISSION_DENIED PERMISSION_DENIED");
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  const Imported imported = ImportCsv(officer, "facilities", file);
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre("3 refused :OUT_OF_SCOPE"));
}

TEST_P(ImportTest, ARowMeetsWhatAnEarlierRowHasChanged) {
  ASSERT_EQ(ImportCsv(admin(), "facilities", "facility_id,display_name,source_key\nkita,きた,a/1\n").summary,
            "1 rows: 1 created");
  // The first row names the record by its id, the second by its key.
  const Imported imported = ImportCsv(admin(), "facilities",
                                      "facility_id,display_name,source_key,note\n"
                                      "kita,キタ,,一\n"
                                      ",キタ,a/1,二\n");
  EXPECT_EQ(Said(imported.status), "OK");
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 updated") << "an empty cell took the key away";
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->note(), "一");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->source_key(), "");
  EXPECT_EQ(Facilities(), 2);
}

TEST_P(ImportTest, AKeyOutsideTheScopeIsNotFoundAndNotTaken) {
  CreateAreas();
  ASSERT_EQ(
      ImportCsv(admin(), "facilities", "display_name,source_key,area\nまつ,k/1,322016\nきた,k/2,312011\n").summary,
      "2 rows: 2 created");
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  const Imported imported = ImportCsv(officer, "facilities",
                                      "display_name,source_key,area\n"
                                      "なまえ,k/1,312011\n"
                                      "キタ,k/2,312011\n"
                                      "みなみ,k/3,313025\n");
  EXPECT_EQ(imported.summary, "3 rows: 1 created, 1 updated, 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre("2 refused :KEY_UNAVAILABLE"));
}

TEST_P(ImportTest, TakesTwentyThousandRows) {
  std::string file = "facility_id,display_name,source_key\n";
  for (int i = 0; i < 20'000; ++i) absl::StrAppend(&file, "f", i, ",事業所", i, ",key/", i, "\n");
  const Imported imported = ImportCsv(admin(), "facilities", file);
  EXPECT_EQ(Said(imported.status), "OK");
  EXPECT_EQ(imported.summary, "20000 rows: 20000 created");
  EXPECT_THAT(imported.rows, IsEmpty());
  EXPECT_EQ(Facilities(), 20'000);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` LIKE 'facilities/%'"), 20'000);
}

}  // namespace
}  // namespace tsunagu::wire
