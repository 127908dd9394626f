// Only a caller with the permission to move can move a record from the reach of one body to that of another, by every
// method; and an opening at a facility that is in another place than the opening is ignored.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/rounds.h"
#include "tests/wire/tables.h"
#include "tsunagu/registry/v1/coordinator.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

constexpr char kMayNot[] = "PERMISSION_DENIED PERMISSION_DENIED";

class MoveTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    const std::vector<std::string> common = {
        "facilities.read", "facilities.write", "nurses.read",       "nurses.write", "openings.read", "openings.write",
        "placements.read", "placements.write", "coordinators.read", "areas.read",   "rows.*"};
    for (const std::string service : {"registry", "matching"}) {
      SetRole("writer", common, service);
      std::vector<std::string> mover = common;
      mover.insert(mover.end(), {"facilities.move", "nurses.move", "openings.move", "placements.move"});
      SetRole("mover", mover, service);
    }
  }
  static std::string RowsOf(const Imported& imported) {
    return imported.status.ok()
               ? absl::StrCat(imported.summary, imported.rows.empty() ? "" : "; ", absl::StrJoin(imported.rows, "; "))
               : Said(imported.status);
  }
  // The same file as CSV and as a workbook.
  static std::string Both(const Caller& caller, const std::string& collection, const Table& table) {
    const std::string csv = RowsOf(ImportCsv(caller, collection, CsvOf(table)));
    const std::string xlsx = RowsOf(ImportWorkbook(caller, collection, WorkbookOf(table)));
    return absl::StrCat(csv, " | ", xlsx);
  }
  static std::string MoveFacility(const Caller& caller, const std::string& area, bool validate_only = false,
                                  const std::string& name = "facilities/f1") {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(name);
    request.mutable_facility()->set_area(area);
    request.mutable_update_mask()->add_paths("area");
    request.set_validate_only(validate_only);
    return Said(caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
  static std::string MoveOpening(const Caller& caller, const std::string& field, const std::string& value) {
    matching_v1::UpdateOpeningRequest request;
    request.mutable_opening()->set_name("openings/o1");
    if (field == "facility") request.mutable_opening()->set_facility(value);
    if (field == "area") request.mutable_opening()->set_area(value);
    request.mutable_update_mask()->add_paths(field);
    return Said(caller.Call<matching_v1::Opening>("matching.v1.OpeningService/UpdateOpening", request));
  }
};
WIRE_TEST_ON_BOTH(MoveTest);

TEST_P(MoveTest, AFacilityLeavesAMunicipalityOnlyByAMove) {
  Create("f1", AFacility("とっとり", "areas/312011"));
  Create("f2", AFacility("いわみ", ""));
  const Caller writer = CallerWith("writer", {"writer@areas/310000"});
  const Caller mover = CallerWith("mover", {"mover@areas/310000"});
  for (const bool validate_only : {true, false}) {
    EXPECT_EQ(MoveFacility(writer, "areas/313025", validate_only), kMayNot);
  }
  EXPECT_EQ(Both(writer, "facilities", {{"facility_id", "事業所の名称", "所在地域"}, {"f1", "とっとり", "313025"}}),
            "1 rows: 1 refused; 2 refused :PERMISSION_DENIED | 1 rows: 1 refused; 2 refused :PERMISSION_DENIED");
  EXPECT_EQ(GetFacility(admin(), "facilities/f1")->area(), "areas/312011");
  EXPECT_EQ(Both(writer, "facilities",
                 {{"facility_id", "事業所の名称", "所在地域", "定員"}, {"f1", "とっとり", "312011", "9"}}),
            "1 rows: 1 updated | 1 rows: 1 unchanged")
      << "who may write changes what moves nothing";
  EXPECT_EQ(Both(mover, "facilities", {{"facility_id", "事業所の名称", "所在地域"}, {"f1", "とっとり", "313025"}}),
            "1 rows: 1 updated | 1 rows: 1 unchanged");
  EXPECT_EQ(MoveFacility(mover, "areas/312011"), "OK");
  EXPECT_EQ(MoveFacility(mover, "areas/322016"), "PERMISSION_DENIED OUT_OF_SCOPE");
}

TEST_P(MoveTest, APermissionForOnePlaceMovesNothingOfAnother) {
  Create("f1", AFacility("とっとり", "areas/312011"));
  const Caller here = CallerWith("here", {"writer@areas/310000", "mover@areas/313025"});
  EXPECT_EQ(MoveFacility(here, "areas/313025"), kMayNot) << "it may not take it out of 鳥取市";
  const Caller both = CallerWith("both", {"mover@areas/312011", "mover@areas/313025"});
  EXPECT_EQ(MoveFacility(both, "areas/313025"), "OK");
}

TEST_P(MoveTest, WhatGetsAPlaceForTheFirstTimeLeavesNone) {
  Create("f1", AFacility("とっとり", ""));
  const Caller writer = CallerWith("writer", {"writer@facilities/f1", "writer@areas/310000"});
  EXPECT_EQ(MoveFacility(writer, "areas/312011"), "OK");
  EXPECT_EQ(MoveFacility(writer, "areas/313025"), kMayNot);
  Create("f1b", AFacility("とっとり", "areas/310000"));
  EXPECT_EQ(MoveFacility(writer, "areas/312011", false, "facilities/f1b"), "OK") << "it still lies in the prefecture";
  EXPECT_EQ(MoveFacility(writer, "areas/310000", false, "facilities/f1b"), kMayNot) << "the city loses it";
  EXPECT_EQ(MoveFacility(writer, ""), kMayNot) << "nor is it let go";
}

TEST_P(MoveTest, NursesAndPlacementsToo) {
  const auto nurse = [](const char* area) -> Table {
    return {{"取込元のキー", "氏名", "免許", "週の勤務可能分数", "自宅メッシュ", "通勤上限（m）", "居住地域"},
            {"k1", "見本 花子", "看護師", "600", "53341188", "9000", area}};
  };
  ASSERT_EQ(ImportCsv(reader(), "nurses", CsvOf(nurse("312011"))).counts.created_count(), 1);
  ASSERT_EQ(
      ImportCsv(reader(), "coordinators", "取込元のキー,氏名,所属地域\nc1,見本 二子,312011\n").counts.created_count(),
      1);
  ASSERT_EQ(ImportCsv(reader(), "placements",
                      "取込元のキー,コーディネーター,配置団体,段階,開始日\np1,c1,312011,実績,2050-01-01\n")
                .counts.created_count(),
            1);
  const std::string refused = "1 rows: 1 refused; 2 refused :PERMISSION_DENIED";
  const std::string moved = "1 rows: 1 updated";
  const Caller writer = CallerWith("writer", {"writer@areas/310000"});
  const Caller mover = CallerWith("mover", {"mover@areas/310000"});
  const Table home = nurse("313025");
  const Table body = {{"取込元のキー", "コーディネーター", "配置団体", "段階", "開始日"},
                      {"p1", "c1", "313025", "実績", "2050-01-01"}};
  EXPECT_EQ(Both(writer, "nurses", home), absl::StrCat(refused, " | ", refused));
  EXPECT_EQ(RowsOf(ImportCsv(mover, "nurses", CsvOf(home))), moved);
  platform_v1::ImportRowsRequest options;
  options.set_collection("placements");
  options.set_rename(true);  // the body is what people recognise a placement by
  EXPECT_EQ(RowsOf(ImportCsv(writer, options, CsvOf(body))), refused);
  EXPECT_EQ(RowsOf(ImportCsv(mover, options, CsvOf(body))), moved);
}

TEST_P(MoveTest, AnOpeningChangesItsFacilityOnlyByAMove) {
  for (const char* id : {"a", "b"}) Create(id, AFacility("とっとり", "areas/312011"));
  const std::string file = "opening_id,facility,area,posts,weekly_minutes\no1,facilities/a,areas/312011,1,600\n";
  ASSERT_EQ(ImportCsv(admin(), "openings", file).summary, "1 rows: 1 created");
  const Caller writer = CallerWith("writer", {"writer@areas/310000"}, "matching");
  const Caller mover = CallerWith("mover", {"mover@areas/310000"}, "matching");
  Grant("writer", {AGrant("writer", "areas/310000")});
  Grant("mover", {AGrant("mover", "areas/310000")});
  EXPECT_EQ(MoveOpening(writer, "facility", "facilities/b"), kMayNot);
  EXPECT_EQ(MoveOpening(writer, "area", "areas/310000"), kMayNot) << "the city loses it";
  platform_v1::ImportRowsRequest options;
  options.set_collection("openings");
  options.set_rename(true);
  EXPECT_THAT(ImportCsv(writer, options, "opening_id,facility,posts,weekly_minutes\no1,facilities/b,1,600\n").rows,
              ElementsAre("2 refused :PERMISSION_DENIED"));
  EXPECT_EQ(MoveOpening(mover, "facility", "facilities/b"), "OK");
  EXPECT_EQ(ImportCsv(mover, options, "opening_id,facility,posts,weekly_minutes\no1,facilities/a,1,600\n").summary,
            "1 rows: 1 updated");
}

TEST_P(MoveTest, ARoundLeavesOutOpeningsAtFacilitiesOfOtherPlaces) {
  const auto facility = [&](const char* id, const char* area) {
    registry_v1::Facility one = AFacility("見本", area);
    one.set_latitude_e6(35'495'111);
    one.set_longitude_e6(134'231'278);
    Create(id, one);
  };
  facility("here", "areas/312011");
  facility("there", "areas/312011");
  const std::string end = ",1,600\n";
  ASSERT_EQ(ImportCsv(admin(), "openings",
                      absl::StrCat("opening_id,facility,area,posts,weekly_minutes\n",  //
                                   "city,facilities/here,areas/312011", end,           //
                                   "prefecture,facilities/here,areas/310000", end,     //
                                   "foreign,facilities/there,areas/312011", end,       //
                                   "own,facilities/there,", end))
                .summary,
            "4 rows: 4 created");
  ASSERT_EQ(MoveFacility(admin(), "areas/322016", false, "facilities/there"), "OK") << "it moves away later";
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(reader(), "r1")), "OK");
  int parts = 0;
  const auto snapshot = ReadSnapshot(admin(), "r1", parts);
  ASSERT_EQ(Said(snapshot), "OK");
  std::vector<std::string> names;
  for (const auto& opening : snapshot->openings()) names.push_back(opening.name());
  EXPECT_THAT(names, ElementsAre("openings/city", "openings/prefecture"));
  std::vector<std::string> left_out;
  for (const auto& row : snapshot->left_out()) {
    left_out.push_back(row.name());
    EXPECT_EQ(row.reason(), matching_v1::LEFT_OUT_REASON_FACILITY_ELSEWHERE);
  }
  EXPECT_THAT(left_out, ElementsAre("openings/foreign", "openings/own")) << "which got the area of then";
}

}  // namespace
}  // namespace tsunagu::wire
