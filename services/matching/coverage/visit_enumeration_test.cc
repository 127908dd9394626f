// Compares answers, prices, the verifier and shortages with the definition, on every cover of many tiny problems of
// visits.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "services/matching/coverage/testing/random_visits.h"
#include "services/matching/coverage/visit_shortage.h"
#include "services/matching/coverage/visit_solve.h"
#include "services/matching/coverage/visit_verify.h"

namespace tsunagu::matching::coverage {
namespace {

using Counts = std::vector<int32_t>;

constexpr int kProblems = 20'000;
constexpr int64_t kMostCovers = 5'000;  // of one problem

// The aims by definition. Larger is better.
struct Value {
  int64_t weight = 0, saved = 0;
  Counts counts;
  auto operator<=>(const Value&) const = default;
  bool AsGoodAs(const Value& other) const { return weight == other.weight && saved == other.saved; }
};

Value ValueOf(const VisitProblem& problem, const Counts& counts) {
  Value value;
  value.counts = counts;
  for (size_t i = 0; i < counts.size(); ++i) {
    value.weight += int64_t{problem.weights[problem.pairs[i].opening]} * counts[i];
    value.saved -= int64_t{problem.pairs[i].cost} * counts[i];
  }
  return value;
}

bool Feasible(const VisitProblem& problem, const Counts& counts) {
  std::vector<market::VisitLimits> left = problem.limits;
  std::vector<int32_t> posts = problem.posts, in_set(problem.floors.size(), 0);
  bool fits = true;
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto& [supply, opening, cost] = problem.pairs[i];
    const int32_t slot = problem.slots[opening];
    const auto use = [&](int32_t& limit) { fits = (limit -= counts[i]) >= 0 && fits; };
    use(left[supply].at_once[slot]);
    use(left[supply].weekly[slot / market::kSlotsOfWeek]);
    use(left[supply].all);
    use(posts[opening]);
    for (int32_t set = problem.SetOf(opening); set >= 0; set = problem.caps.parent[set]) in_set[set] += counts[i];
  }
  for (size_t set = 0; set < in_set.size(); ++set) {
    fits = fits && in_set[set] <= problem.caps.limit[set] && in_set[set] >= problem.floors[set];
  }
  return fits;
}

// Steps through all covers, feasible or not. Returns false after the last.
bool Next(const VisitProblem& problem, Counts& counts) {
  for (size_t i = 0; i < counts.size(); ++i) {
    if (++counts[i] <= MostOf(problem, problem.pairs[i].supply, problem.pairs[i].opening)) return true;
    counts[i] = 0;
  }
  return false;
}

int64_t CoverCount(const VisitProblem& problem) {
  int64_t all = 1;
  for (const VisitPair& pair : problem.pairs) {
    all = std::min(all * (MostOf(problem, pair.supply, pair.opening) + 1), kMostCovers + 1);
  }
  return all;
}

std::optional<Value> BestByDefinition(const VisitProblem& problem) {
  std::optional<Value> best;
  Counts counts(problem.pairs.size(), 0);
  do {
    if (!Feasible(problem, counts)) continue;
    Value value = ValueOf(problem, counts);
    if (!best.has_value() || value > *best) best = std::move(value);
  } while (Next(problem, counts));
  return best;
}

std::string Show(const VisitProblem& problem) {
  std::ostringstream out;
  const auto list = [&](const char* name, const auto& numbers) {
    out << name;
    for (const auto number : numbers) out << " " << number;
    out << "\n";
  };
  for (const VisitPair& pair : problem.pairs)
    out << pair.supply << " to " << pair.opening << " for " << pair.cost << "\n";
  for (const market::VisitLimits& limits : problem.limits) {
    out << "supply " << limits.at_once[0] << " " << limits.at_once[1] << " " << limits.at_once[market::kSlotsOfWeek]
        << " weeks " << limits.weekly[0] << " " << limits.weekly[1] << " all " << limits.all << "\n";
  }
  list("slots", problem.slots);
  list("posts", problem.posts);
  list("weights", problem.weights);
  list("parents", problem.caps.parent);
  list("limits", problem.caps.limit);
  list("sets of openings", problem.caps.set_of_opening);
  list("floors", problem.floors);
  return out.str();
}

struct Tally {
  int solved = 0, short_of = 0, tied = 0, beyond = 0, floor_prices = 0, limit_prices = 0, week_prices = 0;
  int64_t covers = 0;
};

// Returns the loss of the best cover if `change` is made to the problem; beyond any price if there is no cover then.
template <typename Change>
void ExpectLoss(const VisitProblem& problem, const Value& best, int64_t price, Tally& tally, Change change) {
  const Scale scale = ScaleOf(problem);
  VisitProblem changed = problem;
  change(changed);
  const std::optional<Value> then = BestByDefinition(changed);
  if (!then.has_value()) {
    ++tally.beyond;
    ASSERT_GT(price, scale.beyond_price / 2);
    return;
  }
  ASSERT_EQ(price, (best.weight - then->weight) * scale.unit + best.saved - then->saved);
}

// Checks each price: what one more post or a higher limit brings, what one more visit of a floor costs, and what one
// visit less of a supply loses.
void CheckPrices(const VisitProblem& problem, const Value& best, const VisitPrices& prices, Tally& tally) {
  for (int32_t opening = 0; opening < problem.opening_count(); ++opening) {
    if (problem.SetOf(opening) >= 0 || problem.posts[opening] == 0) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectLoss(problem, best, -prices.openings[opening], tally,
                                       [&](VisitProblem& changed) { ++changed.posts[opening]; }));
  }
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    tally.floor_prices += prices.floors[set] > 0;
    tally.limit_prices += prices.limits[set] > 0;
    if (problem.caps.parent[set] >= 0) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectLoss(problem, best, -prices.limits[set], tally,
                                       [&](VisitProblem& changed) { ++changed.caps.limit[set]; }));
    if (problem.floors[set] == 0 || problem.floors[set] == problem.caps.limit[set]) continue;
    ASSERT_NO_FATAL_FAILURE(
        ExpectLoss(problem, best, prices.floors[set], tally, [&](VisitProblem& changed) { ++changed.floors[set]; }));
  }
  for (int32_t supply = 0; supply < problem.supply_count(); ++supply) {
    tally.week_prices += prices.weeks[2 * supply] > 0;
    if (problem.limits[supply].all == 0) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectLoss(problem, best, prices.supplies[supply], tally,
                                       [&](VisitProblem& changed) { --changed.limits[supply].all; }));
  }
}

