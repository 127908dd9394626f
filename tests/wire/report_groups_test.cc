// The figures of a report for each prefecture and for each region, by the nesting of places on the day.
#include <map>
#include <random>
#include <set>

#include "common/text/json.h"
#include "tests/wire/placement_model.h"
#include "tests/wire/places_calls.h"
#include "tests/wire/report_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReportGroupsTest : public ReportTest {
 protected:
  static registry_v1::GetPlacementReportRequest By(registry_v1::PlacementGrouping grouping, const std::string& day) {
    registry_v1::GetPlacementReportRequest request = Asking(day);
    request.set_group_by(grouping);
    return request;
  }
  static registry_v1::GetPlacementReportRequest ByPrefecture(const std::string& day) {
    return By(registry_v1::PLACEMENT_GROUPING_PREFECTURES, day);
  }
  static registry_v1::GetPlacementReportRequest ByRegion(const std::string& day) {
    return By(registry_v1::PLACEMENT_GROUPING_REGIONS, day);
  }
  static std::vector<std::string> GroupsOf(const platform_v1::Report& report) {
    std::vector<std::string> groups;
    for (const platform_v1::Figure& figure : report.figures()) {
      if (groups.empty() || groups.back() != figure.group()) groups.push_back(figure.group());
    }
    return groups;
  }

  void MakeRegion(const std::string& id, const std::string& prefecture) {
    ASSERT_EQ(Said(CreateRegion(admin(), id, prefecture)), "OK");
  }
  // Its name.
  std::string Join(const std::string& region, const std::string& area, jp::CivilDay from = jp::kFirstDay,
                   jp::CivilDay to = jp::kLastDay) {
    const auto member = AddMember(admin(), "regions/" + region, "areas/" + area, from, to);
    EXPECT_EQ(Said(member), "OK") << region << " " << area;
    return member.ok() ? member->name() : "";
  }
  void Rename(const std::string& region, const std::string& display_name) {
    registry_v1::UpdateRegionRequest request;
    request.mutable_region()->set_name(region);
    request.mutable_region()->set_display_name(display_name);
    request.mutable_update_mask()->add_paths("display_name");
    ASSERT_EQ(Said(admin().Call<registry_v1::Region>("registry.v1.RegionService/UpdateRegion", request)), "OK");
  }
};
WIRE_TEST_ON_BOTH(ReportGroupsTest);

TEST_P(ReportGroupsTest, CountABodyInEachAndOnceInAllTogether) {
  MakeRegion("east", "areas/310000");
  MakeRegion("medical", "areas/310000");
  MakeRegion("lake", "");
  Join("east", "312011");
  Join("east", "313025");
  Join("medical", "313025", *jp::ParseDay("2042-04-01"), *jp::ParseDay("2043-03-31"));
  Join("lake", "312011");
  Join("lake", "322016");
  const std::string one = CreateCoordinator(), two = CreateCoordinator();
  Place(one, "areas/312011");
  Place(one, "areas/313025");
  Place(two, "areas/322016");

  const auto report = Report(admin(), ByRegion("2042-04-01"));
  ASSERT_EQ(Said(report), "OK");
  EXPECT_THAT(GroupsOf(*report), ElementsAre("", "regions/east", "regions/lake", "regions/medical"));
  EXPECT_EQ(ValuesOf(*report, "municipalities"), "3 3 100 2 0.7 1.0");
  EXPECT_EQ(ValuesOf(*report, "municipalities", "regions/east"), "2 2 100 1 0.5 1.0");
  EXPECT_EQ(ValuesOf(*report, "municipalities", "regions/lake"), "2 2 100 2 1.0 1.0");
  EXPECT_EQ(ValuesOf(*report, "municipalities", "regions/medical"), "1 1 100 1 1.0 1.0");
  EXPECT_EQ(ValuesOf(*report, "prefectures", "regions/east"), "0 0 - 0 - -");
  for (const char* day : {"2042-03-31", "2043-04-01"}) {
    const auto without = Report(admin(), ByRegion(day));
    EXPECT_EQ(ValuesOf(*without, "municipalities", "regions/medical"), "0 0 - 0 - -") << day;
    EXPECT_EQ(ValuesOf(*without, "municipalities"), "3 3 100 2 0.7 1.0") << day;
  }

  const auto by_prefecture = Report(admin(), ByPrefecture("2042-04-01"));
  EXPECT_THAT(GroupsOf(*by_prefecture), ElementsAre("", "areas/310000", "areas/320005"));
  EXPECT_EQ(ValuesOf(*by_prefecture, "municipalities", "areas/310000"), "2 2 100 1 0.5 1.0");
  EXPECT_EQ(ValuesOf(*by_prefecture, "prefectures", "areas/320005"), "1 0 0 0 - -");
  const platform_v1::Figure& last = by_prefecture->figures(by_prefecture->figures_size() - 1);
  EXPECT_EQ(last.key(), "areas/320005/prefecture_own/trained_share");
  EXPECT_EQ(last.group_label().ja(), "島根県");

  EXPECT_THAT(GroupsOf(*Report(admin(), Asking("2042-04-01"))), ElementsAre(""));
}

