// Simulations: the allocation of an insufficient budget, and the decisions under another rule.
#include <algorithm>

#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/planning.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::ElementsAre;

class SubsidyPlanningTest : public SubsidyTest {
 protected:
  absl::StatusOr<Allocation> Propose(const std::string& text) {
    return Ask<Allocation, ProposeAllocationRequest>(*officer_, "PlanningService/ProposeAllocation",
                                                     "programme: 'programmes/p1' " + text);
  }
  static std::string Of(const Allocation& allocation, const std::string& application) {
    for (const auto& line : allocation.lines()) {
      if (line.application() == application) return absl::StrCat(line.yen(), " ", line.en());
    }
    return "none";
  }
  // The whole comes last.
  std::vector<std::string> Replay(const std::string& rule_set) {
    ReplayDecisionsRequest request;
    request.set_programme("programmes/p1");
    request.set_rule_set(rule_set);
    const auto stream = server().admin().Stream("subsidy.v1.PlanningService/ReplayDecisions");
    EXPECT_TRUE(stream->Write(request));
    stream->WritesDone();
    std::vector<std::string> rows;
    ReplayedDecision row;
    for (;;) {
      row.Clear();
      const auto more = stream->Read(row);
      EXPECT_EQ(Said(more), "OK");
      if (!more.ok() || !*more) break;
      std::string said =
          absl::StrCat(row.application().empty() ? "all" : row.applicant(), " ", row.yen(), " ", row.replayed_yen());
      for (const auto& item : row.items())
        absl::StrAppend(&said, " ", item.code(), ":", item.yen(), ">", item.replayed_yen());
      if (!row.refused_en().empty()) absl::StrAppend(&said, " ", row.refused_en());
      rows.push_back(said);
    }
    EXPECT_EQ(Said(stream->Finish()), "OK");
    std::sort(rows.begin(), rows.end() - 1);
    return rows;
  }
};

