// Compares the reports of councils and of indicators with a second implementation, for many random worlds and days.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/council_test_base.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/council_report.pb.h"
#include "tsunagu/registry/v1/indicator_report.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The records, in the test's own representation.
struct World {
  struct Council {
    std::string level, convener, region;
    std::vector<std::string> areas;
    bool joint, actual, families;
    jp::CivilDay from, to;
    std::vector<jp::CivilDay> meetings;
  };
  struct Placed {
    int person;
    std::string body;
    jp::CivilDay from, to;
  };
  struct Target {
    std::string body, indicator;
    int year, number;
  };
  std::map<std::string, std::string> kinds;  // body: prefecture, designated, municipality, region
  std::map<std::string, std::string> above;  // body: its prefecture
  std::vector<Council> councils;
  std::vector<Placed> placed;
  std::set<int> trained;
  std::vector<Target> targets;
};

int YearOf(jp::CivilDay day) { return static_cast<int>(day.month() >= 4 ? day.year() : day.year() - 1); }

bool IsHeldBy(const World::Council& council, const std::string& body) {
  if (council.level == "REGION") return body == council.region;
  if (body == council.convener) return true;
  return council.joint && std::find(council.areas.begin(), council.areas.end(), body) != council.areas.end();
}

bool Lasts(jp::CivilDay from, jp::CivilDay to, jp::CivilDay day) { return !(day < from) && !(to < day); }

int MeetingsOf(const World::Council& council, jp::CivilDay day) {
  int met = 0;
  for (const jp::CivilDay meeting : council.meetings) met += YearOf(meeting) == YearOf(day) && meeting <= day ? 1 : 0;
  return met;
}

std::string Percent(int part, int whole) { return whole == 0 ? "-" : absl::StrCat((part * 200 + whole) / (2 * whole)); }

enum class Planned { kExcluded, kIncluded, kApart };

// Planned for the day, or to begin after it and no later than its fiscal year ends.
bool IsPlanned(const World::Council& council, jp::CivilDay day) {
  if (council.actual) return false;
  return Lasts(council.from, council.to, day) || (day < council.from && YearOf(council.from) == YearOf(day));
}

std::string CouncilValues(const World& world, const std::set<std::string>& kinds, const std::string& prefecture,
                          jp::CivilDay day, Planned planned = Planned::kExcluded) {
  const auto counts = [&](const World::Council& council) {
    if (planned == Planned::kIncluded && IsPlanned(council, day)) return true;
    return council.actual && Lasts(council.from, council.to, day);
  };
  std::vector<std::string> bodies;
  for (const auto& [body, kind] : world.kinds) {
    if (kinds.count(kind) > 0 && (prefecture.empty() || world.above.at(body) == prefecture)) bodies.push_back(body);
  }
  int having = 0, covered = 0, councils = 0, families = 0, meetings = 0, first = 0, to_come = 0;
  for (const std::string& body : bodies) {
    bool has = false, is_served = false, is_to_have = false;
    for (const World::Council& council : world.councils) {
      if (planned == Planned::kApart && IsPlanned(council, day) && IsHeldBy(council, body)) is_to_have = true;
      if (!counts(council)) continue;
      if (IsHeldBy(council, body))
        has = true;
      else if (std::count(council.areas.begin(), council.areas.end(), body) > 0)
        is_served = true;
    }
    having += has ? 1 : 0;
    covered += is_served && !has ? 1 : 0;
    first += is_to_have && !has ? 1 : 0;
  }
  for (const World::Council& council : world.councils) {
    if (std::none_of(bodies.begin(), bodies.end(), [&](const std::string& body) { return IsHeldBy(council, body); }))
      continue;
    meetings += MeetingsOf(council, day);
    to_come += IsPlanned(council, day) ? 1 : 0;
    if (!counts(council)) continue;
    ++councils;
    families += council.families ? 1 : 0;
  }
  const int all = static_cast<int>(bodies.size());
  const std::string values =
      absl::StrJoin({absl::StrCat(all), absl::StrCat(having), Percent(having, all), absl::StrCat(councils),
                     absl::StrCat(families), absl::StrCat(meetings), absl::StrCat(covered)},
                    " ");
  return planned == Planned::kApart ? absl::StrCat(values, " ", first, " ", to_come) : values;
}

