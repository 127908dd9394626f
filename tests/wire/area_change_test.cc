// Changes of local governments: the days of areas follow, no record remains in a former body, and codes resolve.
#include <atomic>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/places_calls.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::wire {
namespace {

using registry_v1::AreaChange;
using testing::ElementsAre;
using testing::HasSubstr;

// 大山町 of 2005: three towns of 鳥取県, and the new one with the code of the first.
class AreaChangeTest : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    if (IsSkipped()) return;
    for (const auto& [code, name] : {std::pair("313866", "大山町"), {"313874", "名和町"}, {"313882", "中山町"}}) {
      SuiteTest::Create(AnArea(code, registry_v1::AREA_KIND_TOWN, name, "areas/310000"));
    }
    person_ = CreateCoordinator();
  }

  static AreaChange Merger(const std::string& day = "2005-03-28") {
    AreaChange change;
    change.set_kind(registry_v1::AREA_CHANGE_KIND_MERGER);
    *change.mutable_effective_date() = Day(day);
    for (const auto& [code, name] : {std::pair("313866", "大山町"), {"313874", "名和町"}, {"313882", "中山町"}}) {
      change.add_from_areas(absl::StrCat("areas/", code));
      change.add_from_names(name);
    }
    change.add_to_areas("areas/313866");
    change.add_to_names("大山町");
    return change;
  }
  absl::StatusOr<AreaChange> Record(const AreaChange& change) {
    registry_v1::CreateAreaChangeRequest request;
    *request.mutable_area_change() = change;
    return admin().Call<AreaChange>("registry.v1.AreaChangeService/CreateAreaChange", request);
  }
  std::string Withdraw(const std::string& name) {
    registry_v1::UpdateAreaChangeRequest request;
    request.mutable_area_change()->set_name(name);
    request.mutable_area_change()->set_withdrawn(true);
    request.mutable_update_mask()->add_paths("withdrawn");
    return Said(admin().Call<AreaChange>("registry.v1.AreaChangeService/UpdateAreaChange", request));
  }
  // "first last" of an area, "-" where open.
  std::string DaysOf(const std::string& area) {
    registry_v1::GetAreaRequest request;
    request.set_name(area);
    const auto found = admin().Call<registry_v1::Area>("registry.v1.AreaService/GetArea", request);
    if (!found.ok()) return Said(found);
    return absl::StrCat(found->has_valid_from_date() ? jp::FormatIso(jp::DayOf(found->valid_from_date())) : "-", " ",
                        found->has_valid_to_date() ? jp::FormatIso(jp::DayOf(found->valid_to_date())) : "-");
  }
  std::string EndArea(const std::string& area, const std::string& day) {
    registry_v1::UpdateAreaRequest request;
    request.mutable_area()->set_name(area);
    *request.mutable_area()->mutable_valid_to_date() = Day(day);
    request.mutable_update_mask()->add_paths("valid_to_date");
    return Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request));
  }
  std::string TryToPlace(const std::string& body, const std::string& from, const std::string& to = "") {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person_);
    placement.set_body(body);
    placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_valid_from_date() = Day(from);
    if (!to.empty()) *placement.mutable_valid_to_date() = Day(to);
    return Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request));
  }
  // Returns "313866 大山町;...", with "?" if only an address decides.
  std::string Resolved(const std::string& area, const std::string& as_of, const std::string& target) {
    registry_v1::ResolveAreaRequest request;
    request.set_area(area);
    if (!as_of.empty()) *request.mutable_as_of_date() = Day(as_of);
    if (!target.empty()) *request.mutable_target_date() = Day(target);
    const auto found =
        CallerWith("reader", {"centre-staff@areas/310000"})
            .Call<registry_v1::ResolveAreaResponse>("registry.v1.AreaChangeService/ResolveArea", request);
    if (!found.ok()) return Said(found);
    std::vector<std::string> bodies;
    for (const auto& body : found->bodies())
      bodies.push_back(absl::StrCat(body.area().substr(6), " ", body.display_name()));
    return absl::StrCat(absl::StrJoin(bodies, ";"), found->ambiguous() ? "?" : "");
  }

  std::string person_;
};
WIRE_TEST_ON_BOTH(AreaChangeTest);

