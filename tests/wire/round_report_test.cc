// The reports "supply" and "fairness", compared with rounds that are solved with the change.
#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/jp/civil_day.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/round_report.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::wire {
namespace {

class RoundReportTest : public SuiteTest {
 protected:
  int Matched(const std::string& id, const matching_v1::Snapshot& snapshot) {
    EXPECT_EQ(Said(CreateRound(admin(), id, 7)), "OK");
    return SolveRound(admin(), id, &snapshot)->matched_count();
  }
  // "objective: OBJECTIVE_COVERAGE floors { … }"
  matching_v1::Round SolveFor(const std::string& id, const std::string& fields, const matching_v1::Snapshot& snapshot) {
    matching_v1::CreateRoundRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("round_id: '", id, "' round { display_name: '試験' seed: 7 ", fields, " }"), &request));
    EXPECT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request)), "OK") << fields;
    const auto solved = SolveRound(admin(), id, &snapshot);
    EXPECT_EQ(Said(solved), "OK") << fields;
    return solved.value_or(matching_v1::Round());
  }
  template <typename Request>
  std::map<std::string, std::string> Figures(const std::string& report, Request request, const std::string& id = "r1") {
    request.set_round("rounds/" + id);
    const auto answer =
        admin().Call<platform_v1::Report>("matching.v1.RoundReportService/Get" + report + "Report", request);
    EXPECT_EQ(Said(answer), "OK");
    std::map<std::string, std::string> figures;
    if (answer.ok()) {
      for (const auto& figure : answer->figures()) figures[figure.key()] = figure.value();
    }
    return figures;
  }
};
WIRE_TEST_ON_BOTH(RoundReportTest);

