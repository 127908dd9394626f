// Reports: what is counted, for whom, on which day, as known when; and the records behind each figure.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "common/text/json.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/placement_model.h"
#include "tests/wire/places_calls.h"
#include "tests/wire/report_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_P(ReportTest, CountsWhoServesOnTheDay) {
  const std::string one = CreateCoordinator(), two = CreateCoordinator(), three = CreateCoordinator();
  Place(one, "areas/312011", "2040-04-01", "2044-03-31");
  Place(two, "areas/312011", "2042-04-01");
  Place(two, "areas/313025", "2042-04-01");
  Place(three, "areas/310000", "2040-04-01");
  Place(three, "areas/322016", "2040-04-01", "", registry_v1::PLACEMENT_STAGE_PLANNED);
  // bodies, placing bodies, share, persons, mean, median
  struct Case {
    const char* day;
    const char* prefectures;
    const char* municipalities;
  };
  const Case cases[] = {
      {"2040-03-31", "2 0 0 0 - -", "3 0 0 0 - -"},           {"2040-04-01", "2 1 50 1 1.0 1.0", "3 1 33 1 1.0 1.0"},
      {"2042-04-01", "2 1 50 1 1.0 1.0", "3 2 67 2 1.0 1.5"}, {"2044-03-31", "2 1 50 1 1.0 1.0", "3 2 67 2 1.0 1.5"},
      {"2044-04-01", "2 1 50 1 1.0 1.0", "3 2 67 1 0.5 1.0"},
  };
  for (const Case& c : cases) {
    const auto report = Report(admin(), Asking(c.day));
    ASSERT_EQ(Said(report), "OK");
    EXPECT_EQ(ValuesOf(*report, "prefectures"), c.prefectures) << c.day;
    EXPECT_EQ(ValuesOf(*report, "municipalities"), c.municipalities) << c.day;
    EXPECT_EQ(ValuesOf(*report, "designated_cities"), "0 0 - 0 - -") << c.day;
    EXPECT_FALSE(report->partial());
  }
}

TEST_P(ReportTest, SpeaksOnlyOfWhatTheCallerReachesAndOfTheAreaAsked) {
  const std::string one = CreateCoordinator(), two = CreateCoordinator("areas/322016");
  Place(one, "areas/312011");
  Place(two, "areas/322016");
  registry_v1::GetPlacementReportRequest request = Asking("2045-01-01");
  request.set_area("areas/310000");
  auto report = Report(admin(), request);
  EXPECT_EQ(ValuesOf(*report, "municipalities"), "2 1 50 1 1.0 1.0") << "the prefecture of 鳥取";
  EXPECT_EQ(report->area(), "areas/310000");
  request.set_area("areas/313025");
  EXPECT_EQ(ValuesOf(*Report(admin(), request), "municipalities"), "1 0 0 0 - -") << "a town without anybody";
  request.set_area("coordinators/" + one.substr(13));
  EXPECT_THAT(Said(Report(admin(), request)), HasSubstr("area:MALFORMED_NAME")) << "what is no area tells nothing";
  request.set_area("areas/999999");
  EXPECT_THAT(Said(Report(admin(), request)), HasSubstr("area:REFERENCE_NOT_FOUND"));

  const Caller officer = CallerWith("officer", {"municipality-officer@areas/312011"});
  report = Report(officer, Asking("2045-01-01"));
  ASSERT_EQ(Said(report), "OK");
  EXPECT_EQ(ValuesOf(*report, "municipalities"), "1 1 100 1 1.0 1.0");
  EXPECT_TRUE(report->partial());
  EXPECT_THAT(Said(Report(CallerWith("auditor", {"auditor@*"}), Asking("2045-01-01"))), HasSubstr("PERMISSION_DENIED"));
}

TEST_P(ReportTest, EachFigureOpensIntoItsRecords) {
  const std::string one = CreateCoordinator(), two = CreateCoordinator();
  std::vector<std::string> placements = {Place(one, "areas/312011"), Place(two, "areas/312011"),
                                         Place(two, "areas/313025")};
  std::sort(placements.begin(), placements.end());
  const platform_v1::Report report = *Report(admin(), Asking("2045-01-01"));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "municipalities/bodies")),
              ElementsAre("areas/312011", "areas/313025", "areas/322016"));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "municipalities/placing_share")),
              ElementsAre("areas/312011", "areas/313025"));
  EXPECT_EQ(NamesOf(Rows(admin(), report, "municipalities/persons")), placements);
  const auto median = Rows(admin(), report, "municipalities/persons_per_placing_body_median");
  EXPECT_EQ(median->rows(0).value(), 2);
  EXPECT_EQ(median->rows(1).value(), 1);
  EXPECT_THAT(Said(Rows(admin(), report, "municipalities/horses")),
              testing::AllOf(HasSubstr("NOT_FOUND"), HasSubstr("key:FIGURE_NOT_FOUND")));
  EXPECT_THAT(NamesOf(Rows(admin(), report, "prefectures/persons")), IsEmpty());

  for (const char* token : {"", "placement", "placement.", "horse.AAAA", "placement.%%%", "placement.CgQI_w8Q"}) {
    platform_v1::Report forged;
    forged.set_token(token);
    EXPECT_THAT(Said(Rows(admin(), forged, "municipalities/bodies")),
                testing::AnyOf(HasSubstr("INVALID_REPORT_TOKEN"), HasSubstr("FIELD_REQUIRED")))
        << token;
  }
  SetRole("explainer", {"rows.explain"});
  EXPECT_THAT(Said(Rows(CallerWith("nosy", {"explainer@*"}), report, "municipalities/bodies")),
              HasSubstr("PERMISSION_DENIED"));
}

