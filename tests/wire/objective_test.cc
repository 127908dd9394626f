// The objectives of a round: floors and weights by coverage, floors by lower limits elsewhere, the fewest moves; their
// proofs, and the price of each relative to the others.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/round_report.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ObjectiveTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
  }

  // Three openings in 鳥取市, one in 岩美町, some kilometres away, with two posts each but the last, which has one.
  static matching_v1::Snapshot Rows() {
    matching_v1::Snapshot snapshot;
    const char* openings[] = {"a", "b", "c"};
    for (int i = 0; i < 3; ++i) {
      auto& row = *snapshot.add_openings();
      row.set_name(absl::StrCat("openings/", openings[i]));
      row.set_facility(absl::StrCat("facilities/", openings[i]));
      row.set_area(i == 2 ? "areas/313025" : "areas/312011");
      row.set_latitude_e6(35'495'000 + 20'000 * i);
      row.set_longitude_e6(134'231'000);
      row.set_posts(2);
      row.set_weekly_minutes(600);
    }
    for (int i = 0; i < 4; ++i) {
      auto& nurse = *snapshot.add_nurses();
      nurse.set_name(absl::StrCat("nurses/n", i));
      nurse.set_licence(registry_v1::LICENCE_NURSE);
      nurse.set_weekly_minutes(1200);
      nurse.set_home_mesh("53341198");
      nurse.set_commute_limit_metres(20'000);
    }
    return snapshot;
  }
  absl::StatusOr<matching_v1::Round> Solve(const std::string& id, const std::string& fields,
                                           const matching_v1::Snapshot& snapshot) {
    matching_v1::CreateRoundRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("round_id: '", id, "' round { display_name: '試験' seed: 1 ",
                     absl::StrContains(fields, "least_count") ? "" : "least_count: 1 ", fields, " }"),
        &request))
        << fields;
    const auto made = reader().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request);
    if (!made.ok()) return made;
    return SolveRound(reader(), id, &snapshot);
  }
  // How many nurses each opening got.
  std::map<std::string, int> FilledOf(const std::string& id) {
    matching_v1::ListAssignmentsRequest request;
    request.set_parent("rounds/" + id);
    const auto listed =
        reader().Call<matching_v1::ListAssignmentsResponse>("matching.v1.RoundService/ListAssignments", request);
    EXPECT_EQ(Said(listed), "OK");
    std::map<std::string, int> filled;
    for (const auto& row : listed->assignments()) ++filled[row.opening().empty() ? "-" : row.opening().substr(9)];
    return filled;
  }
  void ExpectVerified(const std::string& id) {
    const auto verified = Verify(reader(), id);
    ASSERT_EQ(Said(verified), "OK");
    EXPECT_TRUE(verified->stable()) << verified->ShortDebugString();
  }
  matching_v1::ExplainOpeningResponse Explain(const std::string& id, const std::string& opening) {
    matching_v1::ExplainOpeningRequest request;
    request.set_name("rounds/" + id);
    request.set_opening(opening);
    const auto told = reader().Call<matching_v1::ExplainOpeningResponse>(
        "matching.v1.RoundExplanationService/ExplainOpening", request);
    EXPECT_EQ(Said(told), "OK");
    return told.value_or(matching_v1::ExplainOpeningResponse());
  }
  std::vector<matching_v1::ExplainAssignmentResponse::Step> Steps(const std::string& id, const std::string& nurse) {
    matching_v1::ExplainAssignmentRequest request;
    request.set_name("rounds/" + id);
    request.set_nurse(nurse);
    const auto told = reader().Call<matching_v1::ExplainAssignmentResponse>(
        "matching.v1.RoundExplanationService/ExplainAssignment", request);
    EXPECT_EQ(Said(told), "OK");
    if (!told.ok()) return {};
    return {told->steps().begin(), told->steps().end()};
  }
  using Filled = std::map<std::string, int>;
};
WIRE_TEST_ON_BOTH(ObjectiveTest);

