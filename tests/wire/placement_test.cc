// Periods, exclusive periods, their end, and rules that apply to all callers, tested on placements.
#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "tests/wire/day.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;

class PlacementTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    person_ = CreateCoordinator("見本 花子");
  }

  std::string CreateCoordinator(const std::string& name) {
    registry_v1::CreateCoordinatorRequest request;
    request.mutable_coordinator()->set_display_name(name);
    request.mutable_coordinator()->set_home_area("areas/312011");
    return admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request)->name();
  }

  registry_v1::Placement APlacement(const char* from, const char* to = "", const char* body = "areas/312011") {
    registry_v1::Placement placement;
    placement.set_coordinator(person_);
    placement.set_body(body);
    placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_valid_from_date() = Day(from);
    if (*to != 0) *placement.mutable_valid_to_date() = Day(to);
    return placement;
  }

  static absl::StatusOr<registry_v1::Placement> Place(const Caller& caller, const registry_v1::Placement& placement) {
    registry_v1::CreatePlacementRequest request;
    *request.mutable_placement() = placement;
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
  }

  static absl::StatusOr<registry_v1::Placement> End(const Caller& caller, const std::string& name, const char* day) {
    registry_v1::EndPlacementRequest request;
    request.set_name(name);
    *request.mutable_end_date() = Day(day);
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/EndPlacement", request);
  }

  static absl::StatusOr<registry_v1::Placement> Begin(const Caller& caller, const std::string& name, const char* day) {
    registry_v1::UpdatePlacementRequest request;
    request.mutable_placement()->set_name(name);
    *request.mutable_placement()->mutable_valid_from_date() = Day(day);
    request.mutable_update_mask()->add_paths("valid_from_date");
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request);
  }

  static absl::StatusOr<registry_v1::Placement> Get(const Caller& caller, const std::string& name) {
    registry_v1::GetPlacementRequest request;
    request.set_name(name);
    return caller.Call<registry_v1::Placement>("registry.v1.PlacementService/GetPlacement", request);
  }

  int64_t Stored() { return Count(registry(), "SELECT COUNT(*) FROM `placements`"); }

  std::string person_;
};

TEST_P(PlacementTest, OnePersonsPlacementsAtOneBodyDoNotOverlap) {
  const auto first = Place(admin(), APlacement("2040-04-01", "2050-09-30"));
  ASSERT_EQ(Said(first), "OK");
  struct Case {
    const char* name;
    registry_v1::Placement placement;
    const char* said;
  };
  registry_v1::Placement of_another = APlacement("2041-04-01");
  of_another.set_coordinator(CreateCoordinator("見本 次郎"));
  const Case cases[] = {
      {"the same days", APlacement("2040-04-01", "2050-09-30"), "overlap"},
      {"begins on its last day", APlacement("2050-09-30"), "overlap"},
      {"ends on its first day", APlacement("2030-04-01", "2040-04-01"), "overlap"},
      {"without an end", APlacement("2030-04-01"), "overlap"},
      {"another body", APlacement("2040-04-01", "", "areas/313025"), "OK"},
      {"another person", of_another, "OK"},
      {"begins on the day after", APlacement("2050-10-01"), "OK"},
      {"ends on the day before", APlacement("2030-04-01", "2040-03-31"), "OK"},
  };
  for (const Case& c : cases) {
    const std::string said = Said(Place(admin(), c.placement));
    EXPECT_EQ(said.find("PERIODS_OVERLAP") != std::string::npos ? "overlap" : said, c.said) << c.name;
  }
}

TEST_P(PlacementTest, APeriodDoesNotEndBeforeItBegins) {
  EXPECT_THAT(Said(Place(admin(), APlacement("2040-04-01", "2040-03-31"))),
              testing::HasSubstr("placement.valid_to_date:PERIOD_ENDS_BEFORE_START"));
  EXPECT_EQ(Said(Place(admin(), APlacement("2040-04-01", "2040-04-01"))), "OK") << "one day";
}

// Every method applies the same rule.
TEST_P(PlacementTest, NoWayInGoesAroundTheRule) {
  const auto early = Place(admin(), APlacement("2040-04-01", "2050-09-30"));
  const auto late = Place(admin(), APlacement("2051-04-01"));
  ASSERT_EQ(Said(late), "OK");
  EXPECT_THAT(Said(Begin(admin(), late->name(), "2050-09-30")), testing::HasSubstr("PERIODS_OVERLAP")) << "update";
  EXPECT_THAT(Said(End(admin(), early->name(), "2051-04-01")), testing::HasSubstr("PERIODS_OVERLAP"))
      << "custom method";
  const Imported imported =
      ImportCsv(admin(), "placements",
                absl::StrCat("コーディネーター,配置団体,段階,開始日\n", person_, ",areas/312011,実績,2052-04-01\n"));
  EXPECT_THAT(imported.rows, ElementsAre(testing::HasSubstr("PERIODS_OVERLAP"))) << imported.summary;
  EXPECT_EQ(Stored(), 2);
}