TEST_P(AreaChangeTest, TheDaysOfAreasFollow) {
  const auto merger = Record(Merger());
  ASSERT_EQ(Said(merger), "OK");
  EXPECT_EQ(DaysOf("areas/313874"), "- 2005-03-27");
  EXPECT_EQ(DaysOf("areas/313882"), "- 2005-03-27");
  EXPECT_EQ(DaysOf("areas/313866"), "- -") << "its code goes on";
  EXPECT_EQ(EndArea("areas/313874", "2006-03-31"),
            "INVALID_ARGUMENT INVALID_REQUEST area.valid_to_date:AREA_DAY_FROM_CHANGE");
  EXPECT_THAT(Said(Record(Merger("2010-04-01"))), HasSubstr("from_areas:AREA_CHANGE_OTHER_DAYS"))
      << "they are gone by then";
  EXPECT_EQ(Withdraw(merger->name()), "OK");
  EXPECT_EQ(DaysOf("areas/313874"), "- -");
  EXPECT_EQ(Said(Record(Merger("2010-04-01"))), "OK");
  EXPECT_EQ(DaysOf("areas/313874"), "- 2010-03-31");
}

// A caller who may not read a change learns that there is one, but not which.
TEST_P(AreaChangeTest, AChangeThatIsNotSeenIsNotNamed) {
  ASSERT_EQ(Said(Record(Merger())), "OK");
  SetRole("clerk", {"areas.read", "areas.write", "areaChanges.write"});
  const Caller clerk = CallerWith("clerk", {"clerk@*"});
  registry_v1::UpdateAreaRequest update;
  update.mutable_area()->set_name("areas/313874");
  *update.mutable_area()->mutable_valid_to_date() = Day("2006-03-31");
  update.mutable_update_mask()->add_paths("valid_to_date");
  EXPECT_EQ(Said(clerk.Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", update)),
            "INVALID_ARGUMENT INVALID_REQUEST area.valid_to_date:AREA_DAY_FROM_CHANGE_UNSEEN");
  registry_v1::CreateAreaChangeRequest create;
  *create.mutable_area_change() = Merger();
  EXPECT_EQ(Said(clerk.Call<AreaChange>("registry.v1.AreaChangeService/CreateAreaChange", create)),
            "INVALID_ARGUMENT INVALID_REQUEST area_change:AREA_CHANGE_REPEATED_UNSEEN");
}

TEST_P(AreaChangeTest, ANewCodeBeginsWithTheDay) {
  AreaChange change;
  change.set_kind(registry_v1::AREA_CHANGE_KIND_CODE);
  *change.mutable_effective_date() = Day("2030-04-01");
  change.add_from_areas("areas/313874");
  change.add_from_names("名和町");
  change.add_to_areas("areas/312088");
  change.add_to_names("見本市");
  EXPECT_THAT(Said(Record(change)), HasSubstr("to_areas[0]:REFERENCE_NOT_FOUND"));
  EXPECT_EQ(DaysOf("areas/313874"), "- -") << "nothing half done";
  SuiteTest::Create(AnArea("312088", registry_v1::AREA_KIND_CITY, "見本市", "areas/310000"));
  ASSERT_EQ(Said(Record(change)), "OK");
  EXPECT_EQ(DaysOf("areas/312088"), "2030-04-01 -");
  EXPECT_EQ(TryToPlace("areas/312088", "2030-03-31", "2031-03-31"),
            "INVALID_ARGUMENT INVALID_REQUEST placement.body:AREA_NOT_YET_THERE");
  EXPECT_EQ(TryToPlace("areas/312088", "2030-04-01"), "OK");
  EXPECT_EQ(Resolved("areas/313874", "2030-03-31", "2030-04-01"), "312088 見本市");
}

TEST_P(AreaChangeTest, NobodyIsPlacedAtABodyThatIsGone) {
  ASSERT_EQ(Said(Record(Merger("2045-04-01"))), "OK");
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(TryToPlace("areas/313874", "2040-04-01"), refused + "placement.body:AREA_MERGED_AWAY");
  EXPECT_EQ(TryToPlace("areas/313874", "2040-04-01", "2045-04-01"), refused + "placement.body:AREA_MERGED_AWAY");
  EXPECT_EQ(TryToPlace("areas/313874", "2040-04-01", "2045-03-31"), "OK");
  EXPECT_EQ(TryToPlace("areas/313866", "2040-04-01"), "OK") << "the code goes on";
  ASSERT_EQ(EndArea("areas/313025", "2049-03-31"), "OK");
  EXPECT_EQ(TryToPlace("areas/313025", "2040-04-01"), refused + "placement.body:AREA_ENDED") << "without a successor";

  const auto facility = [&](const std::string& area) {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = AFacility("見本", area);
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request));
  };
  EXPECT_EQ(facility("areas/313874"), refused + "facility.area:AREA_MERGED_AWAY");
  EXPECT_EQ(facility("areas/313866"), "OK");
  const Imported nurses = ImportCsv(reader(), "nurses",
                                    "氏名,免許,週の勤務可能分数,自宅メッシュ,居住地域,通勤上限（m）\n"
                                    "見本 花子,看護師,600,53341198,313882,5000\n");
  EXPECT_THAT(nurses.rows, ElementsAre(HasSubstr("居住地域:AREA_MERGED_AWAY"))) << nurses.summary;
}

