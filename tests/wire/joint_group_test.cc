// Bodies that place together: when a joint group is a group, who can reach its placements, and how it counts.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/places_calls.h"
#include "tests/wire/report_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JointGroupTest : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    if (IsSkipped()) return;
    EXPECT_EQ(Said(CreateJointGroup(admin(), "east", "areas/310000")), "OK");
    person_ = CreateCoordinator();
  }

  // From `from` on, to `to`; empty: for ever.
  absl::StatusOr<registry_v1::JointGroupMember> Join(const std::string& area, const std::string& from = "",
                                                     const std::string& to = "", const std::string& group = "east") {
    return wire::Join(admin(), "jointGroups/" + group, area, from.empty() ? jp::kFirstDay : *jp::ParseDay(from),
                      to.empty() ? jp::kLastDay : *jp::ParseDay(to));
  }
  absl::StatusOr<registry_v1::JointGroupMember> Leave(const Caller& caller, const std::string& member,
                                                      const std::string& last) {
    registry_v1::EndJointGroupMemberRequest request;
    request.set_name(member);
    *request.mutable_end_date() = Day(last);
    return caller.Call<registry_v1::JointGroupMember>("registry.v1.JointGroupMemberService/EndJointGroupMember",
                                                      request);
  }
  absl::StatusOr<registry_v1::Placement> TryToPlace(const Caller& caller, const std::string& from,
                                                    const std::string& to,
                                                    const std::string& body = "jointGroups/east") {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person_);
    placement.set_body(body);
    placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_valid_from_date() = Day(from);
    if (!to.empty()) *placement.mutable_valid_to_date() = Day(to);
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
  }
  static std::string Sees(const Caller& caller, const std::string& placement) {
    registry_v1::GetPlacementRequest request;
    request.set_name(placement);
    return Said(caller.Call<registry_v1::Placement>("registry.v1.PlacementService/GetPlacement", request));
  }

  std::string person_;
};
WIRE_TEST_ON_BOTH(JointGroupTest);

TEST_P(JointGroupTest, PlacesWhileTwoBelongToIt) {
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST placement.body:";
  EXPECT_EQ(Said(TryToPlace(admin(), "2040-04-01", "2041-03-31")), refused + "JOINT_GROUP_OUTSIDE_DATES");
  EXPECT_THAT(Said(TryToPlace(admin(), "2040-04-01", "", "jointGroups/west")),
              HasSubstr("placement.body:REFERENCE_NOT_FOUND"));
  ASSERT_EQ(Said(Join("areas/312011", "2040-04-01")), "OK");
  EXPECT_EQ(Said(TryToPlace(admin(), "2040-04-01", "2041-03-31")), refused + "JOINT_GROUP_OF_ONE");
  ASSERT_EQ(Said(Join("areas/313025", "2040-04-01", "2045-03-31")), "OK");
  EXPECT_EQ(Said(TryToPlace(admin(), "2040-03-31", "2041-03-31")), refused + "JOINT_GROUP_OUTSIDE_DATES");
  EXPECT_EQ(Said(TryToPlace(admin(), "2040-04-01", "")), refused + "JOINT_GROUP_OF_ONE") << "it goes on";
  EXPECT_EQ(Said(TryToPlace(admin(), "2040-04-01", "2045-03-31")), "OK");
  EXPECT_EQ(Said(TryToPlace(admin(), "2045-03-31", "2045-03-31")),
            "INVALID_ARGUMENT INVALID_REQUEST placement.valid_from_date:PERIODS_OVERLAP");
  const Imported imported =
      ImportCsv(admin(), "placements",
                absl::StrCat("コーディネーター,配置団体,段階,開始日\n", person_, ",jointGroups/east,実績,2046-04-01\n",
                             person_, ",312011,実績,2046-04-01\n"));
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre(HasSubstr("配置団体:JOINT_GROUP_OF_ONE")));
}