TEST_P(ObjectiveTest, EachFillsWhatItIsFor) {
  ASSERT_EQ(Said(Solve("stable", "", Rows())), "OK");
  EXPECT_EQ(FilledOf("stable"), (Filled{{"a", 2}, {"b", 2}})) << "everybody goes to what is near";
  const char* floor = "floors { place: 'areas/313025' least: 1 } ";
  const auto covered = Solve("coverage", absl::StrCat("objective: OBJECTIVE_COVERAGE ", floor), Rows());
  ASSERT_EQ(Said(covered), "OK");
  EXPECT_EQ(FilledOf("coverage"), (Filled{{"a", 2}, {"b", 1}, {"c", 1}})) << "the nearer ones are kept full";
  ExpectVerified("coverage");
  const auto balanced =
      Solve("balanced", absl::StrCat("objective: OBJECTIVE_BALANCED caps { place: 'areas/312011' limit: 4 } ", floor),
            Rows());
  ASSERT_EQ(Said(balanced), "OK");
  EXPECT_EQ(FilledOf("balanced")["c"], 1);
  ExpectVerified("balanced");
  // The results of the other objectives, as prices.
  ASSERT_EQ(covered->outcomes_size(), 2);
  EXPECT_EQ(covered->outcomes(0).objective(), matching_v1::Round::OBJECTIVE_COVERAGE);
  EXPECT_EQ(covered->outcomes(0).matched_count(), 4);
  EXPECT_GT(covered->outcomes(0).blocking_pair_count(), 0);
  EXPECT_EQ(covered->outcomes(1).objective(), matching_v1::Round::OBJECTIVE_STABLE);
  EXPECT_EQ(covered->outcomes(1).blocking_pair_count(), 0);
  EXPECT_LT(covered->outcomes(1).mean_metres(), covered->outcomes(0).mean_metres());
}

TEST_P(ObjectiveTest, WeightsDecideWhatIsFilledFirst) {
  matching_v1::Snapshot two = Rows();
  two.mutable_nurses()->DeleteSubrange(2, 2);
  ASSERT_EQ(Said(Solve("w",
                       "objective: OBJECTIVE_COVERAGE weights { place: 'areas/310000' weight: 2 } weights { place: "
                       "'facilities/c' weight: 3 }",
                       two)),
            "OK");
  EXPECT_EQ(FilledOf("w"), (Filled{{"c", 2}}));
  ExpectVerified("w");
}

TEST_P(ObjectiveTest, PricesStandBesideTheLimits) {
  ASSERT_EQ(Said(Solve("p", "objective: OBJECTIVE_COVERAGE floors { place: 'areas/313025' least: 1 }", Rows())), "OK");
  matching_v1::ListCutoffsRequest request;
  request.set_parent("rounds/p");
  const auto listed = reader().Call<matching_v1::ListCutoffsResponse>("matching.v1.RoundService/ListCutoffs", request);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->cutoffs_size(), 4);
  EXPECT_EQ(listed->cutoffs(0).name(), "areas/313025");
  EXPECT_EQ(listed->cutoffs(0).least(), 1);
  EXPECT_GT(listed->cutoffs(0).floor_price(), 0) << "the metres by which it is too far for anybody to go there";
  EXPECT_LT(listed->cutoffs(0).floor_price(), 10'000);
  EXPECT_EQ(listed->cutoffs(0).floor_worth().metres(), listed->cutoffs(0).floor_price()) << "no post goes empty for it";
  EXPECT_GT(listed->cutoffs(1).price(), 0) << "one more post near their homes";
}

