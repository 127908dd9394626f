// The report "visits-fairness", compared with a second evaluation of the rows and with rounds that are solved
// separately.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/service/service.h"
#include "tests/wire/visit_round_test_base.h"
#include "tests/wire/visit_rows.h"
#include "tsunagu/matching/v1/visit_event.pb.h"
#include "tsunagu/matching/v1/visit_report.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::wire {
namespace {

using Figures = std::map<std::string, std::string>;

class VisitFairnessTest : public VisitRoundTestBase {
 protected:
  absl::StatusOr<platform_v1::Report> Report(const std::string& id, const std::string& fields = "") {
    return Ask<platform_v1::Report, matching_v1::GetVisitsFairnessReportRequest>(
        admin(), "VisitReportService/GetVisitsFairnessReport", absl::StrCat("round: 'rounds/", id, "' ", fields));
  }
  Figures Told(const std::string& id, const std::string& fields = "") {
    const auto report = Report(id, fields);
    EXPECT_EQ(Said(report), "OK");
    Figures figures;
    if (!report.ok()) return figures;
    for (const auto& figure : report->figures()) figures[figure.key()] = figure.value();
    return figures;
  }
  std::vector<matching_v1::VisitRow> Visits(const std::string& id) {
    const auto listed = Ask<matching_v1::ListVisitsResponse, matching_v1::ListVisitsRequest>(
        admin(), "VisitRoundService/ListVisits", absl::StrCat("parent: 'rounds/", id, "' page_size: 1000"));
    EXPECT_EQ(Said(listed), "OK");
    return listed.ok() ? std::vector<matching_v1::VisitRow>(listed->visits().begin(), listed->visits().end())
                       : std::vector<matching_v1::VisitRow>();
  }
};
WIRE_TEST_ON_BOTH(VisitFairnessTest);

// All lie on one meridian.
int64_t MetresOf(const matching_v1::SnapshotSupply& supply, const matching_v1::SnapshotOpening& opening) {
  return std::llround(std::abs(supply.latitude_e6() - opening.latitude_e6()) * 1e-6 * M_PI / 180 * 6'371'008.8);
}

// Which of its facilities it is for the supply, as the contract says it.
int64_t ChoiceOf(const matching_v1::Snapshot& rows, const matching_v1::SnapshotSupply& supply,
                 const std::string& facility) {
  const auto has = [](const auto& all, const auto& one) { return std::find(all.begin(), all.end(), one) != all.end(); };
  std::set<std::tuple<bool, int64_t, std::string, std::string>> order;
  for (const auto& opening : rows.openings()) {
    const bool visits = std::any_of(opening.visits().begin(), opening.visits().end(), [&](const auto& visit) {
      return std::any_of(supply.given().begin(), supply.given().end(),
                         [&](const auto& given) {
                           return given.half_day() == visit.half_day() && given.holidays() == visit.holidays();
                         }) &&
             std::all_of(visit.required_skills().begin(), visit.required_skills().end(),
                         [&](int skill) { return has(supply.skills(), skill); });
    });
    const int64_t metres = MetresOf(supply, opening);
    if (!visits || metres > supply.reach_metres() || has(supply.unwanted_facilities(), opening.facility())) continue;
    order.emplace(!has(supply.wishes(), opening.facility()), metres, opening.name(), opening.facility());
  }
  std::vector<std::string> facilities;
  for (const auto& [later, metres, name, of] : order) {
    if (!has(facilities, of)) facilities.push_back(of);
  }
  return std::find(facilities.begin(), facilities.end(), facility) - facilities.begin() + 1;
}

std::string Rounded(int64_t numerator, int64_t denominator) {  // one decimal, half up
  const int64_t tenths = (20 * numerator + denominator) / (2 * denominator);
  return absl::StrFormat("%d.%d", tenths / 10, tenths % 10);
}
std::string Percent(int64_t numerator, int64_t denominator) {
  return absl::StrCat((200 * numerator + denominator) / (2 * denominator));
}

// What a round says of itself, counted once more.
Figures CountedFrom(const matching_v1::Snapshot& rows, const std::vector<matching_v1::VisitRow>& visits) {
  std::map<std::string, const matching_v1::SnapshotSupply*> supplies;
  std::map<std::string, const matching_v1::SnapshotOpening*> openings;
  for (const auto& row : rows.supplies()) supplies[row.name()] = &row;
  for (const auto& row : rows.openings()) openings[row.name()] = &row;
  std::set<std::string> visiting;
  std::vector<int64_t> ways;
  std::map<std::string, std::pair<int64_t, int64_t>> fill;  // by area: wanted, covered
  int64_t first = 0, third = 0, choices = 0, metres = 0, wanted = 0;
  for (const auto& row : visits) {
    const auto& opening = *openings.at(row.opening());
    wanted += row.wanted_count();
    fill[opening.area()].first += row.wanted_count();
    fill[opening.area()].second += row.wanted_count() - row.short_count();
    for (const auto& cover : row.covers()) {
      const auto& supply = *supplies.at(cover.supply());
      const int64_t choice = ChoiceOf(rows, supply, row.facility());
      visiting.insert(supply.name());
      for (int i = 0; i < cover.count(); ++i) {
        first += choice == 1;
        third += choice <= 3;
        choices += choice;
        metres += MetresOf(supply, opening);
        ways.push_back((MetresOf(supply, opening) + 999) / 1000);
      }
    }
  }
  int64_t room = 0;
  for (const auto& supply : rows.supplies()) {
    int64_t weeks[2] = {0, 0};
    for (const auto& given : supply.given()) weeks[given.holidays()] += given.visit_count();
    room += std::min<int64_t>(supply.all_visit_count(), std::min<int64_t>(weeks[0], supply.school_visit_count()) +
                                                            std::min<int64_t>(weeks[1], supply.holiday_visit_count()));
  }
  std::sort(ways.begin(), ways.end());
  const auto covered = static_cast<int64_t>(ways.size());
  const auto count = [](int64_t number) { return absl::StrCat(number); };
  Figures told = {{"supplies/number", count(rows.supplies_size())},
                  {"supplies/visiting", count(static_cast<int64_t>(visiting.size()))},
                  {"supplies/visiting_share", Percent(static_cast<int64_t>(visiting.size()), rows.supplies_size())},
                  {"supplies/used_share", Percent(covered, room)},
                  {"supplies/first_choice_share", Percent(first, covered)},
                  {"supplies/third_choice_share", Percent(third, covered)},
                  {"supplies/choice_mean", Rounded(choices, covered)},
                  {"supplies/way_mean", Rounded(metres, 1000 * covered)},
                  {"supplies/way_p90", count(ways[(covered * 9 + 9) / 10 - 1])},
                  {"supplies/way_max", count(ways.back())},
                  {"visits/number", count(wanted)},
                  {"visits/covered", count(covered)},
                  {"visits/covered_share", Percent(covered, wanted)}};
  for (const auto& [area, of] : fill) {
    told[area + "/visits/number"] = count(of.first);
    told[area + "/visits/covered"] = count(of.second);
    told[area + "/visits/covered_share"] = Percent(of.second, of.first);
  }
  return told;
}

// Those that a round says of itself, under the words of the other objective.
Figures Renamed(const Figures& told, const std::string& words) {
  Figures renamed;
  for (const auto& [key, value] : told) {
    if (absl::StrContains(key, "_if_")) continue;
    renamed[absl::StrReplaceAll(key, {{"supplies/", absl::StrCat("supplies_if_", words, "/")},
                                      {"visits/", absl::StrCat("visits_if_", words, "/")}})] = value;
  }
  return renamed;
}
Figures OthersOf(const Figures& told) {
  Figures others;
  for (const auto& [key, value] : told) {
    if (absl::StrContains(key, "_if_")) others[key] = value;
  }
  return others;
}
Figures OwnOf(Figures told) {
  for (auto figure = told.begin(); figure != told.end();) {
    const bool counted = !absl::StrContains(figure->first, "_if_") && !absl::EndsWith(figure->first, "blocking_pairs");
    figure = counted ? std::next(figure) : told.erase(figure);
  }
  return told;
}

TEST_P(VisitFairnessTest, BothObjectivesAreThoseOfRoundsThatAreSolvedSo) {
  int differ = 0, later_choices = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    matching_v1::Snapshot rows = RandomVisits(seed).Rows();
    for (auto& opening : *rows.mutable_openings()) {
      opening.set_area(opening.name() < "openings/o2" ? "areas/312011" : "areas/313025");
    }
    const std::string s = absl::StrCat("s", seed), c = absl::StrCat("c", seed);
    for (const std::string& id : {s, c}) {
      ASSERT_EQ(CreateOfVisits(id, id == c ? "least_count: 1 objective: OBJECTIVE_COVERAGE" : "least_count: 1"), "OK");
      ASSERT_EQ(Said(SolveRound(admin(), id, &rows)), "OK");
    }
    const Figures stable = Told(s, "group_by: VISIT_FAIRNESS_GROUPING_AREAS");
    const Figures coverage = Told(c, "group_by: VISIT_FAIRNESS_GROUPING_AREAS");
    EXPECT_EQ(OwnOf(stable), CountedFrom(rows, Visits(s)));
    EXPECT_EQ(OwnOf(coverage), CountedFrom(rows, Visits(c)));
    EXPECT_EQ(OthersOf(stable), Renamed(coverage, "coverage"));
    EXPECT_EQ(OthersOf(coverage), Renamed(stable, "stable"));
    EXPECT_EQ(stable.at("supplies/blocking_pairs"), "0");
    differ += stable.at("visits/covered") != coverage.at("visits/covered");
    later_choices += stable.at("supplies/choice_mean") != "1.0";
  }
  EXPECT_GT(differ, 0);
  EXPECT_GT(later_choices, 0);
}