int ActualOf(const World& world, const std::string& body, const std::string& indicator, jp::CivilDay day) {
  int found = 0;
  if (indicator == "COORDINATORS" || indicator == "TRAINED_COORDINATORS") {
    std::set<int> people;
    for (const World::Placed& one : world.placed) {
      if (one.body != body || !Lasts(one.from, one.to, day)) continue;
      if (indicator == "COORDINATORS" || world.trained.count(one.person) > 0) people.insert(one.person);
    }
    return static_cast<int>(people.size());
  }
  for (const World::Council& council : world.councils) {
    if (!council.actual || council.level == "REGION" || !IsHeldBy(council, body)) continue;
    found += indicator == "MEETINGS" ? MeetingsOf(council, day) : Lasts(council.from, council.to, day) ? 1 : 0;
  }
  return found;
}

// "bodies with-target target actual difference share"; without any target "" where `quiet`.
std::string IndicatorValues(const World& world, const std::set<std::string>& kinds, const std::string& body_only,
                            const std::string& indicator, jp::CivilDay day, bool quiet) {
  int bodies = 0, with = 0, target = 0, actual = 0;
  for (const auto& [body, kind] : world.kinds) {
    if (kinds.count(kind) == 0 || (!body_only.empty() && body != body_only)) continue;
    ++bodies;
    for (const World::Target& one : world.targets) {
      if (one.body != body || one.indicator != indicator || one.year != YearOf(day)) continue;
      ++with;
      target += one.number;
      actual += ActualOf(world, body, indicator, day);
    }
  }
  if (quiet && with == 0) return "";
  return absl::StrCat(bodies, " ", with, " ", target, " ", actual, " ", actual - target, " ", Percent(actual, target));
}

class CouncilReportTest : public CouncilTestBase {
 protected:
  template <typename Request>
  absl::StatusOr<platform_v1::Report> Get(const Caller& caller, const std::string& name, const Request& request) {
    clock().Advance(absl::Seconds(1));
    return caller.Call<platform_v1::Report>(absl::StrCat("registry.v1.", name, "ReportService/Get", name, "Report"),
                                            request);
  }
  static std::string Values(const absl::StatusOr<platform_v1::Report>& report, const std::string& population,
                            const std::string& group = "") {
    if (!report.ok()) return Said(report);
    // Measures come tally by tally: in the order of the enum.
    const std::vector<std::string> order = {"bodies",           "council_bodies", "council_share",  "councils",
                                            "family_councils",  "meetings",       "covered_bodies", "planned_bodies",
                                            "planned_councils", "target_bodies",  "target",         "actual",
                                            "difference",       "share"};
    std::vector<std::string> values;
    for (const std::string& measure : order) {
      for (const platform_v1::Figure& figure : report->figures()) {
        if (figure.population() != population || figure.group() != group || figure.measure() != measure) continue;
        values.push_back(figure.value().empty() ? "-" : figure.value());
      }
    }
    return absl::StrJoin(values, " ");
  }
  template <typename Request>
  static Request On(const std::string& day) {
    Request request;
    *request.mutable_as_of_date() = Day(day);
    return request;
  }
  using CouncilRequest = registry_v1::GetCouncilReportRequest;
  using IndicatorRequest = registry_v1::GetIndicatorReportRequest;