// By prices: of a nurse what the round would lose elsewhere, of an opening why it is empty and what a post more would
// bring.
TEST_P(ObjectiveTest, CoverageIsExplainedByPrices) {
  ASSERT_EQ(Said(Solve("p", "objective: OBJECTIVE_COVERAGE floors { place: 'areas/313025' least: 1 }", Rows())), "OK");
  const auto full = Explain("p", "openings/a");
  EXPECT_GT(full.post_worth().metres(), 0) << "a shorter way for somebody";
  EXPECT_EQ(full.post_worth().weight(), 0);
  EXPECT_EQ(full.eligible().at_least(), 4);
  EXPECT_EQ(full.elsewhere().at_least(), 2);
  EXPECT_THAT(full.text().ja(), HasSubstr("募集を1人増やすと、全体で最大、通勤が合計"));
  EXPECT_THAT(full.text().en(), HasSubstr("One more post would save "));
  EXPECT_GT(Explain("p", "openings/c").floor_worth().metres(), 0);
  // Four nurses who are all alike: whoever has to go far would fit nearby as well.
  for (int i = 0; i < 4; ++i) {
    for (const auto& step : Steps("p", absl::StrCat("nurses/n", i))) {
      EXPECT_TRUE(step.has_loss());
      EXPECT_EQ(step.loss().weight() + step.loss().metres(), 0);
      EXPECT_THAT(step.text().ja(), HasSubstr("抽選の順"));
    }
  }
}

TEST_P(ObjectiveTest, CoverageExplainsAnEmptyOpening) {
  matching_v1::Snapshot two = Rows();
  two.mutable_nurses()->DeleteSubrange(2, 2);
  two.mutable_openings(1)->add_licences(registry_v1::LICENCE_MIDWIFE);  // nobody fits b
  ASSERT_EQ(Said(Solve("w", "objective: OBJECTIVE_COVERAGE weights { place: 'facilities/c' weight: 3 }", two)), "OK");
  EXPECT_EQ(FilledOf("w"), (Filled{{"c", 2}}));
  const auto empty = Explain("w", "openings/a");
  EXPECT_EQ(empty.least_loss().weight(), 2) << "of 3 only 1 is filled";
  EXPECT_THAT(empty.text().ja(),
              HasSubstr("ここに1人でも決まると、全体で少なくとも、重み2にあたる募集が埋まらなくなります。"));
  EXPECT_THAT(empty.text().en(), HasSubstr("it would cost the round posts of weight 2 at least."));
  const auto unfit = Explain("w", "openings/b");
  EXPECT_FALSE(unfit.has_least_loss());
  EXPECT_EQ(unfit.eligible().at_most(), 0);
  const auto steps = Steps("w", "nurses/n0");
  ASSERT_EQ(steps.size(), 2) << "both are nearer than what she got";
  EXPECT_EQ(steps[0].loss().weight(), 2);
  EXPECT_THAT(steps[0].text().en(), HasSubstr("Were she here, the round would leave empty posts of weight 2."));
  EXPECT_EQ(steps[1].blocker(), matching_v1::BLOCKER_LICENCE);
  EXPECT_FALSE(steps[1].has_loss());
}

// Prices and ways of few tell where somebody lives; and nobody is ranked.
TEST_P(ObjectiveTest, OfFewNothingIsToldAndNobodyIsRanked) {
  matching_v1::Snapshot full = Rows();
  full.mutable_openings()->DeleteSubrange(1, 2);
  const auto solved = Solve("few", "objective: OBJECTIVE_COVERAGE least_count: 5", full);
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->outcomes(0).matched_count(), 2);
  EXPECT_EQ(solved->outcomes(0).mean_metres(), 0);
  matching_v1::ListCutoffsRequest cutoffs;
  cutoffs.set_parent("rounds/few");
  const auto listed = reader().Call<matching_v1::ListCutoffsResponse>("matching.v1.RoundService/ListCutoffs", cutoffs);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->cutoffs_size(), 1);
  EXPECT_EQ(listed->cutoffs(0).price(), 0);
  EXPECT_FALSE(listed->cutoffs(0).has_worth());
  EXPECT_FALSE(Explain("few", "openings/a").has_post_worth());
  matching_v1::ListAssignmentsRequest request;
  request.set_parent("rounds/few");
  const auto rows =
      reader().Call<matching_v1::ListAssignmentsResponse>("matching.v1.RoundService/ListAssignments", request);
  ASSERT_EQ(Said(rows), "OK");
  int filled = 0;
  for (const auto& row : rows->assignments()) filled += row.unmatched_reason() == matching_v1::UNMATCHED_REASON_FILLED;
  EXPECT_EQ(filled, 2);
  matching_v1::GetSupplyReportRequest supply;
  supply.set_round("rounds/few");
  const auto told = reader().Call<platform_v1::Report>("matching.v1.RoundReportService/GetSupplyReport", supply);
  ASSERT_EQ(Said(told), "OK");
  for (const auto& figure : told->figures())
    EXPECT_THAT(figure.key(), testing::Not(HasSubstr("price"))) << figure.key();
}