TEST_P(ReportGroupsTest, AreThoseOfWhichTheReportSpeaks) {
  MakeRegion("east", "areas/310000");
  MakeRegion("empty", "areas/310000");
  MakeRegion("lake", "");
  Join("east", "312011");
  Join("lake", "312011");
  Join("lake", "322016");
  Place(CreateCoordinator(), "areas/312011");
  Place(CreateCoordinator(), "areas/322016");

  auto request = ByRegion("2045-01-01");
  request.set_area("areas/310000");
  auto report = Report(admin(), request);
  EXPECT_THAT(GroupsOf(*report), ElementsAre("", "regions/east", "regions/empty", "regions/lake"));
  EXPECT_EQ(ValuesOf(*report, "municipalities", "regions/lake"), "1 1 100 1 1.0 1.0") << "only what lies in 鳥取県";
  request.set_area("areas/320005");
  EXPECT_THAT(GroupsOf(*Report(admin(), request)), ElementsAre("", "regions/lake"));

  const Caller prefecture = CallerWith("prefecture", {"prefecture-officer@areas/310000"});
  EXPECT_THAT(GroupsOf(*Report(prefecture, ByRegion("2045-01-01"))), ElementsAre("", "regions/east", "regions/empty"))
      << "a region across prefectures is none of hers";
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  EXPECT_THAT(GroupsOf(*Report(town, ByRegion("2045-01-01"))), ElementsAre(""));
  report = Report(town, ByPrefecture("2045-01-01"));
  EXPECT_THAT(GroupsOf(*report), ElementsAre("", "areas/310000"));
  EXPECT_EQ(ValuesOf(*report, "municipalities", "areas/310000"), "1 1 100 1 1.0 1.0");
}

TEST_P(ReportGroupsTest, OpenIntoTheirRecords) {
  MakeRegion("east", "areas/310000");
  Join("east", "312011");
  const std::string placed = Place(CreateCoordinator(), "areas/312011");
  Place(CreateCoordinator(), "areas/322016");
  const platform_v1::Report report = *Report(admin(), ByRegion("2045-01-01"));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "regions/east/municipalities/persons")), ElementsAre(placed));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "regions/east/municipalities/bodies")), ElementsAre("areas/312011"));
  EXPECT_EQ(NamesOf(Rows(admin(), report, "municipalities/persons")).size(), 2u);
  const std::string refused = Said(Rows(admin(), report, "regions/west/municipalities/persons"));
  EXPECT_THAT(refused, HasSubstr("key:FIGURE_NOT_FOUND"));
}