// far wishes for what is ten kilometres away, and gets it; door stays at home.
TEST_P(VisitFairnessTest, SaysWhatEachGotAndCountsWeights) {
  ASSERT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  ASSERT_EQ(Said(Supply("door", kMonday, 5'000)), "OK");
  ASSERT_EQ(Said(Supply("far", std::string(kMonday) + " wishes: 'facilities/minami'")), "OK");
  Solve("r", "objective: OBJECTIVE_COVERAGE least_count: 2 weights { place: 'facilities/minami' weight: 3 }");
  const auto report = Report("r", "group_by: VISIT_FAIRNESS_GROUPING_AREAS");
  ASSERT_EQ(Said(report), "OK");
  Figures told;
  std::map<std::string, std::string> labels;
  for (const auto& figure : report->figures()) {
    told[figure.key()] = figure.value();
    labels[figure.group()] = figure.group_label().ja();
  }
  EXPECT_EQ(labels["areas/312011"], "鳥取市");
  const Figures wanted = {{"supplies/number", "2"},
                          {"supplies/visiting", "2"},
                          {"supplies/used_share", "100"},
                          {"supplies/first_choice_share", "100"},
                          {"supplies/way_mean", "5.0"},
                          {"supplies/way_p90", "11"},
                          {"supplies/way_max", "11"},
                          {"visits/number", "6"},
                          {"visits/covered", "2"},
                          {"visits/covered_share", "33"},
                          {"visits/covered_weight", "4"},
                          {"areas/312011/visits/covered_share", "50"},
                          {"areas/313025/visits/covered_share", "25"},
                          {"areas/313025/visits/covered_weight", "3"}};
  for (const auto& [key, value] : wanted) EXPECT_EQ(told[key], value) << key;
}

// A choice of few tells what one of them wished for, or where it would not go.
TEST_P(VisitFairnessTest, OfFewNoChoicesAreTold) {
  ASSERT_EQ(Said(Supply("door", kMonday, 5'000)), "OK");
  ASSERT_EQ(Said(Supply("far", std::string(kMonday) + " wishes: 'facilities/minami'")), "OK");
  Solve("r");
  const Figures told = Told("r");
  EXPECT_EQ(told.at("supplies/visiting"), "2") << "and least_count is 5";
  EXPECT_EQ(told.at("visits/covered"), "2");
  for (const auto& [key, value] : told) {
    EXPECT_FALSE(absl::StrContains(key, "choice") || absl::StrContains(key, "way")) << key;
  }
}

TEST_P(VisitFairnessTest, GoesByWhatHoldsAfterTheLastEvent) {
  ASSERT_EQ(Said(Supply("door", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]", 5'000)), "OK");
  Solve("r", "least_count: 1");
  const Figures before = Told("r");
  EXPECT_EQ(before.at("visits/covered"), "2");
  EXPECT_EQ(before.count("visits/after_event"), 0u);
  ASSERT_EQ(Said(Ask<matching_v1::ApplyVisitEventsResponse, matching_v1::ApplyVisitEventsRequest>(
                admin().For("tests"), "VisitEventService/ApplyVisitEvents",
                "name: 'rounds/r' changes { remove_supply { supply: 'visitSupplies/door' } }")),
            "OK");
  const Figures after = Told("r");
  EXPECT_EQ(after.at("visits/covered"), "0");
  EXPECT_EQ(after.at("visits/after_event"), "1");
  EXPECT_EQ(after.at("supplies/number"), "0");
  EXPECT_EQ(Told("r", "after_event: 0"), before);
  EXPECT_EQ(Said(Report("r", "after_event: 9")), "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
}

// A round of next term is not as of today.
TEST_P(VisitFairnessTest, ReportsAreAsOfTheDayOfTheirRound) {
  Solve("r", "as_of_date { year: 2051 month: 4 day: 1 }");
  const auto as_of = [](const absl::StatusOr<platform_v1::Report>& report) {
    EXPECT_EQ(Said(report), "OK");
    return report.ok() ? jp::FormatIso(jp::DayOf(report->as_of_date())) : "";
  };
  EXPECT_EQ(as_of(Report("r")), "2051-04-01");
  EXPECT_EQ(as_of(Ask<platform_v1::Report, matching_v1::GetVisitsReportRequest>(
                admin(), "VisitReportService/GetVisitsReport", "round: 'rounds/r'")),
            "2051-04-01");
}

TEST_P(VisitFairnessTest, IsOfSolvedRoundsOfVisits) {
  EXPECT_EQ(Said(Report("absent")), "NOT_FOUND ROUND_NOT_FOUND");
  ASSERT_EQ(CreateOfVisits("v", ""), "OK");
  EXPECT_EQ(Said(Report("v")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 7)), "OK");
  EXPECT_EQ(Said(Report("e")), "FAILED_PRECONDITION ROUND_NOT_OF_VISITS");
}

}  // namespace
}  // namespace tsunagu::wire