TEST_P(PlacementTest, EndsOnADay) {
  const auto placed = Place(admin(), APlacement("2040-04-01"));
  EXPECT_EQ(Said(End(admin(), placed->name(), "2040-03-31")),
            "INVALID_ARGUMENT INVALID_REQUEST end_date:PERIOD_ENDS_BEFORE_START");
  const auto ended = End(admin(), placed->name(), "2050-04-02");  // yesterday
  ASSERT_EQ(Said(ended), "OK");
  EXPECT_EQ(ended->valid_to_date().day(), 2);
  EXPECT_EQ(Said(End(admin(), placed->name(), "2051-03-31")), "FAILED_PRECONDITION PERIOD_OVER") << "it is over";
}

TEST_P(PlacementTest, AccessLastsAsLongAsThePeriod) {
  const auto placed = Place(admin(), APlacement("2050-04-04", "2050-04-05"));  // tomorrow and the day after
  ASSERT_EQ(Said(placed), "OK");
  SetRole("own", {"placements.read"});
  const Caller herself = CallerWith("herself", {absl::StrCat("own@", person_)});
  const Caller officer = CallerWith("officer", {"own@areas/312011"});
  const std::pair<const char*, std::string> days[] = {{"the day before", "NOT_FOUND PLACEMENT_NOT_FOUND"},
                                                      {"its first day", "OK"},
                                                      {"its last day", "OK"},
                                                      {"the day after", "NOT_FOUND PLACEMENT_NOT_FOUND"}};
  for (const auto& [name, said] : days) {
    EXPECT_EQ(Said(Get(herself, placed->name())), said) << name;
    EXPECT_EQ(Said(Get(officer, placed->name())), "OK") << "the body sees it for ever: " << name;
    clock().Advance(absl::Hours(24));
  }
}

TEST_P(PlacementTest, ReferencesAreSeenWithTheRightToReadThem) {
  SetRole("placer", {"placements.*", "areas.read"});
  SetRole("placer-who-reads", {"placements.*", "areas.read", "coordinators.read"});
  const Caller blind = CallerWith("blind", {"placer@*"});
  EXPECT_EQ(Said(Place(blind, APlacement("2040-04-01"))),
            "INVALID_ARGUMENT INVALID_REQUEST placement.coordinator:REFERENCE_NOT_FOUND")
      << "whoever may not read coordinators cannot find out by placing who is there";
  const Caller other_town = CallerWith("other-town", {"placer-who-reads@areas/313025"});
  EXPECT_EQ(Said(Place(other_town, APlacement("2040-04-01", "", "areas/313025"))),
            "INVALID_ARGUMENT INVALID_REQUEST placement.coordinator:REFERENCE_NOT_FOUND");
}

// People's own files name a coordinator by the number that she has there.
TEST_P(PlacementTest, AnImportNamesACoordinatorByHerKey) {
  ASSERT_EQ(
      ImportCsv(reader(), "coordinators", "source_key,display_name,home_area\nk1,見本 一花,areas/312011\n").summary,
      "1 rows: 1 created");
  const std::string heading = "source_key,coordinator,body,stage,valid_from_date\n";
  const Imported imported = ImportCsv(admin(), "placements",
                                      heading +
                                          "p1,k1,areas/312011,ACTUAL,2040-04-01\n"
                                          "p2,k2,areas/312011,ACTUAL,2040-04-01\n");
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre(testing::HasSubstr("3 refused coordinator:REFERENCE_NOT_FOUND")));
  EXPECT_EQ(ImportCsv(admin(), "placements", heading + "p1,k1,areas/312011,ACTUAL,2040-04-01\n").summary,
            "1 rows: 1 unchanged");
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"});
  EXPECT_THAT(ImportCsv(elsewhere, "placements", heading + "p3,k1,areas/322016,ACTUAL,2040-04-01\n").rows,
              ElementsAre(testing::HasSubstr("REFERENCE_NOT_FOUND")))
      << "she may not know of that coordinator";
}

WIRE_TEST_ON_BOTH(PlacementTest);

class CounterTest : public SuiteTest {};

// A counter with a limit, as posts, places and lines of a budget need it: sixteen want one of ten.
TEST_P(CounterTest, NeverLeavesItsLimits) {
  store::Store& store = server().host().Find("registry")->store();
  const auto take = [&](int i, int64_t by) {
    const identity::Actor actor{"tests", "", "", "count", absl::StrCat("c", i), identity::Scope::Everything()};
    registry_v1::GetAreaRequest answer;
    return Said(store.Change(actor, Deadline::After(absl::Minutes(1)), {absl::StrCat(i)}, answer,
                             [&](store::Tx& tx) { return tx.Count("posts", "openings/a", by, 10).status(); }));
  };
  std::map<std::string, int> told;
  for (int round = 0; round < 2; ++round) {
    for (const auto& [said, count] : EightAtOnce([&](int i) { return take(100 * round + i, 1); })) told[said] += count;
  }
  EXPECT_THAT(told, ElementsAre(Pair("FAILED_PRECONDITION LIMIT_REACHED", 6), Pair("OK", 10)));
  EXPECT_EQ(take(1000, -11), "FAILED_PRECONDITION LIMIT_REACHED");
  EXPECT_EQ(take(1001, -10), "OK");
  EXPECT_EQ(take(1002, 10), "OK");
  EXPECT_EQ(Count(registry(), "SELECT `count` FROM `guards` WHERE `kind` = 'posts'"), 10);
}

WIRE_TEST_ON_BOTH(CounterTest);

}  // namespace
}  // namespace tsunagu::wire