// The nesting of places is also read as it was known: for groups, and for the requested area.
TEST_P(ReportGroupsTest, AreTheSameForEverWhereTheyAreAskedAsTheyWereKnown) {
  MakeRegion("east", "areas/310000");
  const std::string member = Join("east", "312011");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/313025", "areas/312011")), "OK");
  Place(CreateCoordinator(), "areas/313025", "2026-01-01");
  const platform_v1::Report groups = *Report(admin(), ByRegion("2060-01-01"));
  EXPECT_EQ(ValuesOf(groups, "municipalities", "regions/east"), "2 1 50 1 1.0 1.0");
  auto narrow = Asking("2060-01-01");
  narrow.set_area("areas/312011");
  const platform_v1::Report narrowed = *Report(admin(), narrow);
  EXPECT_EQ(ValuesOf(narrowed, "municipalities"), "2 1 50 1 1.0 1.0");

  ASSERT_EQ(Said(EndMember(admin(), member, *jp::ParseDay("2055-03-31"))), "OK");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/313025", "areas/310000")), "OK");
  Rename("regions/east", "見本東部");
  EXPECT_EQ(ValuesOf(*Report(admin(), ByRegion("2060-01-01")), "municipalities", "regions/east"), "0 0 - 0 - -");
  EXPECT_EQ(ValuesOf(*Report(admin(), narrow), "municipalities"), "1 0 0 0 - -");

  auto again = ByRegion("2060-01-01");
  *again.mutable_as_known_at() = groups.known_time();
  EXPECT_EQ(*contract::MessageToJson(*Report(admin(), again), false), *contract::MessageToJson(groups, false));
  *narrow.mutable_as_known_at() = narrowed.known_time();
  EXPECT_EQ(*contract::MessageToJson(*Report(admin(), narrow), false), *contract::MessageToJson(narrowed, false));
  EXPECT_EQ(NamesOf(Rows(admin(), groups, "regions/east/municipalities/bodies")).size(), 2u);
}

// The nesting of places, computed outwards: an area is in its prefecture even if its parent contradicts that.
struct World {
  struct Member {
    std::string name, region, area;
    jp::CivilDay from, to;
  };
  PlacementModel placements;
  std::map<std::string, std::string> around;  // an area's parent, a region's prefecture
  std::vector<Member> members;

  bool LiesIn(const std::string& inner, const std::string& outer, jp::CivilDay day) const {
    if (inner == outer) return true;
    for (const char* prefecture : {"areas/310000", "areas/320005"}) {
      const bool by_code = inner != prefecture && inner.substr(0, 8) == std::string(prefecture, 8);
      if (by_code && LiesIn(prefecture, outer, day)) return true;
    }
    const auto found = around.find(inner);
    if (found != around.end() && LiesIn(found->second, outer, day)) return true;
    return std::any_of(members.begin(), members.end(), [&](const Member& member) {
      return member.area == inner && member.from <= day && day <= member.to && LiesIn(member.region, outer, day);
    });
  }
};

class RandomReportGroupsTest : public ReportGroupsTest {
 protected:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  const std::string& AnyOf(const std::vector<std::string>& names) {
    return names[Below(static_cast<int>(names.size()))];
  }
  jp::CivilDay AnyDay() { return jp::CivilDay(2051, 1, 1) + Below(1500); }

  void MakeAreas() {
    world_.placements.kind_of = {{"areas/310000", "prefecture"}, {"areas/320005", "prefecture"}};
    for (const char* prefecture : {"31", "32"}) {
      std::vector<std::string> there = {"areas/" + CodeOf(0, prefecture)};
      for (int i = 0; i < 6; ++i) {
        const std::string code = CodeOf(421 + i, prefecture), &parent = Below(2) == 0 ? there[0] : AnyOf(there);
        Create(AnArea(code, registry_v1::AREA_KIND_TOWN, "見本町", parent));
        world_.around["areas/" + code] = parent;
        world_.placements.kind_of["areas/" + code] = "municipality";
        there.push_back("areas/" + code);
      }
    }
    for (const char* area : {"areas/312011", "areas/313025"}) world_.around[area] = "areas/310000";
    world_.around["areas/322016"] = "areas/320005";
    for (const auto& [area, parent] : world_.around) world_.placements.kind_of[area] = "municipality";
    for (const auto& [area, kind] : world_.placements.kind_of) areas_.push_back(area);
  }
  void MakeRegions() {
    for (int i = 0; i < 5; ++i) {
      const std::string id = absl::StrCat("r", i), prefecture = i == 0       ? ""
                                                                : i % 2 == 0 ? "areas/310000"
                                                                             : "areas/320005";
      MakeRegion(id, prefecture);
      regions_.push_back("regions/" + id);
      if (!prefecture.empty()) world_.around["regions/" + id] = prefecture;
    }
  }