TEST_P(ReportTest, PagesOfRowsShowTheStateOfTheFirst) {
  std::vector<std::string> placements;
  for (int i = 0; i < 5; ++i) placements.push_back(Place(CreateCoordinator(), "areas/312011"));
  std::sort(placements.begin(), placements.end());
  const platform_v1::Report report = *Report(admin(), Asking("2045-01-01"));
  auto page = Rows(admin(), report, "municipalities/persons", 2);
  std::vector<std::string> seen = NamesOf(page);
  Place(CreateCoordinator(), "areas/312011");
  while (page.ok() && !page->next_page_token().empty()) {
    page = Rows(admin(), report, "municipalities/persons", 2, page->next_page_token());
    for (const std::string& name : NamesOf(page)) seen.push_back(name);
  }
  EXPECT_EQ(seen, placements);
  EXPECT_EQ(NamesOf(Rows(admin(), *Report(admin(), Asking("2045-01-01")), "municipalities/persons")).size(), 6u);
}

// Without a day, the report is as of its own day, also when its rows are requested later.
TEST_P(ReportTest, AReportOfTodayStaysThatOfItsDay) {
  const std::string placement = Place(CreateCoordinator(), "areas/312011", "2040-04-01", "2050-04-03");
  const platform_v1::Report report = *Report(admin(), {});
  EXPECT_EQ(ValuesOf(report, "municipalities"), "3 1 33 1 1.0 1.0");
  clock().Advance(absl::Hours(48));
  EXPECT_EQ(ValuesOf(*Report(admin(), {}), "municipalities"), "3 0 0 0 - -") << "she served until that day";
  EXPECT_THAT(NamesOf(Rows(admin(), report, "municipalities/persons")), ElementsAre(placement));
}

// A report can be repeated exactly, byte for byte, whatever has been corrected since.
TEST_P(ReportTest, IsTheSameForEverWhereItIsAskedAsItWasKnown) {
  const std::string person = CreateCoordinator();
  const std::string placement = Place(person, "areas/312011");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/312011"});
  const auto then = Report(officer, Asking("2045-01-01"));
  ASSERT_EQ(Said(then), "OK");
  EXPECT_EQ(ValuesOf(*then, "municipalities"), "1 1 100 1 1.0 1.0");

  Move(placement, "areas/313025");
  Place(CreateCoordinator(), "areas/322016");
  EXPECT_EQ(ValuesOf(*Report(officer, Asking("2045-01-01")), "municipalities"), "1 0 0 0 - -") << "moved away";

  registry_v1::GetPlacementReportRequest again = Asking("2045-01-01");
  *again.mutable_as_known_at() = then->known_time();
  const auto now = Report(officer, again);
  ASSERT_EQ(Said(now), "OK");
  EXPECT_EQ(*contract::MessageToJson(*now, false), *contract::MessageToJson(*then, false));
  const auto rows = Rows(officer, *then, "municipalities/persons");
  EXPECT_THAT(NamesOf(rows), IsEmpty()) << "she may not see it any more";
  EXPECT_EQ(rows->hidden_count(), 1);
  EXPECT_THAT(NamesOf(Rows(admin(), *then, "municipalities/persons")), ElementsAre(placement));

  *again.mutable_as_known_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(clock().Now() + absl::Hours(1)));
  EXPECT_THAT(Said(Report(admin(), again)), HasSubstr("as_known_at:NOT_YET_KNOWN"));
}

// Without a known time, the place in the journal and its time apply.
TEST_P(ReportTest, IsTheSameBytesAtTheSamePlace) {
  Place(CreateCoordinator(), "areas/312011");
  const auto told = [&](const registry_v1::GetPlacementReportRequest& request) {
    const auto report = Report(admin(), request);
    EXPECT_EQ(Said(report), "OK");
    return *contract::MessageToJson(*report, false);
  };
  const auto first = Report(admin(), Asking("2045-01-01"));
  const std::string bytes = told(Asking("2045-01-01"));
  clock().Advance(absl::Hours(3));
  EXPECT_EQ(told(Asking("2045-01-01")), bytes);
  Place(CreateCoordinator(), "areas/313025");
  const auto later = Report(admin(), Asking("2045-01-01"));
  EXPECT_GT(later->place(), first->place());
  EXPECT_TRUE(later->known_time() > first->known_time());
  registry_v1::GetPlacementReportRequest again = Asking("2045-01-01");
  *again.mutable_as_known_at() = first->known_time();
  EXPECT_EQ(told(again), bytes) << "its time leads back to its place";
}