  void MakeRegion(const std::string& id, const std::string& kind = "DISABILITY_WELFARE") {
    ASSERT_EQ(Said(Make<registry_v1::Region, registry_v1::CreateRegionRequest>(
                  "registry.v1.RegionService/CreateRegion",
                  absl::StrCat("region_id: '", id, "' region { display_name: '見本圏域", id, "' kind: REGION_KIND_",
                               kind, " prefecture: 'areas/310000' }"))),
              "OK");
  }
};

// bodies, with a council, share, councils, with families, meetings, covered
TEST_P(CouncilReportTest, CountsTheCouncilsOfTheDay) {
  MakeRegion("east");
  MakeRegion("medical", "MEDICAL");
  const std::string ended =
      MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/312011' areas: 'areas/313025' family_members: 1")
          ->name();
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/322016' areas: 'areas/313025' "
                             "sharing: COUNCIL_SHARING_JOINT "
                             "valid_from_date { year: 2044 month: 10 day: 1 }")),
            "OK");
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_PREFECTURE convener: 'areas/320005' stage: COUNCIL_STAGE_PLANNED")),
            "OK");
  EXPECT_EQ(Said(MakeCouncil(
                "level: COUNCIL_LEVEL_REGION convener: 'areas/310000' region: 'regions/east' areas: 'areas/312011'")),
            "OK");
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_REGION convener: 'areas/310000' region: 'regions/medical'")), "OK");
  for (const char* day : {"2044-03-31", "2044-04-01", "2044-09-30"}) ASSERT_EQ(Said(Meet(ended, day)), "OK");
  ASSERT_EQ(Said(End(ended, "2044-09-30")), "OK");
  struct Case {
    const char* day;
    const char* municipalities;
    const char* regions;
  };
  const Case cases[] = {
      {"2040-03-31", "3 0 0 0 0 0 0", "1 0 0 0 0 0 0"},    {"2044-03-31", "3 1 33 1 1 1 1", "1 1 100 1 0 0 0"},
      {"2044-04-01", "3 1 33 1 1 1 1", "1 1 100 1 0 0 0"}, {"2044-09-30", "3 1 33 1 1 2 1", "1 1 100 1 0 0 0"},
      {"2044-10-01", "3 2 67 1 0 2 1", "1 1 100 1 0 0 0"}, {"2045-04-01", "3 2 67 1 0 0 1", "1 1 100 1 0 0 0"},
  };
  for (const Case& c : cases) {
    const auto report = Get(admin(), "Council", On<CouncilRequest>(c.day));
    EXPECT_EQ(Values(report, "municipalities"), c.municipalities) << c.day;
    EXPECT_EQ(Values(report, "regions"), c.regions) << c.day;
    EXPECT_EQ(Values(report, "prefectures"), "2 0 0 0 0 0 0") << c.day;
  }
  const auto report = Get(admin(), "Council", On<CouncilRequest>("2044-10-01"));
  EXPECT_EQ(NamesOf(Rows(admin(), *report, "municipalities/meetings")).size(), 2u);
  EXPECT_THAT(NamesOf(Rows(admin(), *report, "municipalities/council_bodies")),
              ElementsAre("areas/313025", "areas/322016"));
  EXPECT_THAT(NamesOf(Rows(admin(), *report, "municipalities/covered_bodies")), ElementsAre("areas/312011"));

  const Caller town = CallerWith("town", {"municipality-officer@areas/313025"});
  EXPECT_EQ(Values(Get(town, "Council", On<CouncilRequest>("2044-03-31")), "municipalities"), "1 0 0 0 0 0 1");
  EXPECT_THAT(Said(Get(CallerWith("auditor", {"auditor@*"}), "Council", CouncilRequest())),
              HasSubstr("PERMISSION_DENIED"));
}

