// Import through the wire: dry runs, all or nothing, and the same file sent again.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

class ImportAgainTest : public SuiteTest {
 protected:
  Imported Import(const std::string& file, const std::string& request_id, bool dry_run = false, bool atomic = false,
                  const std::string& collection = "facilities") {
    platform_v1::ImportRowsRequest options;
    options.set_collection(collection);
    options.set_request_id(request_id);
    options.set_dry_run(dry_run);
    options.set_atomic(atomic);
    return ImportCsv(admin(), options, file);
  }
  int64_t Facilities() { return Count(registry(), "SELECT COUNT(*) FROM `facilities`"); }
  static std::string ManyRows(int count, int bad) {
    std::string file = "facility_id,display_name,identifiers\n";
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&file, "f", i, ",", i == bad ? "" : "名", ",x/", i % (count - 1), "/63\n");
    }
    return file;
  }
};
WIRE_TEST_ON_BOTH(ImportAgainTest);

TEST_P(ImportAgainTest, ADryRunStoresNothingAndReportsTheSame) {
  const std::string areas =
      "団体コード,都道府県名（漢字）,市区町村名（漢字）\n310000,鳥取県,\n312011,鳥取県,鳥取市\n312012,鳥取県,米子市\n";
  const std::string facilities = ManyRows(1'203, 700);
  const Imported dry_areas = Import(areas, "a", true, false, "areas"), dry = Import(facilities, "f", true);
  EXPECT_TRUE(dry.counts.dry_run());
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `areas`") + Facilities(), 0);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `requests` WHERE `caller` = 'admin'"), 0);
  const Imported real_areas = Import(areas, "a", false, false, "areas"), real = Import(facilities, "f");
  EXPECT_EQ(dry_areas.summary, "3 rows: 2 created, 1 refused");
  EXPECT_EQ(dry_areas.summary, real_areas.summary);
  EXPECT_EQ(dry_areas.rows, real_areas.rows);
  EXPECT_EQ(dry.summary, real.summary);
  EXPECT_EQ(dry.rows, real.rows);
  EXPECT_EQ(Facilities(), 1'202);
}