// The verifier accepts only the best covers.
void CheckVerifier(const VisitProblem& problem, const Value& best, const VisitPrices& prices, Tally& tally) {
  Counts counts(problem.pairs.size(), 0);
  int as_good = 0;
  do {
    const bool is_best = Feasible(problem, counts) && ValueOf(problem, counts).AsGoodAs(best);
    ASSERT_EQ(VerifyVisitCoverage(problem, counts, prices).best, is_best);
    as_good += is_best;
    ++tally.covers;
  } while (Next(problem, counts));
  tally.tied += as_good > 1;
}

// Every change of one number is refused.
void CheckChanges(const VisitProblem& problem, VisitAnswer answer) {
  const int64_t unit = ScaleOf(problem).unit;
  const auto change = [&](auto& numbers, std::vector<int64_t> changes) {
    for (auto& number : numbers) {
      const auto right = number;
      for (const int64_t by : changes) {
        number = static_cast<std::remove_reference_t<decltype(number)>>(right + by);
        ASSERT_FALSE(VerifyVisitCoverage(problem, answer.counts, answer.prices).best);
      }
      number = right;
    }
  };
  change(answer.counts, {-2, -1, 1, 2});
  for (auto* prices : {&answer.prices.supplies, &answer.prices.weeks, &answer.prices.slots, &answer.prices.openings,
                       &answer.prices.limits, &answer.prices.floors}) {
    change(*prices, {-unit, -1, 1, unit});
  }
}

void CheckProblemByDefinition(const VisitProblem& problem, bool changes, Tally& tally) {
  const std::optional<Value> best = BestByDefinition(problem);
  const auto found = SolveVisitCoverage(problem);
  if (const auto* shortage = std::get_if<VisitShortage>(&found)) {
    ASSERT_FALSE(best.has_value());
    ASSERT_TRUE(ProvesVisitShortage(problem, *shortage));
    ++tally.short_of;
    return;
  }
  ASSERT_TRUE(best.has_value());
  const VisitAnswer& answer = std::get<VisitAnswer>(found);
  ASSERT_EQ(answer.counts, best->counts);
  ASSERT_TRUE(VerifyVisitCoverage(problem, answer.counts, answer.prices).best);
  ++tally.solved;
  ASSERT_NO_FATAL_FAILURE(CheckPrices(problem, *best, answer.prices, tally));
  ASSERT_NO_FATAL_FAILURE(CheckVerifier(problem, *best, answer.prices, tally));
  if (changes) {
    ASSERT_NO_FATAL_FAILURE(CheckChanges(problem, answer));
  }
}

TEST(VisitCoverageEnumerationTest, EveryCoverOfManyProblems) {
  Tally tally;
  for (int seed = 0; seed < kProblems; ++seed) {
    const VisitProblem problem = TinyVisits(static_cast<uint64_t>(seed));
    if (CoverCount(problem) > kMostCovers || !CheckVisitProblem(problem).empty()) continue;
    CheckProblemByDefinition(problem, seed % 4 == 0, tally);
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "problem " << seed << "\n" << Show(problem);
  }
  // The problems are diverse enough: limits on both sides matter, floors cost, and some cannot be met.
  EXPECT_GT(tally.solved, 8'000);
  EXPECT_GT(tally.short_of, 500);
  EXPECT_GT(tally.tied, 500);
  EXPECT_GT(tally.beyond, 100);
  EXPECT_GT(tally.floor_prices, 100);
  EXPECT_GT(tally.limit_prices, 500);
  EXPECT_GT(tally.week_prices, 500);
  EXPECT_GT(tally.covers, 100'000);
  RecordProperty("solved", tally.solved);
  RecordProperty("short", tally.short_of);
  RecordProperty("tied", tally.tied);
  RecordProperty("covers", static_cast<int>(tally.covers));
}

}  // namespace
}  // namespace tsunagu::matching::coverage