// The same report with planned councils included and apart, with the bodies that get their first council.
TEST_P(CouncilReportTest, PlannedOnesAreLeftOutCountedOrToldApart) {
  const std::string town = "level: COUNCIL_LEVEL_MUNICIPALITY stage: COUNCIL_STAGE_PLANNED ";
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/312011'")), "OK");
  EXPECT_EQ(Said(MakeCouncil(town + "convener: 'areas/312011' valid_from_date { year: 2044 month: 4 day: 1 }")), "OK");
  EXPECT_EQ(Said(MakeCouncil(
                town + "convener: 'areas/313025' family_members: 1 valid_from_date { year: 2045 month: 3 day: 31 }")),
            "OK");
  EXPECT_EQ(Said(MakeCouncil(town + "convener: 'areas/322016' valid_from_date { year: 2045 month: 4 day: 1 }")), "OK");
  EXPECT_EQ(Said(MakeCouncil(
                town + "convener: 'areas/322016' areas: 'areas/313025' valid_from_date { year: 2043 month: 4 day: 1 } "
                       "valid_to_date { year: 2044 month: 3 day: 31 }")),
            "OK");
  const struct {
    const char *day, *excluded, *included, *apart;
  } cases[] = {
      {"2043-03-31", "3 1 33 1 0 0 0", "3 1 33 1 0 0 0", "3 1 33 1 0 0 0 0 0"},
      {"2044-03-31", "3 1 33 1 0 0 0", "3 2 67 2 0 0 1", "3 1 33 1 0 0 0 1 1"},
      {"2044-04-01", "3 1 33 1 0 0 0", "3 2 67 3 1 0 0", "3 1 33 1 0 0 0 1 2"},
      {"2045-04-01", "3 1 33 1 0 0 0", "3 3 100 4 1 0 0", "3 1 33 1 0 0 0 2 3"},
  };
  for (const auto& c : cases) {
    CouncilRequest request = On<CouncilRequest>(c.day);
    EXPECT_EQ(Values(Get(admin(), "Council", request), "municipalities"), c.excluded) << c.day << ": unless it is said";
    request.set_planned(registry_v1::PLANNED_COUNCILS_EXCLUDED);
    EXPECT_EQ(Values(Get(admin(), "Council", request), "municipalities"), c.excluded) << c.day;
    request.set_planned(registry_v1::PLANNED_COUNCILS_INCLUDED);
    EXPECT_EQ(Values(Get(admin(), "Council", request), "municipalities"), c.included) << c.day;
    request.set_planned(registry_v1::PLANNED_COUNCILS_APART);
    EXPECT_EQ(Values(Get(admin(), "Council", request), "municipalities"), c.apart) << c.day;
  }
  CouncilRequest request = On<CouncilRequest>("2044-04-01");
  request.set_planned(registry_v1::PLANNED_COUNCILS_APART);
  const auto report = Get(admin(), "Council", request);
  EXPECT_THAT(NamesOf(Rows(admin(), *report, "municipalities/planned_bodies")), ElementsAre("areas/313025"));
  EXPECT_EQ(NamesOf(Rows(admin(), *report, "municipalities/planned_councils")).size(), 2u);
}

