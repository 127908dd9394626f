// The reports "supply" and "fairness" against rounds that are solved so.
#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "tests/wire/rounds.h"
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
  template <typename Request>
  std::map<std::string, std::string> Figures(const std::string& report, Request request, const std::string& id = "r1") {
    request.set_round("rounds/" + id);
    const auto answer = admin().Call<platform_v1::Report>("matching.v1.RoundReportService/Get" + report + "Report", request);
    EXPECT_EQ(Said(answer), "OK");
    std::map<std::string, std::string> figures;
    if (answer.ok()) {
      for (const auto& figure : answer->figures()) figures[figure.key()] = figure.value();
    }
    return figures;
  }
};
WIRE_TEST_ON_BOTH(RoundReportTest);

// Each figure is that of a round in which it is so.
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

// A way that a table measures is told in minutes, any other in metres, and neither of few.
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
      EXPECT_EQ(figures.at("longer_travel_time/closed_posts"), closed("t", [](auto& nurse) {
                  if (nurse.commute_limit_minutes() > 0) nurse.set_commute_limit_minutes(35);
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
  EXPECT_EQ(figures.at("nurses/commute_p90"), absl::StrCat(kilometres[12])) << "13 of 14 are nine in ten";
  EXPECT_EQ(figures.at("nurses/commute_max"), absl::StrCat(kilometres.back()));
  EXPECT_EQ(figures.at("nurses/commute_mean"), absl::StrFormat("%d.%d", (metres * 20 + 14000) / 28000 / 10, (metres * 20 + 14000) / 28000 % 10));
  EXPECT_EQ(figures.at("posts/filled"), "14");
  EXPECT_EQ(figures.at("areas/312011/posts/number"), "19");
  EXPECT_EQ(figures.at("areas/312011/posts/filled"), "14");
  EXPECT_EQ(figures.at("areas/322016/posts/filled_share"), "0");
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

}  // namespace
}  // namespace tsunagu::wire
