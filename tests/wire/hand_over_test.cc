// Successions at a body: who follows whom, who sees the placement on which day, and whom it serves.
#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr char kNotFound[] = "NOT_FOUND PLACEMENT_NOT_FOUND";

// Today is 2050-04-03.
class HandOverTest : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    if (IsSkipped()) return;
    holder_ = CreateCoordinator();
    successor_ = CreateCoordinator();
    SetRole("own", {"placements.read"});
  }

  static registry_v1::MovePlacementRequest Moving(const std::string& placement, const std::string& person,
                                                  const std::string& last_day) {
    registry_v1::MovePlacementRequest request;
    request.set_name(placement);
    request.set_coordinator(person);
    *request.mutable_end_date() = Day(last_day);
    return request;
  }
  static absl::StatusOr<registry_v1::Placement> Move(const Caller& caller,
                                                     const registry_v1::MovePlacementRequest& request) {
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/MovePlacement", request);
  }
  static absl::StatusOr<registry_v1::Placement> Get(const Caller& caller, const std::string& name) {
    registry_v1::GetPlacementRequest request;
    request.set_name(name);
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/GetPlacement", request);
  }
  // In the order in which they were created.
  static std::vector<std::string> Listed(const Caller& caller) {
    const auto list = caller.Call<registry_v1::ListPlacementsResponse>("registry.v1.PlacementService/ListPlacements",
                                                                       registry_v1::ListPlacementsRequest());
    if (!list.ok()) return {Said(list)};
    std::vector<std::string> names;
    for (const auto& placement : list->placements()) names.push_back(placement.name());
    return names;
  }
  absl::StatusOr<registry_v1::Placement> Change(const std::string& placement, const std::string& field,
                                                const registry_v1::Placement& patch) {
    registry_v1::UpdatePlacementRequest request;
    *request.mutable_placement() = patch;
    request.mutable_placement()->set_name(placement);
    request.mutable_update_mask()->add_paths(field);
    return admin().Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request);
  }
  std::string Serve(const std::string& placement, const std::vector<std::string>& areas) {
    registry_v1::Placement patch;
    for (const std::string& area : areas) patch.add_territory(area);
    return Said(Change(placement, "territory", patch));
  }
  std::string EndArea(const std::string& area, const std::string& day) {
    registry_v1::UpdateAreaRequest request;
    request.mutable_area()->set_name(area);
    *request.mutable_area()->mutable_valid_to_date() = Day(day);
    request.mutable_update_mask()->add_paths("valid_to_date");
    return Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request));
  }
  Caller Herself(const std::string& person) { return CallerWith(person.substr(13), {absl::StrCat("own@", person)}); }
  void NextDay() { clock().Advance(absl::Hours(24)); }

  std::string holder_, successor_;
};
WIRE_TEST_ON_BOTH(HandOverTest);