// bodies, with a target, target, actual, difference, share
TEST_P(CouncilReportTest, HoldsTargetsAgainstWhatIsThere) {
  const std::string one = CreateCoordinator(), two = CreateCoordinator();
  Place(one, "areas/312011");
  Place(two, "areas/312011");
  Place(one, "areas/313025");
  Place(one, "areas/310000");
  ASSERT_EQ(Said(Make<registry_v1::CoordinatorTraining, registry_v1::CreateCoordinatorTrainingRequest>(
                "registry.v1.CoordinatorTrainingService/CreateCoordinatorTraining",
                absl::StrCat("parent: '", one,
                             "' coordinator_training { display_name: '見本研修' completion_date { year: 2044 "
                             "month: 5 day: 1 } }"))),
            "OK");
  const std::string rest = " fiscal_year: 2044 ";
  for (const char* text : {"body: 'areas/312011' indicator: PLAN_INDICATOR_COORDINATORS target: 3",
                           "body: 'areas/313025' indicator: PLAN_INDICATOR_COORDINATORS target: 0",
                           "body: 'areas/312011' indicator: PLAN_INDICATOR_TRAINED_COORDINATORS target: 1",
                           "body: 'areas/310000' indicator: PLAN_INDICATOR_COORDINATORS target: 2"}) {
    ASSERT_EQ(Said(MakeTarget(text + rest)), "OK");
  }
  IndicatorRequest request = On<IndicatorRequest>("2044-05-01");
  request.set_group_by(registry_v1::INDICATOR_GROUPING_BODIES);
  const auto report = Get(admin(), "Indicator", request);
  EXPECT_EQ(Values(report, "coordinators"), "3 2 3 3 0 100");
  EXPECT_EQ(Values(report, "trained_coordinators"), "3 1 1 1 0 100");
  EXPECT_EQ(Values(report, "councils"), "3 0 0 0 0 -");
  EXPECT_EQ(Values(report, "coordinators", "areas/312011"), "1 1 3 2 -1 67");
  EXPECT_EQ(Values(report, "coordinators", "areas/313025"), "1 1 0 1 1 -");
  EXPECT_EQ(Values(report, "coordinators", "areas/322016"), "") << "it has no target";
  EXPECT_EQ(Values(report, "coordinators", "areas/310000"), "") << "it is no municipality";
  EXPECT_EQ(NamesOf(Rows(admin(), *report, "coordinators/actual")).size(), 3u);
  EXPECT_EQ(NamesOf(Rows(admin(), *report, "areas/312011/coordinators/difference")).size(), 3u);
  EXPECT_THAT(NamesOf(Rows(admin(), *report, "coordinators/target_bodies")),
              ElementsAre("areas/312011", "areas/313025"));
  EXPECT_EQ(Values(Get(admin(), "Indicator", On<IndicatorRequest>("2044-04-30")), "trained_coordinators"),
            "3 1 1 0 -1 0");
  EXPECT_EQ(Values(Get(admin(), "Indicator", On<IndicatorRequest>("2045-04-01")), "coordinators"), "3 0 0 0 0 -");
  request.set_bodies(registry_v1::INDICATOR_BODIES_PREFECTURES);
  EXPECT_EQ(Values(Get(admin(), "Indicator", request), "coordinators"), "2 1 2 1 -1 50");
  request = On<IndicatorRequest>("2044-05-01");
  request.set_group_by(registry_v1::INDICATOR_GROUPING_PREFECTURES);
  EXPECT_EQ(Values(Get(admin(), "Indicator", request), "coordinators", "areas/310000"), "2 2 3 3 0 100");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  EXPECT_EQ(Values(Get(town, "Indicator", On<IndicatorRequest>("2044-05-01")), "coordinators"), "1 1 3 2 -1 67");
}