TEST_P(ImportAgainTest, AllOrNothingStoresNothingWhereOneRowIsRefused) {
  const Imported refused = Import(ManyRows(1'203, 700), "r1", false, true);
  EXPECT_EQ(Said(refused.status), "FAILED_PRECONDITION ATOMIC_IMPORT_REFUSED");
  EXPECT_EQ(refused.counts.refused_count(), 1);
  EXPECT_EQ(refused.counts.created_count(), 0);
  EXPECT_THAT(refused.rows, testing::Contains("702 refused display_name:FIELD_REQUIRED"));
  EXPECT_EQ(Facilities(), 0);
  EXPECT_EQ(Said(Import(ManyRows(1'203, -1), "r1", false, true).status), "OK");
  EXPECT_EQ(Facilities(), 1'203);
}

TEST_P(ImportAgainTest, AllOrNothingHasALimit) {
  EXPECT_EQ(Said(Import(ManyRows(10'001, -1), "", false, true).status), "INVALID_ARGUMENT ATOMIC_IMPORT_TOO_LARGE");
  std::string wide = "facility_id,display_name,note\n";
  for (int i = 0; i < 4'500; ++i) absl::StrAppend(&wide, "f", i, ",x,", std::string(1'900, 'n'), "\n");
  EXPECT_EQ(Said(Import(wide, "", false, true).status), "INVALID_ARGUMENT ATOMIC_IMPORT_TOO_LARGE");
  EXPECT_EQ(Facilities(), 0);
}

TEST_P(ImportAgainTest, TheSameFileUnderTheSameIdHasTheSameOutcome) {
  const std::string file = ManyRows(1'203, 700);
  const Imported first = Import(file, "r1"), again = Import(file, "r1");
  EXPECT_EQ(first.summary, "1203 rows: 1202 created, 1 warned, 1 refused");
  EXPECT_EQ(again.summary, first.summary);
  EXPECT_EQ(again.rows, first.rows);
  EXPECT_EQ(Facilities(), 1'202);
  server().Restart();
  EXPECT_EQ(Import(file, "r1").summary, first.summary);
  EXPECT_EQ(Import(file, "r2").counts.unchanged_count(), 1'202);
  EXPECT_EQ(Said(Import(ManyRows(1'203, 7), "r1").status),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
}

TEST_P(ImportAgainTest, AFileThatBrokeOffIsTakenUpWhereItWas) {
  const std::string file = ManyRows(1'203, -1);
  const Imported half = Import(file.substr(0, file.find("\nf600,") + 1), "r1");
  EXPECT_EQ(half.counts.created_count(), 600);
  // The chunk that was not full is another body now; the full one before it replays.
  EXPECT_EQ(Said(Import(file, "r1").status), "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  const Imported whole = Import(file, "r2");
  EXPECT_EQ(whole.counts.created_count(), 603);
  EXPECT_EQ(whole.counts.unchanged_count(), 600);
}

TEST_P(ImportAgainTest, ARowMeetsOneThatWasChangedByHand) {
  ASSERT_EQ(Import("facility_id,display_name,source_key\nkita,きた,a/1\n", "r1").summary, "1 rows: 1 created");
  registry_v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name("facilities/kita");
  request.mutable_facility()->set_display_name("キタ");
  request.mutable_update_mask()->add_paths("display_name");
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)), "OK");
  EXPECT_EQ(Import("display_name,source_key\nきた,a/1\n", "r2").summary, "1 rows: 1 updated") << "found by its key";
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->etag(), "3");
}

TEST_P(ImportAgainTest, ExportedRowsComeBackUnchanged) {
  CreateAreas();
  std::string file = "facility_id,display_name,area,service_kind,capacity,identifiers,note,weekday_hours\n";
  const std::vector<std::string> texts = {"=1+1", "'x", "a,b", "\"引用\"", "-5", "@x", "+81", "𠮷田 髙", "ア；イ"};
  for (int i = 0; i < 600; ++i) {
    std::string quoted = texts[i % texts.size()];
    if (quoted.find('"') != std::string::npos) quoted = "\"\"" + quoted.substr(1, quoted.size() - 2) + "\"\"";
    const bool guarded = quoted.find_first_of("=+-@'") == 0;
    absl::StrAppend(&file, "f", i, ",\"", guarded ? "'" : "", quoted, "\",", i % 2 ? "areas/312011" : "", ",",
                    i % 3 ? "放課後等デイサービス" : "", ",", i % 4 ? std::to_string(i) : "", ",x/", i % 5, "/1;y/", i,
                    "/2,", i % 7 ? "\"一\n二\"" : "", ",09:00-17:00\n");
  }
  const Imported made = Import(file, "");
  ASSERT_EQ(made.counts.created_count(), 600) << absl::StrJoin(made.rows, "; ").substr(0, 300);
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const Exported exported = ExportCsv(admin().In(language), "facilities", platform_v1::TEXT_ENCODING_UNSPECIFIED);
    ASSERT_EQ(Said(exported.status), "OK");
    EXPECT_EQ(exported.file.substr(0, 3), "\xEF\xBB\xBF");
    EXPECT_EQ(Import(exported.file, "").counts.unchanged_count(), 600);
  }
  Create(ANurse("辻󠄀 花子", "areas/312011"));
  const Exported nurses = ExportCsv(reader(), "nurses");
  EXPECT_EQ(ImportCsv(reader(), "nurses", nurses.file).summary, "1 rows: 1 unchanged");
  EXPECT_EQ(ImportCsv(admin(), "nurses", nurses.file).summary, "1 rows: 1 updated") << "by who may not see the names";
  EXPECT_EQ(Import(ExportCsv(admin(), "areas").file, "", false, false, "areas").summary, "5 rows: 5 unchanged");
}

TEST_P(ImportAgainTest, AnExportNamesTheRowsThatCp932CannotHold) {
  ASSERT_EQ(
      Import("facility_id,display_name\na,髙橋①\nb,𠮷田\nc,辻󠄀\nd,〜～−\n", "").counts.created_count(),
      4);
  const Exported exported = ExportCsv(admin(), "facilities", platform_v1::TEXT_ENCODING_CP932);
  ASSERT_EQ(Said(exported.status), "OK");
  std::vector<int64_t> rows;
  for (const auto& row : exported.warned) rows.push_back(row.row());
  EXPECT_THAT(rows, testing::AllOf(testing::Contains(3), testing::Not(testing::Contains(2))));
  EXPECT_THAT(exported.warned[0].faults(0).text(), testing::HasSubstr("𠮷"));
  EXPECT_EQ(std::count(exported.file.begin(), exported.file.end(), '\n'), 5) << "none is dropped";
}

}  // namespace
}  // namespace tsunagu::wire