TEST_P(HandOverTest, EndsOneAndBeginsTheNext) {
  const std::string placement = Place(holder_, "areas/312011", "2040-04-01", "2060-03-31");
  registry_v1::Placement patch;
  patch.set_form(registry_v1::PLACEMENT_FORM_CONTRACTED);
  patch.set_role(registry_v1::PLACEMENT_ROLE_REGION);
  patch.set_duty(registry_v1::PLACEMENT_DUTY_CONCURRENT);
  patch.set_other_duty("相談支援専門員");
  patch.set_fte_hundredths(50);
  for (const char* field : {"form", "role", "duty", "other_duty", "fte_hundredths"}) {
    ASSERT_EQ(Said(Change(placement, field, patch)), "OK") << field;
  }
  ASSERT_EQ(Serve(placement, {"areas/312011", "areas/313025"}), "OK");

  const Caller officer = CallerWith("officer", {"municipality-officer@areas/312011"});
  const auto next = Move(officer, Moving(placement, successor_, "2050-09-30"));
  ASSERT_EQ(Said(next), "OK");
  EXPECT_EQ(next->coordinator(), successor_);
  EXPECT_EQ(next->body(), "areas/312011");
  EXPECT_EQ(next->stage(), registry_v1::PLACEMENT_STAGE_ACTUAL);
  EXPECT_EQ(next->form(), registry_v1::PLACEMENT_FORM_CONTRACTED);
  EXPECT_EQ(next->role(), registry_v1::PLACEMENT_ROLE_REGION);
  EXPECT_THAT(next->territory(), ElementsAre("areas/312011", "areas/313025"));
  EXPECT_EQ(next->duty(), registry_v1::PLACEMENT_DUTY_UNSPECIFIED) << "hers, not the body's";
  EXPECT_EQ(next->fte_hundredths(), 0);
  EXPECT_EQ(jp::FormatIso(jp::DayOf(next->valid_from_date())), "2050-10-01");
  EXPECT_EQ(jp::FormatIso(jp::DayOf(next->valid_to_date())), "2060-03-31");
  EXPECT_EQ(next->succession(), placement);
  const auto ended = Get(admin(), placement);
  EXPECT_EQ(jp::FormatIso(jp::DayOf(ended->valid_to_date())), "2050-09-30");
  EXPECT_EQ(ended->coordinator(), holder_) << "what was stays on record";
  EXPECT_EQ(ended->succession(), placement);

  registry_v1::Placement forged;
  forged.set_succession(next->name());
  (void)Change(placement, "succession", forged);
  EXPECT_EQ(Get(admin(), placement)->succession(), placement) << "nobody writes it";
}