TEST_P(CouncilReportTest, AgreesWithASecondImplementation) {
  const uint32_t seed = 20261129;
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  World world;
  world.kinds = {{"areas/310000", "prefecture"},   {"areas/320005", "prefecture"},   {"areas/312011", "municipality"},
                 {"areas/313025", "municipality"}, {"areas/322016", "municipality"}, {"areas/140007", "prefecture"},
                 {"areas/141003", "designated"},   {"regions/east", "region"},       {"regions/west", "region"}};
  world.above = {{"areas/310000", "areas/310000"}, {"areas/320005", "areas/320005"}, {"areas/312011", "areas/310000"},
                 {"areas/313025", "areas/310000"}, {"areas/322016", "areas/320005"}, {"areas/140007", "areas/140007"},
                 {"areas/141003", "areas/140007"}, {"regions/east", "areas/310000"}, {"regions/west", "areas/310000"}};
  Create(AnArea("140007", registry_v1::AREA_KIND_PREFECTURE, "見本県", ""));
  Create(AnArea("141003", registry_v1::AREA_KIND_DESIGNATED_CITY, "見本市", "areas/140007"));
  MakeRegion("east");
  MakeRegion("west");
  const std::vector<std::string> prefectures = {"areas/310000", "areas/320005", "areas/140007"},
                                 towns = {"areas/312011", "areas/313025", "areas/322016", "areas/141003"};
  std::vector<std::string> people;
  for (int i = 0; i < 5; ++i) people.push_back(CreateCoordinator());
  std::vector<google::protobuf::Timestamp> known;
  std::vector<World> worlds;
  for (int step = 0; step < 30; ++step) {
    const jp::CivilDay from = jp::CivilDay(2040, 1, 1) + pick(1500), to = from + 30 + pick(1200);
    World::Council council{"", "", "", {}, pick(2) == 0, pick(4) != 0, pick(2) == 0, from, to, {}};
    council.level = std::vector<std::string>{"PREFECTURE", "REGION", "MUNICIPALITY", "MUNICIPALITY"}[pick(4)];
    if (council.level == "REGION") council.region = pick(2) == 0 ? "regions/east" : "regions/west";
    council.convener = council.level == "PREFECTURE" ? prefectures[pick(3)] : towns[pick(4)];
    for (const std::string& town : towns) {
      if (town != council.convener && pick(2) == 0) council.areas.push_back(town);
    }
    council.joint = council.joint && !council.areas.empty();
    const auto text = [](jp::CivilDay day) {
      return absl::StrCat("{ year: ", day.year(), " month: ", day.month(), " day: ", day.day(), " } ");
    };
    std::string said = absl::StrCat("level: COUNCIL_LEVEL_", council.level, " convener: '", council.convener,
                                    "' sharing: COUNCIL_SHARING_", council.joint ? "JOINT" : "SINGLE",
                                    " stage: COUNCIL_STAGE_", council.actual ? "ACTUAL" : "PLANNED",
                                    council.families ? " family_members: 2" : "", " valid_from_date ", text(from));
    if (!council.region.empty()) absl::StrAppend(&said, "region: '", council.region, "' ");
    for (const std::string& area : council.areas) absl::StrAppend(&said, "areas: '", area, "' ");
    const auto made = MakeCouncil(said);
    ASSERT_EQ(Said(made), "OK") << said;
    for (int i = council.actual ? pick(4) : 0; i > 0; --i) {
      const jp::CivilDay day = from + pick(static_cast<int>(to - from) + 1);
      ASSERT_EQ(Said(Meet(made->name(), jp::FormatIso(day))), "OK");
      council.meetings.push_back(day);
    }
    ASSERT_EQ(Said(End(made->name(), jp::FormatIso(to))), "OK") << "one that is over takes no meeting any more";
    world.councils.push_back(council);
    const World::Placed placed{pick(5), pick(3) == 0 ? prefectures[pick(3)] : towns[pick(4)], from, to};
    if (std::none_of(world.placed.begin(), world.placed.end(), [&](const World::Placed& other) {
          return other.person == placed.person && other.body == placed.body && other.from <= to && from <= other.to;
        })) {
      Place(people[placed.person], placed.body, jp::FormatIso(from), jp::FormatIso(to));
      world.placed.push_back(placed);
    }
    if (step % 10 == 3) {
      ASSERT_EQ(Said(Make<registry_v1::CoordinatorTraining, registry_v1::CreateCoordinatorTrainingRequest>(
                    "registry.v1.CoordinatorTrainingService/CreateCoordinatorTraining",
                    absl::StrCat("parent: '", people[step / 10],
                                 "' coordinator_training { display_name: '見本研修' "
                                 "completion_date { year: 2030 month: 5 day: 1 } }"))),
                "OK");
      world.trained.insert(step / 10);
    }
    const std::vector<std::string> indicators = {"COORDINATORS", "TRAINED_COORDINATORS", "COUNCILS", "MEETINGS"};
    const World::Target target{pick(3) == 0 ? prefectures[pick(3)] : towns[pick(4)], indicators[pick(4)],
                               2039 + pick(6), pick(4)};
    if (Said(MakeTarget(absl::StrCat("body: '", target.body, "' fiscal_year: ", target.year,
                                     " indicator: PLAN_INDICATOR_", target.indicator, " target: ", target.number))) ==
        "OK") {
      world.targets.push_back(target);
    }
    if (step % 8 != 0) continue;
    const auto report = Get(admin(), "Council", On<CouncilRequest>("2042-01-01"));
    ASSERT_EQ(Said(report), "OK");
    known.push_back(report->known_time());
    worlds.push_back(world);
    clock().Advance(absl::Milliseconds(1));
  }
  int met = 0;
  for (const World::Council& council : world.councils) met += static_cast<int>(council.meetings.size());
  EXPECT_GT(met, 10) << "the world has something to count";
  for (int i = 0; i < 40; ++i) {
    const jp::CivilDay day = jp::CivilDay(2040, 1, 1) + pick(2800);
    const int version = pick(static_cast<int>(known.size()) + 1);
    const bool past = version < static_cast<int>(known.size());
    const World& expected = past ? worlds[version] : world;
    const std::string which = absl::StrCat("seed ", seed, ", ", jp::FormatIso(day), past ? ", past" : ", now");
    CouncilRequest councils = On<CouncilRequest>(jp::FormatIso(day));
    councils.set_group_by(registry_v1::COUNCIL_GROUPING_PREFECTURES);
    IndicatorRequest targets = On<IndicatorRequest>(jp::FormatIso(day));
    targets.set_group_by(registry_v1::INDICATOR_GROUPING_BODIES);
    const bool of_prefectures = pick(2) == 0;
    if (of_prefectures) targets.set_bodies(registry_v1::INDICATOR_BODIES_PREFECTURES);
    const Planned planned = std::vector<Planned>{Planned::kExcluded, Planned::kIncluded, Planned::kApart}[pick(3)];
    councils.set_planned(planned == Planned::kExcluded   ? registry_v1::PLANNED_COUNCILS_EXCLUDED
                         : planned == Planned::kIncluded ? registry_v1::PLANNED_COUNCILS_INCLUDED
                                                         : registry_v1::PLANNED_COUNCILS_APART);
    if (past) *councils.mutable_as_known_at() = *targets.mutable_as_known_at() = known[version];
    const auto report = Get(admin(), "Council", councils);
    for (const std::string& group : {std::string(), prefectures[0], prefectures[1], prefectures[2]}) {
      EXPECT_EQ(Values(report, "prefectures", group), CouncilValues(expected, {"prefecture"}, group, day, planned))
          << which;
      EXPECT_EQ(Values(report, "regions", group), CouncilValues(expected, {"region"}, group, day, planned)) << which;
      EXPECT_EQ(Values(report, "designated_cities", group),
                CouncilValues(expected, {"designated"}, group, day, planned))
          << which;
      EXPECT_EQ(Values(report, "municipalities", group),
                CouncilValues(expected, {"designated", "municipality"}, group, day, planned))
          << which;
    }
    const std::set<std::string> kinds =
        of_prefectures ? std::set<std::string>{"prefecture"} : std::set<std::string>{"designated", "municipality"};
    const auto held = Get(admin(), "Indicator", targets);
    for (const char* indicator : {"COORDINATORS", "TRAINED_COORDINATORS", "COUNCILS", "MEETINGS"}) {
      const std::string population = absl::AsciiStrToLower(indicator);
      EXPECT_EQ(Values(held, population), IndicatorValues(expected, kinds, "", indicator, day, false)) << which;
      for (const std::string& body : of_prefectures ? prefectures : towns) {
        EXPECT_EQ(Values(held, population, body), IndicatorValues(expected, kinds, body, indicator, day, true))
            << which;
      }
    }
  }
}

WIRE_TEST_ON_BOTH(CouncilReportTest);

}  // namespace
}  // namespace tsunagu::wire