TEST_P(JointGroupTest, NobodyLeavesWhileAPlacementNeedsThem) {
  const auto one = Join("areas/312011", "2040-04-01"), two = Join("areas/313025", "2040-04-01");
  const auto placed = TryToPlace(admin(), "2041-04-01", "2045-03-31");
  ASSERT_EQ(Said(placed), "OK");
  EXPECT_EQ(Said(Leave(admin(), one->name(), "2045-03-30")),
            "INVALID_ARGUMENT INVALID_REQUEST valid_to_date:JOINT_PLACEMENT_GOES_ON");
  SetRole("grouper", {"jointGroupMembers.*", "jointGroups.*", "areas.read"});
  EXPECT_EQ(Said(Leave(CallerWith("grouper", {"grouper@areas/310000"}), one->name(), "2045-03-30")),
            "INVALID_ARGUMENT INVALID_REQUEST valid_to_date:JOINT_PLACEMENT_GOES_ON_UNSEEN");
  registry_v1::UpdateJointGroupMemberRequest later;
  later.mutable_joint_group_member()->set_name(two->name());
  *later.mutable_joint_group_member()->mutable_valid_from_date() = Day("2041-04-02");
  later.mutable_update_mask()->add_paths("valid_from_date");
  const auto update = [&] {
    return Said(admin().Call<registry_v1::JointGroupMember>(
        "registry.v1.JointGroupMemberService/UpdateJointGroupMember", later));
  };
  EXPECT_EQ(update(), "INVALID_ARGUMENT INVALID_REQUEST joint_group_member.valid_from_date:JOINT_PLACEMENT_GOES_ON");
  *later.mutable_joint_group_member()->mutable_valid_from_date() = Day("2041-04-01");
  EXPECT_EQ(update(), "OK");
  EXPECT_EQ(Said(Leave(admin(), one->name(), "2045-03-31")), "OK") << "with the last day of the placement";
}

// Four say who leaves, four place: whoever comes second is told.
TEST_P(JointGroupTest, EightWriters) {
  for (int round = 0; round < 3; ++round) {
    const std::string group = absl::StrCat("g", round);
    ASSERT_EQ(Said(CreateJointGroup(admin(), group, "")), "OK");
    ASSERT_EQ(Said(Join("areas/312011", "2040-04-01", "", group)), "OK");
    const auto leaving = Join("areas/313025", "2040-04-01", "", group);
    person_ = CreateCoordinator();
    const auto told = EightAtOnce([&](int i) {
      if (i % 2 == 0) return Said(Leave(admin(), leaving->name(), "2051-03-31"));
      const std::string month = absl::StrCat("2060-0", i, "-");
      return Said(TryToPlace(admin(), month + "01", month + "20", "jointGroups/" + group));
    });
    int placed = 0, left = 0;
    for (const auto& [said, count] : told) {
      if (said == "OK") continue;
      placed += absl::StrContains(said, "JOINT_PLACEMENT_GOES_ON") ? 4 : 0;
      left += absl::StrContains(said, "JOINT_GROUP_OF_ONE") ? 4 : 0;
      EXPECT_THAT(said, testing::AnyOf(HasSubstr("JOINT_PLACEMENT_GOES_ON"), HasSubstr("JOINT_GROUP_OF_ONE")));
      EXPECT_EQ(count, 4) << said;
    }
    EXPECT_EQ(placed + left, 4) << "the one or the other";
  }
}