TEST_P(HandOverTest, TheNewHolderSeesWhatWasAndTheOldOneNothing) {
  const std::string placement = Place(holder_, "areas/312011");
  const std::string other = Place(CreateCoordinator(), "areas/312011");
  const Caller old_one = Herself(holder_), new_one = Herself(successor_);
  const auto next = Move(admin(), Moving(placement, successor_, "2050-04-04"));
  ASSERT_EQ(Said(next), "OK");
  struct Case {
    const char* day;
    std::string old_of_first, old_of_next, new_of_first, new_of_next;
  };
  const Case cases[] = {
      {"the day before", "OK", "OK", kNotFound, kNotFound},
      {"her last day", "OK", "OK", kNotFound, kNotFound},
      {"the next", kNotFound, kNotFound, "OK", "OK"},
      {"and on", kNotFound, kNotFound, "OK", "OK"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Said(Get(old_one, placement)), c.old_of_first) << c.day;
    EXPECT_EQ(Said(Get(old_one, next->name())), c.old_of_next) << c.day;
    EXPECT_EQ(Said(Get(new_one, placement)), c.new_of_first) << c.day;
    EXPECT_EQ(Said(Get(new_one, next->name())), c.new_of_next) << c.day;
    EXPECT_EQ(Said(Get(new_one, other)), kNotFound) << "what was never handed over to her";
    NextDay();
  }
  EXPECT_THAT(Listed(old_one), IsEmpty());
  EXPECT_THAT(Listed(new_one), testing::UnorderedElementsAre(placement, next->name()));

  // The third sees both that were before, and the second nothing from the day on which hers is over.
  const std::string third = CreateCoordinator();
  const auto last = Move(admin(), Moving(next->name(), third, "2050-04-07"));
  ASSERT_EQ(Said(last), "OK");
  EXPECT_EQ(last->succession(), placement);
  EXPECT_EQ(Listed(new_one).size(), 3u) << "today is her last day";
  EXPECT_THAT(Listed(Herself(third)), IsEmpty());
  NextDay();
  EXPECT_THAT(Listed(new_one), IsEmpty());
  EXPECT_THAT(Listed(Herself(third)), testing::UnorderedElementsAre(placement, next->name(), last->name()));
  registry_v1::EndPlacementRequest end;
  end.set_name(last->name());
  *end.mutable_end_date() = Day("2050-04-08");
  ASSERT_EQ(Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/EndPlacement", end)), "OK");
  NextDay();
  EXPECT_THAT(Listed(Herself(third)), IsEmpty()) << "a placement that has ended gives no access any more";
}

TEST_P(HandOverTest, ByAJointGroupAndOnce) {
  registry_v1::CreateJointGroupRequest group;
  group.set_joint_group_id("east");
  group.mutable_joint_group()->set_display_name("見本共同配置");
  group.mutable_joint_group()->set_prefecture("areas/310000");
  ASSERT_EQ(Said(admin().Call<registry_v1::JointGroup>("registry.v1.JointGroupService/CreateJointGroup", group)), "OK");
  for (const char* area : {"areas/312011", "areas/313025"}) {
    registry_v1::CreateJointGroupMemberRequest member;
    member.mutable_joint_group_member()->set_joint_group("jointGroups/east");
    member.mutable_joint_group_member()->set_area(area);
    ASSERT_EQ(Said(admin().Call<registry_v1::JointGroupMember>(
                  "registry.v1.JointGroupMemberService/CreateJointGroupMember", member)),
              "OK");
  }
  const std::string placement = Place(holder_, "jointGroups/east");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/313025"});
  EXPECT_THAT(Said(Move(officer, Moving(placement, successor_, "2050-09-30"))),
              HasSubstr("coordinator:REFERENCE_NOT_FOUND"))
      << "she may not know of that coordinator";
  const std::string near = CreateCoordinator("areas/313025");
  registry_v1::MovePlacementRequest request = Moving(placement, near, "2050-09-30");
  request.set_validate_only(true);
  ASSERT_EQ(Said(Move(officer, request)), "OK");
  EXPECT_EQ(Listed(admin()), std::vector<std::string>{placement}) << "it was only looked at";
  request.set_validate_only(false);
  request.set_request_id("once");
  const auto first = Move(officer, request), again = Move(officer, request);
  ASSERT_EQ(Said(first), "OK");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(first->body(), "jointGroups/east");
  EXPECT_EQ(Listed(admin()).size(), 2u);
}

TEST_P(HandOverTest, IsRefusedWithEveryFaultAndChangesNothing) {
  const std::string placement = Place(holder_, "areas/312011", "2040-04-01", "2060-03-31");
  const std::string over = Place(holder_, "areas/313025", "2040-04-01", "2050-04-02");
  const std::string leaving = CreateCoordinator(), busy = CreateCoordinator();
  registry_v1::EndCoordinatorRequest leaves;
  leaves.set_name(leaving);
  *leaves.mutable_end_date() = Day("2055-03-31");
  ASSERT_EQ(Said(admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/EndCoordinator", leaves)),
            "OK");
  Place(busy, "areas/312011", "2058-04-01");
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  struct Case {
    const char* name;
    std::string placement, person;
    const char* last_day;
    std::string said;
  };
  const Case cases[] = {
      {"no such placement", "placements/none", successor_, "2050-09-30", kNotFound},
      {"it is over", over, successor_, "2050-04-01", "FAILED_PRECONDITION PERIOD_OVER"},
      {"before its first day", placement, successor_, "2040-03-31", invalid + "end_date:PERIOD_ENDS_BEFORE_START"},
      {"on its last day", placement, successor_, "2060-03-31", invalid + "end_date:NOTHING_TO_HAND_OVER"},
      {"to herself", placement, holder_, "2050-09-30", invalid + "coordinator:SUCCESSOR_IS_HOLDER"},
      {"to nobody", placement, "coordinators/none", "2050-09-30", invalid + "coordinator:REFERENCE_NOT_FOUND"},
      {"to one who leaves", placement, leaving, "2050-09-30", invalid + "valid_to_date:COORDINATOR_ENDED"},
      {"both", placement, holder_, "2060-03-31",
       invalid + "coordinator:SUCCESSOR_IS_HOLDER end_date:NOTHING_TO_HAND_OVER"},
      {"too early, to nobody", placement, "coordinators/none", "2040-03-31",
       invalid + "coordinator:REFERENCE_NOT_FOUND end_date:PERIOD_ENDS_BEFORE_START"},
      {"too late, to one who leaves", placement, leaving, "2061-03-31",
       invalid + "end_date:NOTHING_TO_HAND_OVER valid_to_date:COORDINATOR_ENDED"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Said(Move(admin(), Moving(c.placement, c.person, c.last_day))), c.said) << c.name;
  }
  EXPECT_THAT(Said(Move(admin(), Moving(placement, busy, "2050-09-30"))), HasSubstr("PERIODS_OVERLAP"));
  registry_v1::MovePlacementRequest stale = Moving(placement, successor_, "2050-09-30");
  stale.set_etag("7");
  EXPECT_THAT(Said(Move(admin(), stale)), HasSubstr("ETAG_MISMATCH"));
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"});
  EXPECT_EQ(Said(Move(elsewhere, Moving(placement, successor_, "2050-09-30"))), kNotFound);
  EXPECT_THAT(Said(Move(Herself(holder_), Moving(placement, successor_, "2050-09-30"))),
              HasSubstr("PERMISSION_DENIED"));
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` LIKE 'placements/%'"), 3)
      << "each as created";
}

TEST_P(HandOverTest, OneOfEightTakesItOver) {
  for (int turn = 0; turn < 5; ++turn) {
    const std::string placement = Place(CreateCoordinator(), "areas/312011");
    std::vector<std::string> people;
    for (int i = 0; i < 8; ++i) people.push_back(CreateCoordinator());
    const auto told =
        EightAtOnce([&](int writer) { return Said(Move(admin(), Moving(placement, people[writer], "2050-09-30"))); });
    EXPECT_THAT(told,
                ElementsAre(Pair("INVALID_ARGUMENT INVALID_REQUEST end_date:NOTHING_TO_HAND_OVER", 7), Pair("OK", 1)))
        << "who gave no etag is told of none";
    EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `placements`"), 2 * (turn + 1));
  }
}

// Who changes a placement at the same time does not stand in the way of who hands it over, nor the other way round.
TEST_P(HandOverTest, OfEightWhoGiveNoEtagNobodyIsToldOfIt) {
  for (int turn = 0; turn < 5; ++turn) {
    const std::string placement = Place(CreateCoordinator(), "areas/312011");
    const std::string next = CreateCoordinator();
    const auto told = EightAtOnce([&](int writer) -> std::string {
      if (writer == 0) return absl::StrCat("moved ", Said(Move(admin(), Moving(placement, next, "2050-09-30"))));
      for (int round = 0; round < 5; ++round) {
        const std::string said = Serve(placement, {(writer + round) % 2 == 0 ? "areas/312011" : "areas/313025"});
        if (said != "OK") return said;
      }
      return "OK";
    });
    EXPECT_THAT(told, ElementsAre(Pair("OK", 7), Pair("moved OK", 1)));
  }
}

TEST_P(HandOverTest, WhomAPlacementServesIsThereOnItsDays) {
  const std::string placement = Place(holder_, "areas/312011", "2045-04-01");
  ASSERT_EQ(EndArea("areas/322016", "2046-03-31"), "OK");
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST placement.";
  EXPECT_EQ(Serve(placement, {"areas/313025", "areas/322016"}), invalid + "territory[1]:AREA_ENDED");
  EXPECT_EQ(Serve(placement, {"areas/313025", "areas/313025"}), invalid + "territory[1]:TERRITORY_REPEATED");
  EXPECT_EQ(Serve(placement, {"areas/999999"}), invalid + "territory[0]:REFERENCE_NOT_FOUND");
  ASSERT_EQ(Serve(placement, {"areas/313025", "areas/310000"}), "OK");

  registry_v1::Placement patch;
  patch.set_other_duty("窓口");
  EXPECT_EQ(Said(Change(placement, "other_duty", patch)), invalid + "other_duty:OTHER_DUTY_UNWANTED");

  EXPECT_EQ(EndArea("areas/313025", "2055-03-31"),
            "INVALID_ARGUMENT INVALID_REQUEST area.valid_to_date:TERRITORY_SERVED_ON");
  EXPECT_EQ(EndArea("areas/312011", "2055-03-31"),
            "INVALID_ARGUMENT INVALID_REQUEST area.valid_to_date:BODY_PLACEMENT_GOES_ON");
  SetRole("areas-keeper", {"areas.*"});
  registry_v1::UpdateAreaRequest unseen;
  unseen.mutable_area()->set_name("areas/313025");
  *unseen.mutable_area()->mutable_valid_to_date() = Day("2055-03-31");
  unseen.mutable_update_mask()->add_paths("valid_to_date");
  EXPECT_THAT(Said(CallerWith("keeper", {"areas-keeper@*"})
                       .Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", unseen)),
              HasSubstr("TERRITORY_SERVED_ON_UNSEEN"));
  registry_v1::Placement until;
  *until.mutable_valid_to_date() = Day("2055-03-31");
  ASSERT_EQ(Said(Change(placement, "valid_to_date", until)), "OK");
  EXPECT_EQ(EndArea("areas/313025", "2055-03-31"), "OK");
  *until.mutable_valid_to_date() = Day("2055-04-01");
  EXPECT_EQ(Said(Change(placement, "valid_to_date", until)), invalid + "territory[0]:AREA_ENDED");
}

// What was known then is shown to whom it serves today: the days of her placement count, not the day on which it was
// written.
TEST_P(HandOverTest, WhatWasKnownIsSeenOnTheDaysOfThePlacement) {
  const std::string placement = Place(holder_, "areas/312011", "2050-04-05");
  const auto written = Report(admin(), Asking("2050-04-05"));
  ASSERT_EQ(Said(written), "OK");
  const Caller herself = Herself(holder_);
  const auto sees = [&] {
    registry_v1::GetPlacementRequest get;
    get.set_name(placement);
    *get.mutable_as_known_at() = written->known_time();
    registry_v1::ListPlacementsRequest list;
    *list.mutable_as_known_at() = written->known_time();
    const auto got = herself.Call<registry_v1::Placement>("registry.v1.PlacementService/GetPlacement", get);
    const auto listed =
        herself.Call<registry_v1::ListPlacementsResponse>("registry.v1.PlacementService/ListPlacements", list);
    EXPECT_EQ(Said(listed), "OK");
    return absl::StrCat(Said(got), " ", listed->placements_size());
  };
  EXPECT_EQ(sees(), absl::StrCat(kNotFound, " 0")) << "it has not begun";
  NextDay();
  NextDay();
  EXPECT_EQ(sees(), "OK 1");
  registry_v1::EndPlacementRequest end;
  end.set_name(placement);
  *end.mutable_end_date() = Day("2050-04-05");
  ASSERT_EQ(Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/EndPlacement", end)), "OK");
  EXPECT_EQ(sees(), "OK 1") << "her last day";
  NextDay();
  EXPECT_EQ(sees(), absl::StrCat(kNotFound, " 0"));
}

TEST_P(HandOverTest, WhoEndsAnAreaAndWhoServesItDoNotOverlookEachOther) {
  for (int turn = 0; turn < 5; ++turn) {
    const std::string area = absl::StrCat("areas/", CodeOf(430 + turn));
    Create(AnArea(area.substr(6), registry_v1::AREA_KIND_TOWN, "見本町", "areas/310000"));
    std::vector<std::string> placements;
    for (int i = 0; i < 4; ++i) placements.push_back(Place(CreateCoordinator(), "areas/312011"));
    const auto told = EightAtOnce([&](int writer) -> std::string {
      if (writer % 2 == 0) return absl::StrCat("end ", EndArea(area, "2055-03-31") == "OK");
      return absl::StrCat("serve ", Serve(placements[writer / 2], {area}) == "OK");
    });
    const auto count = [&](const std::string& what) { return told.count(what) == 0 ? 0 : told.at(what); };
    EXPECT_TRUE(count("end 1") == 0 || count("serve 1") == 0)
        << "ended " << count("end 1") << ", serves " << count("serve 1");
    EXPECT_GT(count("end 1") + count("serve 1"), 0);
  }
}

}  // namespace
}  // namespace tsunagu::wire