// For each of many random worlds and days.
TEST_P(ReportTest, AgreesWithASecondImplementation) {
  const uint32_t seed = 20261128;
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  PlacementModel model;
  for (const char* prefecture : {"areas/310000", "areas/320005"}) model.kind_of[prefecture] = "prefecture";
  for (const char* city : {"areas/312011", "areas/313025", "areas/322016"}) model.kind_of[city] = "municipality";
  registry_v1::Area big = AnArea("141003", registry_v1::AREA_KIND_DESIGNATED_CITY, "見本市", "");
  registry_v1::Area above = AnArea("140007", registry_v1::AREA_KIND_PREFECTURE, "見本県", "");
  Create(above);
  big.set_parent("areas/140007");
  Create(big);
  model.kind_of["areas/140007"] = "prefecture";
  model.kind_of["areas/141003"] = "designated";
  std::vector<std::string> bodies, people;
  for (const auto& [body, kind] : model.kind_of) bodies.push_back(body);
  for (int i = 0; i < 8; ++i) people.push_back(CreateCoordinator());
  // Two groups of which two bodies are members for ever, and others for some time.
  for (const char* group : {"jointGroups/g0", "jointGroups/g1"}) {
    ASSERT_EQ(Said(CreateJointGroup(admin(), std::string(group).substr(12), "")), "OK");
    for (const char* body : {"areas/312011", "areas/141003", "areas/322016", "areas/313025"}) {
      const bool for_ever = body < std::string("areas/3130");
      const jp::CivilDay from = for_ever ? jp::kFirstDay : jp::CivilDay(2040, 1, 1) + pick(2000);
      model.joined.push_back({group, body, from, for_ever ? jp::kLastDay : from + pick(1500)});
      ASSERT_EQ(Said(Join(admin(), group, body, from, model.joined.back().to)), "OK");
    }
    bodies.push_back(group);
  }
  std::vector<google::protobuf::Timestamp> known;
  std::vector<PlacementModel> models;
  for (int step = 0; step < 40; ++step) {
    const jp::CivilDay from = jp::CivilDay(2040, 1, 1) + pick(2000), to = from + pick(1500);
    const PlacementModel::Placed one = {people[pick(8)], bodies[pick(static_cast<int>(bodies.size()))], from, to,
                                        pick(4) != 0};
    const bool overlaps =
        std::any_of(model.placed.begin(), model.placed.end(), [&](const PlacementModel::Placed& other) {
          return other.person == one.person && other.body == one.body && other.from <= to && from <= other.to;
        });
    if (overlaps) continue;
    Place(one.person, one.body, jp::FormatIso(from), jp::FormatIso(to),
          one.actual ? registry_v1::PLACEMENT_STAGE_ACTUAL : registry_v1::PLACEMENT_STAGE_PLANNED);
    model.placed.push_back(one);
    if (step % 8 != 0) continue;
    const auto report = Report(admin(), Asking("2042-01-01"));
    ASSERT_EQ(Said(report), "OK");
    known.push_back(report->known_time());
    models.push_back(model);
    clock().Advance(absl::Milliseconds(1));
  }
  int days_together = 0;
  for (int i = 0; i < 60; ++i) {
    const jp::CivilDay day = jp::CivilDay(2040, 1, 1) + pick(3500);
    registry_v1::GetPlacementReportRequest request = Asking(jp::FormatIso(day));
    const int version = pick(static_cast<int>(known.size()) + 1);
    const bool past = version < static_cast<int>(known.size());
    if (past) *request.mutable_as_known_at() = known[version];
    const PlacementModel& expected = past ? models[version] : model;
    const auto report = Report(admin(), request);
    ASSERT_EQ(Said(report), "OK");
    const std::string which = absl::StrCat("seed ", seed, ", ", jp::FormatIso(day), past ? ", past" : ", now");
    EXPECT_EQ(ValuesOf(*report, "prefectures"), expected.Values({"prefecture"}, day)) << which;
    EXPECT_EQ(ValuesOf(*report, "designated_cities"), expected.Values({"designated"}, day)) << which;
    EXPECT_EQ(ValuesOf(*report, "municipalities"), expected.Values({"designated", "municipality"}, day)) << which;
    const std::string together = expected.Together({"designated", "municipality"}, day);
    EXPECT_EQ(TogetherOf(*report, "municipalities"), together) << which;
    if (together[0] != '0') ++days_together;
  }
  EXPECT_GT(days_together, 10) << "the test would show nothing where nobody places together";
}

WIRE_TEST_ON_BOTH(ReportTest);

}  // namespace
}  // namespace tsunagu::wire