// Where prices are withheld, what is said holds whatever the reason is: a lot, a cap, a floor.
TEST_P(ObjectiveTest, WhatIsWithheldLeavesNoFalseReason) {
  matching_v1::Snapshot lot = Rows(), cap = Rows(), floor = Rows();
  lot.mutable_openings()->DeleteSubrange(1, 2);
  lot.mutable_openings(0)->set_posts(1);
  lot.mutable_nurses()->DeleteSubrange(2, 2);
  cap.mutable_nurses()->DeleteSubrange(3, 1);
  floor.mutable_nurses()->DeleteSubrange(1, 3);
  struct Case {
    const char *name, *fields;
    const matching_v1::Snapshot& snapshot;
  };
  const Case cases[] = {
      {"lot", "", lot},
      {"cap", "caps { place: 'areas/310000' limit: 1 }", cap},
      {"floor", "floors { place: 'areas/313025' least: 1 }", floor},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    ASSERT_EQ(
        Said(Solve(one.name, absl::StrCat("objective: OBJECTIVE_COVERAGE least_count: 5 ", one.fields), one.snapshot)),
        "OK");
    int told = 0;
    for (const auto& nurse : one.snapshot.nurses()) {
      for (const auto& step : Steps(one.name, nurse.name())) {
        if (step.blocker() != matching_v1::BLOCKER_UNSPECIFIED) continue;
        ++told;
        EXPECT_FALSE(step.has_loss());
        EXPECT_EQ(
            step.text().ja(),
            "ここに決まっても、全体の結果はよくなりません。条件の合う人が少ない求人については、理由を示しません。");
        EXPECT_EQ(step.text().en(),
                  "The round as a whole would be no better with her here. Why is not told where few could have come.");
      }
    }
    EXPECT_GT(told, 0);
  }
}

// A floor without a cap is no limit: its posts have their prices, and a post more there is filled.
TEST_P(ObjectiveTest, AFloorIsNoLimit) {
  const char* both = "objective: OBJECTIVE_COVERAGE floors { place: 'areas/312011' least: 1 }";
  matching_v1::Snapshot crowded = Rows();
  crowded.mutable_openings()->DeleteSubrange(1, 2);
  ASSERT_EQ(Said(Solve("floor", both, crowded)), "OK");
  matching_v1::ListCutoffsRequest cutoffs;
  cutoffs.set_parent("rounds/floor");
  const auto listed = reader().Call<matching_v1::ListCutoffsResponse>("matching.v1.RoundService/ListCutoffs", cutoffs);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->cutoffs_size(), 2);
  EXPECT_FALSE(listed->cutoffs(0).full());
  EXPECT_EQ(listed->cutoffs(0).price(), 0);
  EXPECT_GT(listed->cutoffs(1).price(), 0) << "one more post there would be filled";
  EXPECT_EQ(listed->cutoffs(1).worth().weight(), 1);
  matching_v1::WhatIfRequest more;
  more.set_name("rounds/floor");
  auto& change = *more.add_changes()->mutable_add_posts();
  change.set_opening("openings/a");
  change.set_posts(1);
  const auto told = reader().Call<matching_v1::WhatIfResponse>("matching.v1.RoundComparisonService/WhatIf", more);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_EQ(told->difference().placed_count(), 1);
}