TEST_P(JointGroupTest, IsReachedFromEachMemberWhileItBelongs) {
  const jp::CivilDay today = jp::JapanDay(clock().Now());
  ASSERT_EQ(Said(Join("areas/312011")), "OK");
  ASSERT_EQ(Said(Join("areas/313025")), "OK");
  EXPECT_EQ(Said(Join("areas/322016")),
            "INVALID_ARGUMENT INVALID_REQUEST joint_group_member.area:JOINT_MEMBER_OUTSIDE_PREFECTURE");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/313025"});
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"});
  const auto placed = TryToPlace(admin(), "2040-04-01", "");
  ASSERT_EQ(Said(placed), "OK");
  EXPECT_EQ(Sees(officer, placed->name()), "OK");
  EXPECT_EQ(Sees(CallerWith("above", {"prefecture-officer@areas/310000"}), placed->name()), "OK");
  EXPECT_EQ(Sees(elsewhere, placed->name()), "NOT_FOUND PLACEMENT_NOT_FOUND");
  EXPECT_THAT(Said(Leave(officer, "jointGroupMembers/any", "2050-01-01")), HasSubstr("PERMISSION_DENIED"))
      << "who belongs to it is the prefecture's to say";

  const auto third = Join("areas/312011", "", "", "east");
  EXPECT_THAT(Said(third), HasSubstr("PERIODS_OVERLAP")) << "once on each day";
  ASSERT_EQ(Said(CreateJointGroup(admin(), "across", "")), "OK");
  ASSERT_EQ(Said(Join("areas/312011", "", "", "across")), "OK");
  ASSERT_EQ(Said(Join("areas/313025", "", "", "across")), "OK");
  ASSERT_EQ(Said(Join("areas/322016", "", jp::FormatIso(today), "across")), "OK");
  const auto across = TryToPlace(admin(), "2040-04-01", "", "jointGroups/across");
  ASSERT_EQ(Said(across), "OK");
  EXPECT_EQ(Sees(elsewhere, across->name()), "OK");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Sees(elsewhere, across->name()), "NOT_FOUND PLACEMENT_NOT_FOUND") << "its membership is over";
}

TEST_P(JointGroupTest, CountsForEachMemberAndItsPersonsOnce) {
  ASSERT_EQ(Said(Join("areas/312011", "2040-04-01")), "OK");
  ASSERT_EQ(Said(Join("areas/313025", "2040-04-01", "2044-03-31")), "OK");
  ASSERT_EQ(Said(CreateJointGroup(admin(), "across", "")), "OK");
  ASSERT_EQ(Said(Join("areas/313025", "2044-04-01", "", "across")), "OK");
  ASSERT_EQ(Said(Join("areas/322016", "2044-04-01", "", "across")), "OK");
  const std::string joint = Place(person_, "jointGroups/east", "2040-04-01", "2044-03-31");
  Place(CreateCoordinator(), "areas/312011", "2042-04-01");
  Place(person_, "jointGroups/across", "2044-04-01");
  struct Case {
    const char* day;
    const char* municipalities;  // bodies, placing, share, persons, mean, median
    const char* together;        // joint bodies, single bodies
  };
  const Case cases[] = {
      {"2040-03-31", "3 0 0 0 - -", "0 0"},
      {"2040-04-01", "3 2 67 1 0.5 1.0", "2 0"},
      {"2042-04-01", "3 2 67 2 1.0 1.5", "1 1"},
      {"2044-04-01", "3 3 100 2 0.7 1.0", "2 1"},
  };
  for (const Case& c : cases) {
    const auto report = Report(admin(), Asking(c.day));
    ASSERT_EQ(Said(report), "OK");
    EXPECT_EQ(ValuesOf(*report, "municipalities"), c.municipalities) << c.day;
    EXPECT_EQ(TogetherOf(*report, "municipalities"), c.together) << c.day;
    EXPECT_EQ(ValuesOf(*report, "prefectures"), "2 0 0 0 - -") << c.day;
  }
  const platform_v1::Report report = *Report(admin(), Asking("2042-04-01"));
  EXPECT_EQ(NamesOf(Rows(admin(), report, "municipalities/persons")).size(), 2u) << "a joint placement is one row";
  EXPECT_THAT(NamesOf(Rows(admin(), report, "municipalities/joint_bodies")), ElementsAre("areas/313025"));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "municipalities/single_bodies")), ElementsAre("areas/312011"));
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/322016"});
  EXPECT_EQ(TogetherOf(*Report(officer, Asking("2044-04-01")), "municipalities"), "1 0");
}

}  // namespace
}  // namespace tsunagu::wire