TEST_P(AreaChangeTest, AMergerWaitsForWhoIsStillPlaced) {
  ASSERT_EQ(TryToPlace("areas/313882", "2040-04-01"), "OK");
  EXPECT_EQ(Said(Record(Merger("2051-04-01"))),
            "INVALID_ARGUMENT INVALID_REQUEST area_change.from_areas:BODY_PLACEMENT_GOES_ON");
  EXPECT_EQ(DaysOf("areas/313874"), "- -") << "nothing half done";
  EXPECT_EQ(EndArea("areas/313882", "2051-03-31"),
            "INVALID_ARGUMENT INVALID_REQUEST area.valid_to_date:BODY_PLACEMENT_GOES_ON");
  ASSERT_EQ(Said(CreateJointGroup(admin(), "g", "")), "OK");
  ASSERT_EQ(Said(Join(admin(), "jointGroups/g", "areas/313874")), "OK");
  EXPECT_THAT(Said(Record(Merger("2051-04-01"))), HasSubstr("area_change.from_areas:BODY_MEMBERSHIP_GOES_ON"));
}

// Four record the merger, four place somebody at a town that it ends: only one kind succeeds.
TEST_P(AreaChangeTest, EightWriters) {
  for (int round = 0; round < 3; ++round) {
    const std::string code = std::vector<std::string>{"313891", "313904", "314013"}[round];
    SuiteTest::Create(AnArea(code, registry_v1::AREA_KIND_TOWN, "見本町", "areas/310000"));
    AreaChange change;
    change.set_kind(registry_v1::AREA_CHANGE_KIND_ABSORPTION);
    *change.mutable_effective_date() = Day("2060-04-01");
    for (const std::string& area : {std::string("areas/312011"), "areas/" + code}) {
      change.add_from_areas(area);
      change.add_from_names("見本");
    }
    change.add_to_areas("areas/312011");
    change.add_to_names("見本");
    std::vector<std::string> people;
    for (int i = 0; i < 8; ++i) people.push_back(CreateCoordinator());
    const auto told = EightAtOnce([&](int i) {
      if (i % 2 == 0) return Said(Record(change));
      registry_v1::CreatePlacementRequest request;
      registry_v1::Placement& placement = *request.mutable_placement();
      placement.set_coordinator(people[i]);
      placement.set_body("areas/" + code);
      placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
      *placement.mutable_valid_from_date() = Day("2055-04-01");
      return Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request));
    });
    const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST ";
    if (DaysOf("areas/" + code) == "- 2060-03-31") {
      EXPECT_THAT(told, testing::UnorderedElementsAre(testing::Pair("OK", 1),
                                                      testing::Pair(refused + "area_change:AREA_CHANGE_REPEATED", 3),
                                                      testing::Pair(refused + "placement.body:AREA_MERGED_AWAY", 4)));
    } else {
      EXPECT_THAT(told, testing::UnorderedElementsAre(
                            testing::Pair("OK", 4),
                            testing::Pair(refused + "area_change.from_areas:BODY_PLACEMENT_GOES_ON", 4)));
    }
  }
}

