// Lists of what was known at an earlier time, and of what holds on a day; what is due.
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

google::protobuf::Timestamp At(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

class KnownListTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (!IsSkipped()) CreateAreas();
  }

  // Returns the names on all pages, or the error.
  static std::vector<std::string> Listed(const Caller& caller, registry_v1::ListFacilitiesRequest request,
                                         int page_size = 0) {
    std::vector<std::string> names;
    request.set_page_size(page_size);
    do {
      const auto page =
          caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
      if (!page.ok()) return {Said(page)};
      for (const registry_v1::Facility& facility : page->facilities()) {
        names.push_back(absl::StrCat(facility.name().substr(11), " ", facility.display_name()));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  // A moment after everything that was written so far, and before everything that will be: the clock stands still, and
  // the journal keeps its rows apart all the same.
  absl::Time Settled() {
    clock().Advance(absl::Seconds(1));
    const absl::Time then = clock().Now();
    registry_v1::ListFacilitiesRequest request;
    *request.mutable_as_known_at() = At(then);
    Listed(admin(), request);  // whatever still waits becomes known now
    clock().Advance(absl::Seconds(1));
    return then;
  }

  void Rename(const std::string& id, const std::string& name, const std::string& area = "") {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name("facilities/" + id);
    request.mutable_facility()->set_display_name(name);
    request.mutable_update_mask()->add_paths("display_name");
    if (!area.empty()) {
      request.mutable_facility()->set_area(area);
      request.mutable_update_mask()->add_paths("area");
    }
    EXPECT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)), "OK");
  }
};

TEST_P(KnownListTest, ShowsWhatWasKnownThen) {
  Create("a", AFacility("あかね", "areas/312011"));
  Create("b", AFacility("いずみ", "areas/312011"));
  const absl::Time then = Settled();
  Create("c", AFacility("うみ", "areas/312011"));
  Rename("a", "あさひ");
  registry_v1::ListFacilitiesRequest request;
  EXPECT_THAT(Listed(admin(), request), ElementsAre("a あさひ", "b いずみ", "c うみ"));
  *request.mutable_as_known_at() = At(then);
  EXPECT_THAT(Listed(admin(), request), ElementsAre("a あかね", "b いずみ"));
  EXPECT_THAT(Listed(admin(), request, 1), ElementsAre("a あかね", "b いずみ")) << "in pages";
  request.set_filter("display_name = \"あかね\"");
  EXPECT_THAT(Listed(admin(), request), ElementsAre("a あかね"));
  request.set_filter("horses = 1");
  EXPECT_THAT(Listed(admin(), request), ElementsAre(HasSubstr("FIELD_NOT_FILTERABLE")));
  request.clear_filter();
  request.set_order_by("display_name");
  EXPECT_THAT(Listed(admin(), request), ElementsAre(HasSubstr("order_by:ORDER_OF_KNOWN_LIST")));
  request.clear_order_by();
  *request.mutable_as_known_at() = At(clock().Now() + absl::Hours(1));
  EXPECT_THAT(Listed(admin(), request), ElementsAre(HasSubstr("NOT_YET_KNOWN")));
}

TEST_P(KnownListTest, ATokenBelongsToItsMoment) {
  for (const char* id : {"a", "b", "c"}) Create(id, AFacility("見本", "areas/312011"));
  registry_v1::ListFacilitiesRequest request;
  request.set_page_size(1);
  *request.mutable_as_known_at() = At(Settled());
  const auto page =
      admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
  ASSERT_EQ(Said(page), "OK");
  request.set_page_token(page->next_page_token());
  request.clear_as_known_at();
  EXPECT_THAT(
      Said(admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request)),
      HasSubstr("INVALID_PAGE_TOKEN"));
}

// Like a single record of the past: only who may see it today.
TEST_P(KnownListTest, ReachesWhatTheCallerMaySeeNowAndCouldThen) {
  Create("a", AFacility("あかね", "areas/312011"));
  const absl::Time then = Settled();
  Rename("a", "あかね", "areas/322016");
  registry_v1::ListFacilitiesRequest request;
  *request.mutable_as_known_at() = At(then);
  EXPECT_THAT(Listed(CallerWith("before", {"municipality-officer@areas/312011"}), request), testing::IsEmpty());
  EXPECT_THAT(Listed(CallerWith("now", {"municipality-officer@areas/322016"}), request), testing::IsEmpty());
  EXPECT_THAT(
      Listed(CallerWith("both", {"municipality-officer@areas/312011", "municipality-officer@areas/322016"}), request),
      ElementsAre("a あかね"));
}