TEST_P(ObjectiveTest, FloorsThatCannotBeMetAreProvedByACut) {
  matching_v1::Snapshot far = Rows();
  for (auto& nurse : *far.mutable_nurses()) nurse.set_commute_limit_metres(3'000);
  far.mutable_nurses(0)->set_commute_limit_metres(20'000);
  const std::string floor = "floors { place: 'areas/313025' least: 2 } ";
  EXPECT_EQ(Said(Solve("f1", "objective: OBJECTIVE_COVERAGE " + floor, far)), "FAILED_PRECONDITION FLOORS_SHORT");
  EXPECT_EQ(Said(Solve("f2", "objective: OBJECTIVE_BALANCED caps { place: 'areas/312011' limit: 4 } " + floor, far)),
            "FAILED_PRECONDITION FLOORS_NOT_REACHED");
  EXPECT_EQ(Said(Solve("f3", "objective: OBJECTIVE_COVERAGE floors { place: 'areas/313025' least: 3 }", Rows())),
            "INVALID_ARGUMENT INVALID_REQUEST floors:CAPS_CONTRADICT");
}

TEST_P(ObjectiveTest, WhatAnObjectiveKnowsNothingOfIsRefused) {
  EXPECT_EQ(Said(Solve("x1", "floors { place: 'areas/313025' least: 1 } weights { place: 'areas/313025' weight: 2 }",
                       Rows())),
            "INVALID_ARGUMENT INVALID_REQUEST round.floors:FLOORS_NOT_OF_OBJECTIVE "
            "round.weights:WEIGHTS_NOT_OF_OBJECTIVE");
  EXPECT_EQ(Said(Solve("x2",
                       "objective: OBJECTIVE_MIN_DISRUPTION caps { place: 'areas/313025' limit: 1 } floors { place: "
                       "'areas/313025' least: 2 }",
                       Rows())),
            "INVALID_ARGUMENT INVALID_REQUEST round.floors:FLOORS_NOT_OF_OBJECTIVE "
            "round.floors[0].least:FLOOR_ABOVE_CAP");
}

// The nearest to what, has to be known: by a round of the same kind, or by the snapshot.
TEST_P(ObjectiveTest, ThePresentIsSaid) {
  const std::string moves = "objective: OBJECTIVE_MIN_DISRUPTION ";
  const std::string missing = "INVALID_ARGUMENT INVALID_REQUEST present_round:PRESENT_MISSING";
  matching_v1::Snapshot rows = Rows();
  EXPECT_EQ(Said(Solve("m1", moves, rows)), missing);
  EXPECT_EQ(Said(FreezeRound(reader(), "m1", &rows)), missing) << "nor is it frozen";
  EXPECT_EQ(Said(SolveRound(reader(), "m1")), missing) << "the registry does not say it";
  matching_v1::Snapshot malformed = Rows();
  malformed.mutable_nurses(0)->set_name("n0");
  EXPECT_EQ(Said(SolveRound(reader(), "m1", &malformed)), missing + " snapshot.nurses[0].name:MALFORMED_NAME");
  rows.mutable_nurses(3)->set_present_opening("openings/a");
  EXPECT_EQ(Said(FreezeRound(reader(), "m1", &rows)), "OK") << "one says it, the others have none";
  EXPECT_EQ(Said(SolveRound(reader(), "m1")), "OK");

  ASSERT_EQ(Said(Solve("now", "", Rows())), "OK");
  EXPECT_EQ(Said(Solve("m2", moves + "present_round: 'rounds/now'", Rows())), "OK");
  matching_v1::Snapshot visits;
  const auto of_visits = [&](const std::string& id, const std::string& fields) {
    return Said(Solve(id, "opening_kind: OPENING_KIND_VISIT " + fields, visits));
  };
  ASSERT_EQ(of_visits("visits", ""), "OK");
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Solve("m3", moves + "present_round: 'rounds/visits'", Rows())),
            refused + "round.present_round:PRESENT_OF_OTHER_KIND");
  EXPECT_EQ(of_visits("m4", moves + "present_round: 'rounds/now'"),
            refused + "round.objective:VISITS_NOT_OF_OBJECTIVE round.present_round:PRESENT_OF_OTHER_KIND");
  EXPECT_EQ(of_visits("m5", moves + "present_round: 'rounds/visits'"),
            refused + "round.objective:VISITS_NOT_OF_OBJECTIVE");
  EXPECT_EQ(Said(Solve("m6", moves + "present_round: 'rounds/none'", Rows())),
            refused + "round.present_round:REFERENCE_NOT_FOUND");
}