// A membership gives the region's officers reach, and somebody has to move what still names the area that is gone.
TEST_P(AreaChangeTest, ARegionKeepsAnAreaThatIsGoneWithinItsReach) {
  for (const char* region : {"west", "east"}) {
    ASSERT_EQ(Said(CreateRegion(admin(), region, "areas/310000")), "OK");
  }
  ASSERT_EQ(Said(AddMember(admin(), "regions/west", "areas/313874")), "OK");
  SuiteTest::Create("old", AFacility("見本", "areas/313874"));
  ASSERT_EQ(Said(Record(Merger("2050-04-01"))), "OK");
  EXPECT_EQ(DaysOf("areas/313874"), "- 2050-03-31");
  const Caller staff = CallerWith("staff", {"centre-staff@regions/west"});
  EXPECT_EQ(Said(GetFacility(staff, "facilities/old")), "OK");
  EXPECT_EQ(Said(AddMember(admin(), "regions/east", "areas/313874")),
            "INVALID_ARGUMENT INVALID_REQUEST region_member.area:AREA_MERGED_AWAY")
      << "nobody takes it into a region afterwards";
  registry_v1::GetPlacementReportRequest request = Asking("2050-04-03");
  request.set_group_by(registry_v1::PLACEMENT_GROUPING_REGIONS);
  const auto report = Report(admin(), request);
  ASSERT_EQ(Said(report), "OK");
  EXPECT_EQ(ValuesOf(*report, "whole_prefecture", "regions/west"), "0 0 - 0 - -") << "it is counted no more";
}

// Four record the merger, four take the town into regions: once the merger is recorded, nobody does any more.
TEST_P(AreaChangeTest, OfEightNobodyTakesAnAreaIntoARegionBehindItsEnd) {
  for (const char* region : {"r0", "r1", "r2", "r3", "r4"}) {
    ASSERT_EQ(Said(CreateRegion(admin(), region, "areas/310000")), "OK");
  }
  std::atomic<bool> merged{false};
  const auto told = EightAtOnce([&](int i) -> std::string {
    if (i % 2 == 0) {
      const std::string said = Said(Record(Merger("2060-04-01")));
      if (said == "OK") merged = true;
      return said;
    }
    for (const char* region : {"r0", "r1", "r2", "r3", "r4"}) {
      const bool is_late = merged;
      const std::string said = Said(
          AddMember(admin(), absl::StrCat("regions/", region), "areas/313874", *jp::ParseDay("2050-04-01") + 400 * i));
      const bool may = !is_late && said == "OK";
      const bool is_refused = said == "INVALID_ARGUMENT INVALID_REQUEST region_member.area:AREA_MERGED_AWAY" ||
                              absl::StrContains(said, "PERIODS_OVERLAP");
      if (!may && !is_refused) return absl::StrCat(is_late ? "late " : "", said);
    }
    return "as it should be";
  });
  EXPECT_THAT(told, testing::UnorderedElementsAre(
                        testing::Pair("OK", 1), testing::Pair("as it should be", 4),
                        testing::Pair("INVALID_ARGUMENT INVALID_REQUEST area_change:AREA_CHANGE_REPEATED", 3)));
  EXPECT_EQ(Said(AddMember(admin(), "regions/r0", "areas/313882", *jp::ParseDay("2050-04-01"))),
            "INVALID_ARGUMENT INVALID_REQUEST region_member.area:AREA_MERGED_AWAY");
}

