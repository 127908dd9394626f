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
  std::map<std::string, std::string> Figures(const std::string& report, Request request) {
    request.set_round("rounds/r1");
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
  matching_v1::Snapshot snapshot = ASnapshot(12);
  snapshot.mutable_openings(0)->set_posts(6);
  snapshot.mutable_openings(3)->set_longitude_e6(134'360'000);  // d: some 11 km away
  for (int i = 0; i < 3; ++i) snapshot.mutable_nurses(i)->set_weekly_minutes(800);
  const int matched = Matched("r1", snapshot);
  const auto rows = ListAssignments(admin(), "r1");
  const auto closed = [&](const std::string& id, bool everybody, auto change) {
    matching_v1::Snapshot changed = snapshot;
    for (int i = 0; i < 12; ++i) {
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
  matching_v1::GetSupplyReportRequest absent;
  absent.set_round("rounds/absent");
  EXPECT_EQ(Said(admin().Call<platform_v1::Report>("matching.v1.RoundReportService/GetSupplyReport", absent)),
            "NOT_FOUND ROUND_NOT_FOUND");
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
