// A result of OBJECTIVE_COVERAGE is judged from the rows: if any single number changes, of the result, its prices or
// the rows on which somebody's opening depends, it is refused.
#include "services/matching/rounds/verify_coverage.h"

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rules/rule_table.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

// Nurses and openings around 鳥取; some openings require a skill, some nurses have it; two caps, one of them with a
// floor.
v1::Snapshot ASnapshot(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  v1::Snapshot snapshot;
  const int openings = 3 + below(3);
  for (int i = 0; i < openings; ++i) {
    auto& opening = *snapshot.add_openings();
    opening.set_name("openings/" + std::to_string(i));
    opening.set_facility("facilities/" + std::to_string(i));
    opening.set_latitude_e6(35'495'000 + 2'000 * below(20));
    opening.set_longitude_e6(134'231'000 + 2'000 * below(20));
    opening.set_posts(1 + below(2));
    opening.set_weekly_minutes(600 + 600 * below(2));
    if (below(3) == 0) opening.add_required_skills(registry::v1::SKILL_SUCTION);
    if (below(3) == 0) opening.set_weight(1 + below(3));
  }
  const int nurses = 3 + below(5);
  for (int i = 0; i < nurses; ++i) {
    auto& nurse = *snapshot.add_nurses();
    nurse.set_name("nurses/" + std::to_string(i));
    nurse.set_licence(registry::v1::LICENCE_NURSE);
    if (below(2) == 0) nurse.add_skills(registry::v1::SKILL_SUCTION);
    nurse.set_weekly_minutes(1'200);
    nurse.set_home_mesh(below(2) == 0 ? "53341188" : "53341198");
    nurse.set_commute_limit_metres(2'000 + 500 * below(10));
    if (below(2) == 0) nurse.add_wishes("facilities/" + std::to_string(below(openings)));
  }
  auto& wide = *snapshot.add_caps();
  wide.set_place("areas/310000");
  wide.set_limit(2 + below(4));
  for (int i = 0; i < openings; ++i) wide.add_openings(i);
  auto& narrow = *snapshot.add_caps();
  narrow.set_place("facilities/0");
  narrow.set_limit(1'000'000);
  narrow.set_least(below(2));
  narrow.add_openings(0);
  return snapshot;
}

v1::Round ARound() {
  v1::Round round;
  round.set_seed(7);
  round.set_objective(v1::Round::OBJECTIVE_COVERAGE);
  round.set_rule_table_version(rules::kRuleTableVersion);
  return round;
}

TEST(VerifyCoverageTest, NoNumberCanBeChanged) {
  const v1::Round round = ARound();
  int64_t solved = 0, changed = 0, rows = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const v1::Snapshot snapshot = ASnapshot(seed);
    const auto result = SolveSnapshot(snapshot, round);
    if (!result.ok()) continue;  // a floor that cannot be met
    ++solved;
    const auto judge = [&](const v1::Snapshot& of, const std::vector<v1::Assignment>& assignments,
                           const v1::Certificate& certificate) {
      return VerifyResult(of, round, assignments, certificate).stable();
    };
    ASSERT_TRUE(judge(snapshot, result->assignments, result->certificate)) << seed;
    for (size_t nurse = 0; nurse < result->assignments.size(); ++nurse) {
      for (int opening = -1; opening < snapshot.openings_size(); ++opening) {
        std::vector<v1::Assignment> other = result->assignments;
        const std::string name = opening < 0 ? "" : snapshot.openings(opening).name();
        if (name == other[nurse].opening()) continue;
        other[nurse].set_opening(name);
        ASSERT_FALSE(judge(snapshot, other, result->certificate)) << seed;
        ++changed;
      }
    }
    using Prices = google::protobuf::RepeatedField<int64_t>* (v1::Certificate::*)();
    for (const Prices prices :
         {Prices{&v1::Certificate::mutable_opening_prices}, Prices{&v1::Certificate::mutable_limit_prices},
          Prices{&v1::Certificate::mutable_floor_prices}}) {
      v1::Certificate whole = result->certificate;
      for (int i = 0; i < (whole.*prices)()->size(); ++i) {
        for (const int64_t by : {-1, 1, -100, 5'000}) {
          v1::Certificate other = result->certificate;
          (other.*prices)()->Set(i, (other.*prices)()->Get(i) + by);
          ASSERT_FALSE(judge(snapshot, result->assignments, other)) << seed;
          ++changed;
        }
      }
    }
    // Changes a fact on which her opening depends: then she may not have it, whatever lists were computed before.
    for (int nurse = 0; nurse < snapshot.nurses_size(); ++nurse) {
      if (result->assignments[nurse].opening().empty()) continue;
      const auto distance = static_cast<int32_t>(result->assignments[nurse].distance_metres());
      for (int what = 0; what < 3; ++what) {
        v1::Snapshot other = snapshot;
        auto& her = *other.mutable_nurses(nurse);
        if (what == 0) her.set_weekly_minutes(599);
        if (what == 1) her.set_commute_limit_metres(distance - 1);
        if (what == 2) her.add_unwanted_facilities(result->assignments[nurse].facility());
        const auto verdict = VerifyResult(other, round, result->assignments, result->certificate);
        ASSERT_FALSE(verdict.stable()) << seed;
        ASSERT_EQ(verdict.findings(0).kind(), "NOT_ELIGIBLE") << seed;
        ASSERT_EQ(verdict.findings(0).nurse(), her.name());
        ++rows;
      }
    }
  }
  EXPECT_GT(solved, 200);
  EXPECT_GT(changed, 10'000);
  EXPECT_GT(rows, 1'000);
}

TEST(VerifyCoverageTest, OfATableThatItDoesNotKnowItSaysNothing) {
  v1::Round round = ARound();
  const v1::Snapshot snapshot = ASnapshot(1);
  const auto result = SolveSnapshot(snapshot, round);
  ASSERT_TRUE(result.ok());
  round.set_rule_table_version(4);
  const auto verdict = VerifyResult(snapshot, round, result->assignments, result->certificate);
  ASSERT_EQ(verdict.findings_size(), 1);
  EXPECT_EQ(verdict.findings(0).kind(), "UNKNOWN_RULES");
}

}  // namespace
}  // namespace tsunagu::matching