TEST_P(AreaChangeTest, TheSameIsRecordedOnce) {
  const auto merger = Record(Merger());
  ASSERT_EQ(Said(merger), "OK");
  AreaChange by_another_word = Merger();
  by_another_word.set_kind(registry_v1::AREA_CHANGE_KIND_ABSORPTION);
  const std::string repeated = "INVALID_ARGUMENT INVALID_REQUEST area_change:AREA_CHANGE_REPEATED";
  EXPECT_EQ(Said(Record(Merger())), repeated);
  EXPECT_EQ(Said(Record(by_another_word)), repeated);
  ASSERT_EQ(Withdraw(merger->name()), "OK");
  ASSERT_EQ(Said(Record(by_another_word)), "OK");
  registry_v1::UpdateAreaChangeRequest after_all;
  after_all.mutable_area_change()->set_name(merger->name());
  after_all.mutable_update_mask()->add_paths("withdrawn");
  EXPECT_EQ(Said(admin().Call<AreaChange>("registry.v1.AreaChangeService/UpdateAreaChange", after_all)), repeated);
}

// 那珂川町 of 2018: a town becomes a city, and gets another code.
TEST_P(AreaChangeTest, ATownBecomesACity) {
  SuiteTest::Create(AnArea("400009", registry_v1::AREA_KIND_PREFECTURE, "福岡県", ""));
  SuiteTest::Create(AnArea("403059", registry_v1::AREA_KIND_TOWN, "那珂川町", "areas/400009"));
  SuiteTest::Create(AnArea("402311", registry_v1::AREA_KIND_CITY, "那珂川市", "areas/400009"));
  ASSERT_EQ(ImportCsv(admin(), "areaChanges",
                      "種別,施行日,変更前の地域,変更前の名称,変更後の地域,変更後の名称\n"
                      "種別変更,2018-10-01,403059,那珂川町,402311,那珂川市\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(DaysOf("areas/403059"), "- 2018-09-30");
  EXPECT_EQ(DaysOf("areas/402311"), "2018-10-01 -");
  EXPECT_EQ(Resolved("areas/403059", "2018-09-30", ""), "402311 那珂川市");
}

TEST_P(AreaChangeTest, CodesResolveBothWays) {
  ASSERT_EQ(ImportCsv(admin(), "areaChanges",
                      "種別,施行日,変更前の地域,変更前の名称,変更後の地域,変更後の名称\n"
                      "新設合併,2005-03-28,313866;313874;313882,大山町;名和町;中山町,313866,大山町\n"
                      "名称変更,2019-05-01,313025,篠山町,313025,丹波篠山町\n")
                .summary,
            "2 rows: 2 created");
  EXPECT_EQ(Resolved("areas/313874", "2005-03-27", ""), "313866 大山町");
  EXPECT_EQ(Resolved("areas/313874", "2005-03-28", ""), "") << "there is no such body on that day";
  EXPECT_EQ(Resolved("areas/313866", "", "2005-03-27"), "313866 大山町;313874 名和町;313882 中山町?");
  EXPECT_EQ(Resolved("areas/313025", "", "2019-04-30"), "313025 篠山町");
  EXPECT_EQ(Resolved("areas/313025", "2019-04-30", "2019-05-01"), "313025 丹波篠山町");
  EXPECT_THAT(Resolved("areas/999993", "", ""), HasSubstr("NOT_FOUND"));
}

}  // namespace
}  // namespace tsunagu::wire