  void AddAnyMember() {
    const jp::CivilDay from = AnyDay();
    World::Member member{"", AnyOf(regions_), AnyOf(areas_), from, from + Below(800)};
    const auto added = AddMember(admin(), member.region, member.area, member.from, member.to);
    if (!added.ok()) return;  // outside its prefecture, twice at the same time, around itself
    member.name = added->name();
    world_.members.push_back(member);
  }
  void EndAnyMember() {
    if (world_.members.empty()) return;
    World::Member& member = world_.members[Below(static_cast<int>(world_.members.size()))];
    const jp::CivilDay last = member.from + Below(static_cast<int>(member.to - member.from) + 1);
    if (EndMember(admin(), member.name, last).ok()) member.to = last;
  }
  void MoveAnyArea() {
    const std::string& area = AnyOf(areas_);
    const std::string& parent = AnyOf(areas_);
    if (world_.around.count(area) != 0 && MoveArea(admin(), area, parent).ok()) world_.around[area] = parent;
  }
  void PlaceAny() {
    const jp::CivilDay from = AnyDay(), to = from + Below(1500);
    const PlacementModel::Placed one = {AnyOf(people_), AnyOf(areas_), from, to, Below(5) != 0};
    const auto& placed = world_.placements.placed;
    if (std::any_of(placed.begin(), placed.end(), [&](const PlacementModel::Placed& other) {
          return other.person == one.person && other.body == one.body && other.from <= to && from <= other.to;
        })) {
      return;
    }
    Place(one.person, one.body, jp::FormatIso(from), jp::FormatIso(to),
          one.actual ? registry_v1::PLACEMENT_STAGE_ACTUAL : registry_v1::PLACEMENT_STAGE_PLANNED);
    world_.placements.placed.push_back(one);
  }

  void ExpectAsTheWorld(const World& world, const platform_v1::Report& report, jp::CivilDay day) {
    for (const std::string& group : GroupsOf(report)) {
      const auto counts = [&](const std::string& body) { return group.empty() || world.LiesIn(body, group, day); };
      EXPECT_EQ(ValuesOf(report, "prefectures", group), world.placements.Values({"prefecture"}, day, counts)) << group;
      EXPECT_EQ(ValuesOf(report, "municipalities", group), world.placements.Values({"municipality"}, day, counts))
          << group;
      if (!group.empty() && ValuesOf(report, "municipalities", group) != ValuesOf(report, "municipalities")) ++told_;
    }
  }

  std::mt19937 random_;
  std::vector<std::string> areas_, regions_, people_;
  World world_;
  int told_ = 0;  // groups of which something else was said than of all together
};
WIRE_TEST_ON_BOTH(RandomReportGroupsTest);

TEST_P(RandomReportGroupsTest, AgreeWithARecount) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  random_.seed(seed);
  MakeAreas();
  MakeRegions();
  for (int i = 0; i < 6; ++i) people_.push_back(CreateCoordinator());
  std::vector<std::pair<google::protobuf::Timestamp, World>> known;
  for (int step = 0; step < 60; ++step) {
    PlaceAny();
    AddAnyMember();
    if (step % 5 == 0) MoveAnyArea();
    if (step % 4 == 0) EndAnyMember();
    if (step % 15 == 0) known.emplace_back(Report(admin(), Asking("2052-01-01"))->known_time(), world_);
  }
  for (int i = 0; i < 40; ++i) {
    const jp::CivilDay day = jp::CivilDay(2051, 1, 1) + Below(2500);
    auto request = Below(2) == 0 ? ByPrefecture(jp::FormatIso(day)) : ByRegion(jp::FormatIso(day));
    const size_t then = Below(static_cast<int>(known.size()) + 1);
    const bool past = then < known.size();
    if (past) *request.mutable_as_known_at() = known[then].first;
    const auto report = Report(admin(), request);
    ASSERT_EQ(Said(report), "OK");
    EXPECT_EQ(GroupsOf(*report).size(), request.group_by() == registry_v1::PLACEMENT_GROUPING_REGIONS ? 6u : 3u);
    SCOPED_TRACE(absl::StrCat(jp::FormatIso(day), past ? ", past" : ", now"));
    ExpectAsTheWorld(past ? known[then].second : world_, *report, day);
    if (HasFailure()) return;
  }
  EXPECT_GT(told_, 40) << "the test would show nothing where all groups hold the same";
}

}  // namespace
}  // namespace tsunagu::wire