// The condition that a record is held against means what the condition of the database means.
TEST_P(KnownListTest, FiltersOfThePastMeanWhatThoseOfNowMean) {
  std::mt19937 random(4711);
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  const std::vector<std::string> names = {"あ", "い", "見本", "a", "A", "ｱ"};
  for (int i = 0; i < 30; ++i) {
    registry_v1::Facility facility = AFacility(pick(names), pick({"areas/312011", "areas/313025", "areas/322016"}));
    facility.set_service_kind(static_cast<registry_v1::FacilityServiceKind>(1 + random() % 3));
    if (random() % 2 == 0) facility.set_capacity(static_cast<int>(1 + random() % 4));
    Create(absl::StrCat("f", i), facility);
  }
  const auto* schema = registry_v1::Facility::descriptor();
  const std::vector<std::string> terms = {
      "display_name = \"見本\"",
      "display_name != \"a\"",
      "display_name < \"い\"",
      "display_name >= \"い\"",
      "area = \"areas/312011\"",
      "area:\"areas/313025\"",
      "area != areas/322016",
      "area:*",
      "service_kind = " + schema->FindFieldByName("service_kind")->enum_type()->value(1)->name(),
      "service_kind != " + schema->FindFieldByName("service_kind")->enum_type()->value(2)->name()};
  const absl::Time now = Settled();
  for (int i = 0; i < 60; ++i) {
    std::string filter = pick(terms);
    for (int more = random() % 3; more > 0; --more) {
      filter = absl::StrCat("(", filter, random() % 2 == 0 ? " AND " : " OR ", random() % 3 == 0 ? "NOT " : "",
                            pick(terms), ")");
    }
    registry_v1::ListFacilitiesRequest request;
    request.set_filter(filter);
    const std::vector<std::string> listed = Listed(admin(), request);
    *request.mutable_as_known_at() = At(now);
    EXPECT_EQ(Listed(admin(), request, 7), listed) << filter;
  }
}

TEST_P(KnownListTest, PlacementsOfADayAndThoseThatEnd) {
  registry_v1::CreateCoordinatorRequest person;
  person.mutable_coordinator()->set_display_name("見本 花子");
  person.mutable_coordinator()->set_home_area("areas/312011");
  const std::string name =
      admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", person)->name();
  // Today is 2050-04-03.
  const auto place = [&](const char* body, const char* from, const char* to) {
    registry_v1::CreatePlacementRequest request;
    request.mutable_placement()->set_coordinator(name);
    request.mutable_placement()->set_body(body);
    request.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *request.mutable_placement()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay(from));
    *request.mutable_placement()->mutable_valid_to_date() = jp::ToDate(*jp::ParseDay(to));
    return admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request)->name();
  };
  const std::string soon = place("areas/312011", "2049-04-01", "2050-06-01");
  const std::string today = place("areas/313025", "2049-04-01", "2050-04-03");
  const std::string later = place("areas/322016", "2050-05-01", "2051-03-31");

  const auto on = [&](const char* day) {
    registry_v1::ListPlacementsRequest request;
    *request.mutable_as_of_date() = jp::ToDate(*jp::ParseDay(day));
    std::vector<std::string> names;
    const auto page =
        admin().Call<registry_v1::ListPlacementsResponse>("registry.v1.PlacementService/ListPlacements", request);
    EXPECT_EQ(Said(page), "OK");
    for (const registry_v1::Placement& one : page->placements()) names.push_back(one.name());
    return names;
  };
  EXPECT_THAT(on("2050-04-03"), testing::UnorderedElementsAre(soon, today));
  EXPECT_THAT(on("2050-04-04"), ElementsAre(soon));
  EXPECT_THAT(on("2051-03-31"), ElementsAre(later));

  const auto due = [](const Caller& caller, const char* until, int size = 0) {
    platform_v1::ListDueRequest request;
    request.set_parent("services/registry");
    if (*until != 0) *request.mutable_until_date() = jp::ToDate(*jp::ParseDay(until));
    request.set_page_size(size);
    std::vector<std::string> found;
    do {
      const auto page = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
      if (!page.ok()) return std::vector<std::string>{Said(page)};
      for (const auto& one : page->due()) found.push_back(absl::StrCat(one.resource_name(), " ", one.kind()));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return found;
  };
  const std::string ends = " PLACEMENT_ENDS";
  EXPECT_THAT(due(admin(), ""), ElementsAre(today + ends, soon + ends)) << "60 days ahead";
  EXPECT_THAT(due(admin(), "2050-05-31"), ElementsAre(today + ends));
  EXPECT_THAT(due(admin(), "2051-03-31", 1), ElementsAre(today + ends, soon + ends, later + ends)) << "in pages";
  const Caller town = CallerWith("town", {"municipality-officer@areas/313025"});
  EXPECT_THAT(due(town, ""), ElementsAre(today + ends));
}

WIRE_TEST_ON_BOTH(KnownListTest);

}  // namespace
}  // namespace tsunagu::wire