// Each figure equals that of a round that is solved with the change.
TEST_P(RoundReportTest, SupplySaysWhatEachMeasureWouldClose) {
  matching_v1::Snapshot snapshot = ASnapshot(20);
  snapshot.mutable_openings(0)->set_posts(6);
  snapshot.mutable_openings(3)->set_longitude_e6(134'360'000);  // d: some 11 km away
  for (int i = 0; i < 3; ++i) snapshot.mutable_nurses(i)->set_weekly_minutes(800);
  const int matched = Matched("r1", snapshot);
  const auto rows = ListAssignments(admin(), "r1");
  const auto closed = [&](const std::string& id, bool everybody, auto change) {
    matching_v1::Snapshot changed = snapshot;
    for (int i = 0; i < 20; ++i) {
      if (everybody || rows->assignments(i).opening().empty()) change(*changed.mutable_nurses(i));
    }
    return absl::StrCat(Matched(id, changed) - matched);
  };
  const auto figures = Figures("Supply", matching_v1::GetSupplyReportRequest());
  EXPECT_EQ(figures.at("as_it_is/short_posts"), absl::StrCat(18 - matched));
  EXPECT_EQ(figures.at("training_ventilator/closed_posts"),
            closed("v", true, [](auto& nurse) { nurse.add_skills(registry_v1::SKILL_VENTILATOR); }));
  EXPECT_EQ(figures.at("training_suction/closed_posts"),
            closed("s", true, [](auto& nurse) { nurse.add_skills(registry_v1::SKILL_SUCTION); }));
  EXPECT_EQ(figures.at("longer_commute/closed_posts"),
            closed("c", false, [](auto& nurse) { nurse.set_commute_limit_metres(15'000); }));
  EXPECT_EQ(figures.count("longer_travel_time/closed_posts"), 0) << "nobody goes by minutes";
  matching_v1::Snapshot shorter = snapshot;
  std::map<std::string, int> filled;
  for (const auto& row : rows->assignments()) ++filled[row.opening()];
  int short_openings = 0;
  for (auto& opening : *shorter.mutable_openings()) {
    if (filled[opening.name()] == opening.posts()) continue;
    ++short_openings;
    opening.set_weekly_minutes(opening.weekly_minutes() - 480);
  }
  EXPECT_EQ(figures.at("shorter_hours/closed_posts"), absl::StrCat(Matched("h", shorter) - matched));
  EXPECT_EQ(figures.at("as_it_is/short_openings"), absl::StrCat(short_openings));
  EXPECT_EQ(figures.at("more_nurses/closed_posts"), absl::StrCat(short_openings));
  for (const char* means : {"training_ventilator", "longer_commute"}) {
    EXPECT_NE(figures.at(absl::StrCat(means, "/closed_posts")), "0") << means;
  }
  matching_v1::GetSupplyReportRequest before;
  before.set_round("rounds/r1");
  before.set_rule_version(1);
  EXPECT_EQ(Said(admin().Call<platform_v1::Report>("matching.v1.RoundReportService/GetSupplyReport", before)),
            "INVALID_ARGUMENT INVALID_REQUEST rule_version:RULE_NOT_KEPT");
  matching_v1::GetSupplyReportRequest absent;
  absent.set_round("rounds/absent");
  EXPECT_EQ(Said(admin().Call<platform_v1::Report>("matching.v1.RoundReportService/GetSupplyReport", absent)),
            "NOT_FOUND ROUND_NOT_FOUND");
}

// Of 30 nurses, those from `first` on who live in the one mesh go by minutes to the opening that is too far for all.
matching_v1::Snapshot SomeByMinutes(int first) {
  matching_v1::Snapshot snapshot = ASnapshot(30);
  matching_v1::SnapshotOpening& far = *snapshot.mutable_openings(3);
  far.set_longitude_e6(134'360'000);  // some 11 km away
  far.set_posts(12);
  for (auto& opening : *snapshot.mutable_openings()) opening.set_area("areas/312011");
  matching_v1::SnapshotCommuteRule& rule = *snapshot.add_commute_rules();
  rule.set_name("commuteRules/r");
  rule.set_area("areas/312011");
  matching_v1::SnapshotTravelTime& time = *snapshot.add_travel_times();
  time.set_commute_rule(rule.name());
  time.set_origin("53341198");
  time.set_destination("facilities/d");
  time.set_minutes(35);
  for (int i = first; i < 30; ++i) {
    auto& nurse = *snapshot.mutable_nurses(i);
    if (nurse.home_mesh() == time.origin()) nurse.set_commute_limit_minutes(25);
  }
  return snapshot;
}

// A way that a table measures is reported in minutes, any other in metres, and neither for few nurses.
TEST_P(RoundReportTest, LongerWaysAreToldInTheUnitInWhichTheyAreMeasured) {
  struct Row {
    std::string name;
    matching_v1::Snapshot snapshot;
    bool in_metres, in_minutes;
  };
  std::vector<Row> rows = {{"both", SomeByMinutes(0), true, true},
                           {"few by minutes", SomeByMinutes(20), true, false},
                           {"nobody by minutes", SomeByMinutes(30), true, false},
                           {"all by minutes", SomeByMinutes(0), false, true},
                           {"few by metres", SomeByMinutes(0), false, true}};
  for (size_t i = 3; i < 5; ++i) {
    for (int nurse = i == 3 ? 0 : 3; nurse < 30; ++nurse) {
      rows[i].snapshot.mutable_nurses(nurse)->set_home_mesh("53341198");
      rows[i].snapshot.mutable_nurses(nurse)->set_commute_limit_minutes(25);
    }
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::string id = absl::StrCat("r", i + 1);
    const int matched = Matched(id, row.snapshot);
    const auto assigned = ListAssignments(admin(), id);
    const auto closed = [&](const std::string& with, auto change) {
      matching_v1::Snapshot changed = row.snapshot;
      for (int nurse = 0; nurse < 30; ++nurse) {
        if (assigned->assignments(nurse).opening().empty()) change(*changed.mutable_nurses(nurse));
      }
      return absl::StrCat(Matched(id + with, changed) - matched);
    };
    const auto figures = Figures("Supply", matching_v1::GetSupplyReportRequest(), id);
    ASSERT_EQ(figures.count("longer_commute/closed_posts") > 0, row.in_metres) << row.name;
    ASSERT_EQ(figures.count("longer_travel_time/closed_posts") > 0, row.in_minutes) << row.name;
    if (row.in_metres) {
      EXPECT_EQ(figures.at("longer_commute/closed_posts"),
                closed("m", [](auto& nurse) { nurse.set_commute_limit_metres(15'000); }))
          << row.name;
      EXPECT_NE(figures.at("longer_commute/closed_posts"), "0") << row.name;
    }
    if (row.in_minutes) {
      EXPECT_EQ(figures.at("longer_travel_time/closed_posts"), closed("t",
                                                                      [](auto& nurse) {
                                                                        if (nurse.commute_limit_minutes() > 0)
                                                                          nurse.set_commute_limit_minutes(35);
                                                                      }))
          << row.name;
      EXPECT_NE(figures.at("longer_travel_time/closed_posts"), "0") << row.name;
    }
  }
}

TEST_P(RoundReportTest, FairnessIsThatOfTheAssignments) {
  matching_v1::Snapshot snapshot = ASnapshot(30);
  snapshot.mutable_openings(0)->set_posts(12);
  for (auto& opening : *snapshot.mutable_openings()) {
    opening.set_area(opening.name() == "openings/d" ? "areas/322016" : "areas/312011");
  }
  ASSERT_EQ(Matched("r1", snapshot), 14);
  const auto rows = ListAssignments(admin(), "r1");
  std::vector<int> kilometres;
  int64_t first = 0, metres = 0;
  for (const auto& row : rows->assignments()) {
    if (row.opening().empty()) continue;
    first += row.choice() == 1;
    kilometres.push_back(static_cast<int>((row.distance_metres() + 999) / 1000));
    metres += row.distance_metres();
  }
  std::sort(kilometres.begin(), kilometres.end());
  matching_v1::GetFairnessReportRequest request;
  request.set_group_by(matching_v1::FAIRNESS_GROUPING_AREAS);
  const auto figures = Figures("Fairness", request);
  EXPECT_EQ(figures.at("nurses/number"), "30");
  EXPECT_EQ(figures.at("nurses/placed"), "14");
  EXPECT_EQ(figures.at("nurses/first_choice_share"), absl::StrCat((first * 200 + 14) / 28));
  EXPECT_EQ(figures.at("nurses/commute_max"), absl::StrCat(kilometres[9])) << "five go that far, or further";
  const int64_t sum = (metres + 500) / 1000, tenths = (sum * 20 + 14) / 28;
  EXPECT_EQ(figures.at("nurses/commute_mean"), absl::StrFormat("%d.%d", tenths / 10, tenths % 10));
  EXPECT_EQ(figures.at("posts/filled"), "14");
  EXPECT_EQ(figures.at("areas/312011/posts/number"), "19");
  EXPECT_EQ(figures.at("areas/312011/posts/filled"), "14");
  EXPECT_EQ(figures.at("areas/322016/posts/filled_share"), "0");
}

// A distance is reported only if at least `least_count` nurses travel it, or farther.
TEST_P(RoundReportTest, NobodyIsKnownByTheLongestWay) {
  // So many meshes from the only opening: one nurse comes from afar, three from less far.
  const std::vector<int> meshes = {9, 6, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  matching_v1::Snapshot snapshot = ASnapshot(static_cast<int>(meshes.size()));
  snapshot.mutable_openings()->DeleteSubrange(1, 3);
  snapshot.mutable_openings(0)->set_longitude_e6(134'131'250);  // in the mesh of column 0
  snapshot.mutable_openings(0)->set_posts(20);
  for (size_t i = 0; i < meshes.size(); ++i) {
    snapshot.mutable_nurses(static_cast<int>(i))->set_home_mesh(absl::StrCat("5334118", meshes[i]));
    snapshot.mutable_nurses(static_cast<int>(i))->set_commute_limit_metres(20'000);
  }
  struct Row {
    int least_count, longest;
    bool has_p90;
  };
  for (const Row& row : std::vector<Row>{{1, 9, true}, {2, 6, true}, {4, 6, true}, {5, 3, false}, {14, 1, false}}) {
    const std::string id = absl::StrCat("of", row.least_count);
    SolveFor(id, absl::StrCat("least_count: ", row.least_count), snapshot);
    const auto assigned = ListAssignments(admin(), id);
    ASSERT_EQ(Said(assigned), "OK");
    std::map<int, std::string> kilometres;  // by meshes
    for (size_t i = 0; i < meshes.size(); ++i) {
      kilometres[meshes[i]] = absl::StrCat((assigned->assignments(static_cast<int>(i)).distance_metres() + 999) / 1000);
    }
    ASSERT_THAT(kilometres, testing::SizeIs(4));
    const auto figures = Figures("Fairness", matching_v1::GetFairnessReportRequest(), id);
    ASSERT_EQ(figures.at("nurses/placed"), "14");
    EXPECT_EQ(figures.at("nurses/commute_max"), kilometres[row.longest]) << id;
    ASSERT_EQ(figures.count("nurses/commute_p90"), row.has_p90 ? 1u : 0u) << id;
    if (row.has_p90) {
      EXPECT_EQ(figures.at("nurses/commute_p90"), kilometres[6]) << id;
    }
  }
}

// The way to work of few is nobody's business.
TEST_P(RoundReportTest, OfFewNoWaysAreTold) {
  ASSERT_EQ(Matched("r1", ASnapshot(10)), 4);
  const auto figures = Figures("Fairness", matching_v1::GetFairnessReportRequest());
  EXPECT_EQ(figures.at("nurses/placed"), "4");
  for (const char* absent : {"commute_mean", "commute_p90", "commute_max", "choice_mean", "first_choice_share"}) {
    EXPECT_EQ(figures.count(absl::StrCat("nurses/", absent)), 0) << absent;
  }
}

// 40 nurses for more posts than they can reach; a floor at d holds for those who may have one.
matching_v1::Snapshot Rows() {
  matching_v1::Snapshot snapshot = ASnapshot(40);
  snapshot.mutable_openings(0)->set_posts(8);
  snapshot.mutable_openings(1)->set_posts(9);
  snapshot.mutable_openings(3)->set_longitude_e6(134'300'000);  // d: some 6 km away
  snapshot.mutable_openings(3)->set_posts(12);
  for (auto& opening : *snapshot.mutable_openings()) {
    opening.set_area(opening.name() == "openings/d" ? "areas/322016" : "areas/312011");
  }
  return snapshot;
}

// Each objective in the report of the other round has the figures of a separate round with that objective.
TEST_P(RoundReportTest, FairnessShowsWhatOtherObjectivesWouldGive) {
  const matching_v1::Snapshot rows = Rows();
  SolveFor("stable", "", rows);
  SolveFor("coverage", "objective: OBJECTIVE_COVERAGE", rows);
  SolveFor("balanced",
           "objective: OBJECTIVE_BALANCED caps { place: 'facilities/a' limit: 8 } "
           "floors { place: 'facilities/d' least: 5 }",
           rows);
  matching_v1::GetFairnessReportRequest request;
  request.set_group_by(matching_v1::FAIRNESS_GROUPING_AREAS);
  std::map<std::string, std::map<std::string, std::string>> told;
  for (const char* id : {"stable", "coverage", "balanced"}) told[id] = Figures("Fairness", request, id);
  // By its words, what a round tells of itself.
  const auto own = [&](const std::string& id, const std::string& words) {
    std::map<std::string, std::string> figures;
    for (const auto& [key, value] : told[id]) {
      if (absl::StrContains(key, "_if_")) continue;
      figures[absl::StrReplaceAll(key, {{"nurses/", absl::StrCat("nurses_if_", words, "/")},
                                        {"posts/", absl::StrCat("posts_if_", words, "/")}})] = value;
    }
    return figures;
  };
  const auto others = [&](const std::string& id, const std::string& words) {
    std::map<std::string, std::string> figures;
    for (const auto& [key, value] : told[id]) {
      if (absl::StrContains(key, absl::StrCat("_if_", words, "/"))) figures[key] = value;
    }
    return figures;
  };
  EXPECT_EQ(others("stable", "coverage"), own("coverage", "coverage"));
  EXPECT_EQ(others("coverage", "stable"), own("stable", "stable"));
  EXPECT_GT(others("stable", "coverage").size(), 12u);
  EXPECT_TRUE(others("stable", "stable").empty());
  EXPECT_TRUE(others("coverage", "coverage").empty());
  EXPECT_FALSE(others("balanced", "stable").empty());
  EXPECT_FALSE(others("balanced", "coverage").empty());
  EXPECT_EQ(told["stable"].at("nurses/blocking_pairs"), "0");
  EXPECT_NE(told["stable"].at("nurses_if_coverage/blocking_pairs"), "0") << "the price of coverage";
  EXPECT_NE(told["stable"].at("nurses/choice_mean"), told["stable"].at("nurses_if_coverage/choice_mean"));
  EXPECT_EQ(told["stable"].count("posts/filled_weight"), 0u) << "it has no weights";
  EXPECT_EQ(told["stable"].at("areas/322016/posts/filled"), told["coverage"].at("areas/322016/posts_if_stable/filled"));
}

// A measure of a round of BALANCED is solved under the limits of the round, not under those that it had to lower.
TEST_P(RoundReportTest, SupplyOfBalancedStartsFromTheLimitsOfTheRound) {
  matching_v1::Snapshot rows = ASnapshot(3);
  rows.mutable_openings()->DeleteSubrange(2, 2);
  rows.mutable_openings(0)->set_posts(2);
  rows.mutable_openings(0)->clear_required_skills();
  rows.mutable_openings(1)->set_posts(1);
  rows.mutable_openings(1)->clear_required_skills();
  rows.mutable_openings(1)->add_required_skills(registry_v1::SKILL_SUCTION);
  for (auto& nurse : *rows.mutable_nurses()) {
    nurse.set_home_mesh("53341188");
    nurse.clear_skills();
    nurse.clear_wishes();
    nurse.add_wishes("facilities/a");
  }
  for (int i = 0; i < 2; ++i) rows.mutable_nurses(i)->add_skills(registry_v1::SKILL_SUCTION);
  rows.mutable_nurses(2)->add_unwanted_facilities("facilities/a");
  rows.mutable_nurses(2)->clear_wishes();
  const std::string limits =
      "objective: OBJECTIVE_BALANCED caps { place: 'facilities/a' limit: 2 } floors { place: 'facilities/b' least: 1 }";
  ASSERT_EQ(SolveFor("r1", limits, rows).matched_count(), 2) << "a gives one of its two for the floor of b";
  matching_v1::ExplainOpeningRequest why;
  why.set_name("rounds/r1");
  why.set_opening("openings/a");
  const auto told =
      admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening", why);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_EQ(told->obstacles().cap(), "facilities/a");
  EXPECT_TRUE(told->obstacles().cap_is_lowered());
  EXPECT_TRUE(absl::StrContains(told->text().ja(), "ほかの場所の下限を満たすため")) << told->text().ja();
  EXPECT_TRUE(absl::StrContains(told->text().en(), "So that a floor elsewhere is met")) << told->text().en();
  rows.mutable_nurses(2)->add_skills(registry_v1::SKILL_SUCTION);
  ASSERT_EQ(SolveFor("trained", limits, rows).matched_count(), 3);
  const auto figures = Figures("Supply", matching_v1::GetSupplyReportRequest());
  EXPECT_EQ(figures.at("training_suction/closed_posts"), "1");
  EXPECT_EQ(figures.at("training_ventilator/closed_posts"), "0");
  EXPECT_EQ(figures.at("more_nurses/closed_posts"), "1") << "one more at a";
}

// An area has its name, where the registry has one.
TEST_P(RoundReportTest, GroupsHaveTheirNames) {
  CreateAreas();
  Matched("r1", Rows());
  ASSERT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  matching_v1::GetFairnessReportRequest request;
  request.set_round("rounds/r1");
  request.set_group_by(matching_v1::FAIRNESS_GROUPING_AREAS);
  const auto answer = admin().Call<platform_v1::Report>("matching.v1.RoundReportService/GetFairnessReport", request);
  ASSERT_EQ(Said(answer), "OK");
  std::map<std::string, std::string> labels;
  for (const auto& figure : answer->figures()) labels[figure.group()] = figure.group_label().ja();
  EXPECT_EQ(labels["areas/312011"], "鳥取市");
  EXPECT_EQ(labels["areas/322016"], "松江市");
}

// A round of COVERAGE, by rounds that are solved so: each measure alone, what they count, and what its prices say.
TEST_P(RoundReportTest, SupplyOfCoverageSaysWhatEachMeasureWouldCloseAndCost) {
  matching_v1::Snapshot snapshot = Rows();
  snapshot.mutable_openings(3)->set_longitude_e6(134'360'000);  // d: some 11 km away
  snapshot.mutable_openings(1)->set_posts(3);
  for (int i = 0; i < 10; ++i) snapshot.mutable_nurses(i)->set_weekly_minutes(800);
  for (int i = 30; i < 40; ++i) snapshot.mutable_nurses(i)->set_commute_limit_metres(13'000);
  const std::string fields =
      "objective: OBJECTIVE_COVERAGE weights { place: 'facilities/c' weight: 4 } "
      "weights { place: 'facilities/d' weight: 2 } floors { place: 'facilities/d' least: 2 } ";
  const matching_v1::Round round = SolveFor("r1", fields, snapshot);
  const auto rows = ListAssignments(admin(), "r1");
  matching_v1::GetSupplyReportRequest request;
  request.set_group_by(matching_v1::SUPPLY_GROUPING_AREAS);
  const auto figures = Figures("Supply", request);
  const auto closed = [&](const std::string& means, bool everybody, auto change) {
    matching_v1::Snapshot changed = snapshot;
    for (int i = 0; i < 40; ++i) {
      if (everybody || rows->assignments(i).opening().empty()) change(*changed.mutable_nurses(i));
    }
    const matching_v1::Round then = SolveFor(absl::StrReplaceAll(means, {{"_", "-"}}), fields, changed);
    EXPECT_EQ(figures.at(means + "/closed_posts"), absl::StrCat(then.matched_count() - round.matched_count())) << means;
    EXPECT_EQ(figures.at(means + "/closed_weight"),
              absl::StrCat(then.outcomes(0).weight() - round.outcomes(0).weight()))
        << means;
    return then.outcomes(0).weight() - round.outcomes(0).weight();
  };
  EXPECT_GT(closed("training_ventilator", true, [](auto& nurse) { nurse.add_skills(registry_v1::SKILL_VENTILATOR); }),
            0);
  closed("training_suction", true, [](auto& nurse) { nurse.add_skills(registry_v1::SKILL_SUCTION); });
  EXPECT_GT(closed("longer_commute", false,
                   [](auto& nurse) { nurse.set_commute_limit_metres(nurse.commute_limit_metres() + 5'000); }),
            0);
  int posts = 0;
  for (const auto& opening : snapshot.openings()) posts += opening.posts();
  EXPECT_EQ(figures.at("as_it_is/short_posts"), absl::StrCat(posts - round.matched_count()));
  EXPECT_EQ(figures.at("if_stable/short_posts"), absl::StrCat(posts - round.outcomes(1).matched_count()));
  EXPECT_EQ(figures.count("if_coverage/short_posts"), 0u);
  // No nurse has the skill that c requires. A nurse who has it, and lives beside c, brings the weight of c.
  EXPECT_EQ(figures.at("one_nurse/price_weight"), "4");
  EXPECT_EQ(figures.count("one_nurse/price_way"), 0u);
  EXPECT_EQ(figures.at("areas/312011/one_nurse/price_weight"), "4");
  EXPECT_EQ(figures.at("areas/322016/one_nurse/price_weight"), "2");
  matching_v1::ListCutoffsRequest cutoffs;
  cutoffs.set_parent("rounds/r1");
  const auto listed = admin().Call<matching_v1::ListCutoffsResponse>("matching.v1.RoundService/ListCutoffs", cutoffs);
  ASSERT_EQ(listed->cutoffs(0).name(), "facilities/d");
  EXPECT_EQ(figures.at("facilities/d/higher_floor/price_weight"),
            absl::StrCat(listed->cutoffs(0).floor_worth().weight()));
}

// A floor that costs ways, and posts that are full: a price in kilometres.
TEST_P(RoundReportTest, PricesOfCoverageAreToldInWaysWhereNoPostGoesEmpty) {
  matching_v1::Snapshot snapshot = Rows();
  snapshot.mutable_openings()->DeleteSubrange(1, 2);
  snapshot.mutable_openings(0)->set_posts(40);  // a takes them all
  SolveFor("r1", "objective: OBJECTIVE_COVERAGE floors { place: 'facilities/d' least: 3 }", snapshot);
  const auto figures = Figures("Supply", matching_v1::GetSupplyReportRequest());
  EXPECT_EQ(figures.at("facilities/d/higher_floor/price_weight"), "0");
  const std::string way = figures.at("facilities/d/higher_floor/price_way");
  EXPECT_GT(std::stod(way), 3.0);
  EXPECT_LT(std::stod(way), 10.0);
  SolveFor("few", "objective: OBJECTIVE_COVERAGE least_count: 41 floors { place: 'facilities/d' least: 3 }", snapshot);
  const auto few = Figures("Supply", matching_v1::GetSupplyReportRequest(), "few");
  EXPECT_EQ(few.count("facilities/d/higher_floor/price_weight"), 0u) << "fewer could have come";
  EXPECT_EQ(few.count("one_nurse/price_weight"), 0u);
}

// One more nurse for each opening: no more than caps let in.
TEST_P(RoundReportTest, MoreNursesGoAsFarAsCapsLetThem) {
  matching_v1::Snapshot snapshot = ASnapshot(10);  // c and d fit nobody
  SolveFor("r1", "caps { place: 'facilities/c' limit: 0 }", snapshot);
  EXPECT_EQ(Figures("Supply", matching_v1::GetSupplyReportRequest()).at("more_nurses/closed_posts"), "1");
  SolveFor("r2", "caps { place: 'facilities/c' limit: 1 }", snapshot);
  EXPECT_EQ(Figures("Supply", matching_v1::GetSupplyReportRequest(), "r2").at("more_nurses/closed_posts"), "2");
}

// A round of next term is not reported as of today.
TEST_P(RoundReportTest, AReportIsAsOfTheDayOfItsRound) {
  const matching_v1::Snapshot snapshot = ASnapshot(6);
  SolveFor("r1", "as_of_date { year: 2051 month: 4 day: 1 }", snapshot);
  const auto as_of = [&](const std::string& report, auto request) {
    request.set_round("rounds/r1");
    const auto answer =
        admin().Call<platform_v1::Report>("matching.v1.RoundReportService/Get" + report + "Report", request);
    EXPECT_EQ(Said(answer), "OK");
    return answer.ok() ? jp::FormatIso(jp::DayOf(answer->as_of_date())) : "";
  };
  EXPECT_EQ(as_of("Supply", matching_v1::GetSupplyReportRequest()), "2051-04-01");
  EXPECT_EQ(as_of("Fairness", matching_v1::GetFairnessReportRequest()), "2051-04-01");
  matching_v1::GetSupplyReportRequest asked;
  *asked.mutable_as_of_date() = jp::ToDate(*jp::ParseDay("2049-01-01"));
  EXPECT_EQ(as_of("Supply", asked), "2051-04-01") << "whatever day is asked about";
}

// One more nurse for each opening closes posts, and what these weigh.
TEST_P(RoundReportTest, MoreNursesCloseWeightToo) {
  matching_v1::Snapshot snapshot = ASnapshot(1);
  SolveFor("r1", "objective: OBJECTIVE_COVERAGE weights { place: 'facilities/c' weight: 7 }", snapshot);
  auto figures = Figures("Supply", matching_v1::GetSupplyReportRequest());
  EXPECT_EQ(figures["more_nurses/closed_posts"], "4");
  EXPECT_EQ(figures["more_nurses/closed_weight"], "10");
}

}  // namespace
}  // namespace tsunagu::wire