// Two nurses, two posts of their own facilities that each of them prefers the other's: two stable results.
TEST_P(ObjectiveTest, WhoIsWhereStaysThere) {
  matching_v1::Snapshot snapshot = Rows();
  snapshot.mutable_openings()->DeleteSubrange(2, 1);
  snapshot.mutable_nurses()->DeleteSubrange(2, 2);
  for (int i = 0; i < 2; ++i) {
    snapshot.mutable_openings(i)->set_posts(1);
    // Each opening prefers a nurse with other skills, and gets the nurse who wishes for the other opening.
    snapshot.mutable_openings(i)->add_required_skills(i == 0 ? registry_v1::SKILL_SUCTION : registry_v1::SKILL_OXYGEN);
    auto& nurse = *snapshot.mutable_nurses(i);
    nurse.add_skills(registry_v1::SKILL_SUCTION);
    nurse.add_skills(registry_v1::SKILL_OXYGEN);
    nurse.add_wishes(i == 0 ? "facilities/b" : "facilities/a");
    nurse.add_wishes(i == 0 ? "facilities/a" : "facilities/b");
  }
  // The first one lives nearer to a, the second one nearer to b: that is where the openings would rather have them.
  snapshot.mutable_openings(1)->set_latitude_e6(35'595'000);
  snapshot.mutable_nurses(1)->set_home_mesh("53342108");
  ASSERT_EQ(Said(Solve("now", "", snapshot)), "OK");
  const auto best = FilledOf("now");
  EXPECT_EQ(best, (Filled{{"a", 1}, {"b", 1}}));
  matching_v1::ListAssignmentsRequest request;
  request.set_nurse("nurses/n0");
  const auto of_first = [&](const std::string& id) {
    request.set_parent("rounds/" + id);
    return reader()
        .Call<matching_v1::ListAssignmentsResponse>("matching.v1.RoundService/ListAssignments", request)
        ->assignments(0)
        .opening();
  };
  EXPECT_EQ(of_first("now"), "openings/b") << "of two stable results the one that nurses like better";
  snapshot.mutable_nurses(0)->set_present_opening("openings/a");
  snapshot.mutable_nurses(1)->set_present_opening("openings/b");
  ASSERT_EQ(Said(Solve("least", "objective: OBJECTIVE_MIN_DISRUPTION", snapshot)), "OK");
  EXPECT_EQ(of_first("least"), "openings/a");
  ExpectVerified("least");
  // With and without caps: the answer states how close the result is to the present, and how close the other objectives
  // would be.
  const auto capped =
      Solve("capped", "objective: OBJECTIVE_MIN_DISRUPTION caps { place: 'facilities/a' limit: 1 }", snapshot);
  ASSERT_EQ(Said(capped), "OK");
  EXPECT_EQ(of_first("capped"), "openings/a");
  EXPECT_EQ(capped->nearness(), matching_v1::Round::NEARNESS_EXACT);
  EXPECT_EQ(capped->outcomes(0).moved_count(), 0);
  EXPECT_EQ(capped->outcomes(1).moved_count(), 2) << "by OBJECTIVE_STABLE";
  ExpectVerified("capped");
  // A round as the present: both stay where it has put them.
  ASSERT_EQ(Said(Solve("again", "objective: OBJECTIVE_MIN_DISRUPTION present_round: 'rounds/least'", snapshot)), "OK");
  EXPECT_EQ(of_first("again"), "openings/a");
  ASSERT_EQ(Said(Solve("other", "objective: OBJECTIVE_MIN_DISRUPTION present_round: 'rounds/now'", snapshot)), "OK");
  EXPECT_EQ(of_first("other"), "openings/b");
}

}  // namespace
}  // namespace tsunagu::wire