TEST_P(SubsidyPlanningTest, ATooSmallBudgetIsShared) {
  const std::string first = MakeExamined(600'000), second = MakeExamined(800'000), third = MakeGranted(100'000);
  const auto shared = Propose("yen: 500000 method: METHOD_PRO_RATA");
  ASSERT_EQ(Said(shared), "OK");
  ASSERT_EQ(shared->lines_size(), 2) << "who is decided about has her share";
  EXPECT_EQ(shared->yen(), 500'000);
  EXPECT_EQ(Of(*shared, first), "214000 500,000 × 300,000 / 700,000, down");
  EXPECT_EQ(Of(*shared, second), "286000 500,000 × 400,000 / 700,000, up: among the largest rests");
  EXPECT_EQ(
      Said(Ask<Allocation, ProposeAllocationRequest>(*officer_, "PlanningService/ProposeAllocation",
                                                     "programme: 'programmes/no' yen: 1 method: METHOD_PRO_RATA")),
      "NOT_FOUND PROGRAMME_NOT_FOUND");
  EXPECT_EQ(Said(Propose("yen: 500000 method: METHOD_PRIORITY")),
            "INVALID_ARGUMENT INVALID_REQUEST weights:WEIGHT_MISSING weights:WEIGHT_MISSING");
  const auto in_order = Propose(absl::StrCat("yen: 500000 method: METHOD_PRIORITY weights { application: '", second,
                                             "' value: 1 } weights { application: '", first, "' value: 2 }"));
  ASSERT_EQ(Said(in_order), "OK");
  EXPECT_EQ(Of(*in_order, first), "100000 priority 2, 100,000 yen left");
  EXPECT_EQ(Of(*in_order, second), "400000 priority 1, 500,000 yen left");
  EXPECT_EQ(Said(Decide(first, Granting("yen: 214000 reason: '按分'"))), "OK");
  EXPECT_EQ(Said(Decide(second, Granting("yen: 286000 reason: '按分'"))), "OK");
}

TEST_P(SubsidyPlanningTest, DecisionsAreReplayedUnderAnotherRule) {
  const std::string first = MakeGranted(600'000), second = MakeGranted(100'000, "areas/313025");
  const std::string rule_set =
      R"pb(rule_set_id: "draft"
           rule_set {
             display_name: "案"
             result: "grant"
             items {
               code: "council"
               ja: "見本"
               en: "sample"
               inputs { name: "spent" ja: "経費" en: "cost" unit: UNIT_YEN }
               inputs { name: "income" ja: "収入" en: "income" unit: UNIT_YEN optional: true }
               steps {
                 name: "enough"
                 ja: "20万円以上であること"
                 en: "200,000 yen or more"
                 formula: "spent >= 200000"
                 condition: true
               }
               steps {
                 name: "grant"
                 ja: "補助額"
                 en: "grant"
                 formula: "(spent - income) * 3/4"
                 rounding_unit: 1000
                 rounding: ROUNDING_DOWN
               }
             }
           })pb";
  ASSERT_EQ(Said(Ask<RuleSet, CreateRuleSetRequest>(admin(), "RuleSetService/CreateRuleSet", rule_set)), "OK");
  EXPECT_THAT(Replay("ruleSets/draft"),
              ElementsAre("areas/312011 300000 450000 council:300000>450000",
                          "areas/313025 50000 0 council:50000>0 Not met. 200,000 yen or more (100,000 ≥ 200,000)",
                          "all 350000 450000 council:350000>450000"));
  EXPECT_THAT(Replay("ruleSets/r1"),
              ElementsAre("areas/312011 300000 300000 council:300000>300000",
                          "areas/313025 50000 50000 council:50000>50000", "all 350000 350000 council:350000>350000"));
  EXPECT_EQ(Stands(first), "GRANTED 300000/300000/0") << "nothing is stored";

  // A draft is shown by both rule sets, and moves or stays.
  const std::string moving = MakeDraft(600'000), staying = MakeDraft(100'000);
  const auto own =
      Ask<Programme, GetProgrammeRequest>(admin(), "ProgrammeService/GetProgramme", "name: 'programmes/p1'");
  ASSERT_EQ(Said(Ask<Programme, UpdateProgrammeRequest>(
                admin(), "ProgrammeService/UpdateProgramme",
                absl::StrCat("programme { name: 'programmes/p1' rule_set: 'ruleSets/draft' etag: '", own->etag(),
                             "' } update_mask { paths: 'rule_set' }"))),
            "OK");
  const auto compare = [&](const std::string& name, const Caller& caller) {
    return Ask<ReplayedDecision, CompareClaimRequest>(caller, "PlanningService/CompareClaim",
                                                      absl::StrCat("application: '", name, "'"));
  };
  const auto shown = compare(moving, *city_);
  ASSERT_EQ(Said(shown), "OK");
  EXPECT_EQ(shown->yen(), 300'000);
  EXPECT_EQ(shown->replayed_yen(), 450'000);
  EXPECT_EQ(shown->items(0).ShortDebugString(), "code: \"council\" yen: 300000 replayed_yen: 450000");
  const auto refused = compare(staying, *city_);
  ASSERT_EQ(Said(refused), "OK");
  EXPECT_EQ(refused->yen(), 50'000);
  EXPECT_NE(refused->refused_ja(), "");
  EXPECT_EQ(Said(compare(moving, CallerWith("town", {"municipality-officer@areas/313025"}, "subsidy"))),
            "NOT_FOUND APPLICATION_NOT_FOUND");
  ASSERT_EQ(Said(Ask<subsidy_v1::Application, UpdateApplicationRequest>(
                *city_, "ApplicationService/UpdateApplication",
                absl::StrCat("application { name: '", moving, "' rule_set: 'ruleSets/draft' etag: '",
                             Application(moving).etag(), "' } update_mask { paths: 'rule_set' }"))),
            "OK");
  EXPECT_EQ(File(moving, "kind: KIND_APPLICATION")->amount_yen(), 450'000);
  EXPECT_EQ(File(staying, "kind: KIND_APPLICATION")->amount_yen(), 50'000) << "it finishes under its own";
}

WIRE_TEST_ON_BOTH(SubsidyPlanningTest);

}  // namespace
}  // namespace tsunagu::wire
