// Engines, answers, the verifier and shortages against the definition, on every assignment of many tiny problems.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "services/matching/coverage/network.h"
#include "services/matching/coverage/shortage.h"
#include "services/matching/coverage/solve.h"
#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/coverage/verify.h"

namespace tsunagu::matching::coverage {
namespace {

using market::Assigned;

constexpr int kProblems = 60'000;
constexpr int32_t kNotChosen = 1'000;

// The aims by definition. Larger is better.
struct Value {
  int64_t weight = 0, saved = 0;
  std::vector<int32_t> wishes;  // minus the rank of what each nurse has, in turn
  auto operator<=>(const Value&) const = default;
  bool AsGoodAs(const Value& other) const { return weight == other.weight && saved == other.saved; }
};

int32_t RankOf(const CoverageProblem& problem, int32_t nurse, int32_t opening) {
  const auto choices = problem.market.ChoicesOf(nurse);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].opening == opening) return static_cast<int32_t>(i);
  }
  return opening == -1 ? static_cast<int32_t>(choices.size()) : kNotChosen;
}

bool Feasible(const CoverageProblem& problem, const Assigned& assigned) {
  std::vector<int32_t> at(problem.market.posts.size(), 0), in(problem.floors.size(), 0);
  for (size_t nurse = 0; nurse < assigned.size(); ++nurse) {
    if (RankOf(problem, static_cast<int32_t>(nurse), assigned[nurse]) == kNotChosen) return false;
    if (assigned[nurse] < 0) continue;
    if (++at[assigned[nurse]] > problem.market.posts[assigned[nurse]]) return false;
    for (int32_t set = problem.SetOf(assigned[nurse]); set >= 0; set = problem.caps.parent[set]) ++in[set];
  }
  for (size_t set = 0; set < in.size(); ++set) {
    if (in[set] > problem.caps.limit[set] || in[set] < problem.floors[set]) return false;
  }
  return true;
}

Value ValueOf(const CoverageProblem& problem, const Assigned& assigned) {
  Value value;
  value.wishes.resize(assigned.size());
  for (size_t i = 0; i < assigned.size(); ++i) {
    const auto nurse = static_cast<int32_t>(i);
    const int32_t rank = RankOf(problem, nurse, assigned[nurse]);
    value.wishes[nurse] = -rank;
    if (assigned[nurse] < 0) continue;
    value.weight += problem.weights[assigned[nurse]];
    value.saved -= problem.costs[problem.market.begin[nurse] + static_cast<size_t>(rank)];
  }
  return value;
}

// Steps through all assignments, feasible or not. Returns false after the last.
bool Next(Assigned& assigned, int32_t openings) {
  for (int32_t& entry : assigned) {
    if (++entry < openings) return true;
    entry = -1;
  }
  return false;
}

struct Best {
  Value value;
  Assigned assigned;
  int64_t as_good = 0;  // number of other assignments with the same value
};

std::optional<Best> BestByDefinition(const CoverageProblem& problem) {
  std::optional<Best> best;
  Assigned assigned(problem.market.nurse_count(), -1);
  do {
    if (!Feasible(problem, assigned)) continue;
    const Value value = ValueOf(problem, assigned);
    const bool as_good = best.has_value() && value.AsGoodAs(best->value);
    const int64_t others = as_good ? best->as_good + 1 : 0;
    if (!best.has_value() || value > best->value) best = Best{value, assigned, 0};
    if (as_good || best->value == value) best->as_good = others;
  } while (Next(assigned, problem.market.opening_count()));
  return best;
}

std::string Show(const CoverageProblem& problem) {
  std::ostringstream out;
  const auto list = [&](const char* name, const auto& numbers) {
    out << name;
    for (const auto number : numbers) out << " " << number;
    out << "\n";
  };
  for (int32_t nurse = 0; nurse < problem.market.nurse_count(); ++nurse) {
    out << "nurse " << nurse << ":";
    for (size_t i = problem.market.begin[nurse]; i < problem.market.begin[nurse + 1]; ++i) {
      out << " " << problem.market.choices[i].opening << " for " << problem.costs[i];
    }
    out << "\n";
  }
  list("posts", problem.market.posts);
  list("weights", problem.weights);
  list("parents", problem.caps.parent);
  list("limits", problem.caps.limit);
  list("floors", problem.floors);
  list("sets of openings", problem.caps.set_of_opening);
  return out.str();
}

bool Passes(const CoverageProblem& problem, const Answer& answer) {
  return VerifyCoverage(problem, answer.assigned, answer.prices).best;
}

// Tries every other value of each entry of the assignment, and prices slightly and far off.
void CheckEveryChange(const CoverageProblem& problem, Answer answer) {
  for (int32_t& entry : answer.assigned) {
    const int32_t right = entry;
    for (entry = -2; entry <= problem.market.opening_count(); ++entry) {
      ASSERT_EQ(Passes(problem, answer), entry == right) << "entry " << entry << " for " << right;
    }
    entry = right;
  }
  for (std::vector<int64_t>* prices : {&answer.prices.openings, &answer.prices.limits, &answer.prices.floors}) {
    for (int64_t& price : *prices) {
      const int64_t right = price;
      for (const int64_t wrong :
           {right + 1, right - 1, int64_t{0}, right + 7, 2 * right, -right, ScaleOf(problem).beyond_price,
            std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
        price = wrong;
        ASSERT_EQ(Passes(problem, answer), wrong == right) << "price " << wrong << " for " << right;
      }
      price = right;
    }
  }
}

int64_t GainOf(const CoverageProblem& problem, const Value& value) {
  return value.weight * ScaleOf(problem).unit + value.saved;
}

bool IsBeyond(const CoverageProblem& problem, int64_t price) { return price > ScaleOf(problem).beyond_price / 2; }

// Checks each price by another enumeration: it is what one more post would bring, or one more nurse of a floor would
// cost.
void CheckPrices(const CoverageProblem& problem, const Answer& answer, const Value& value) {
  const int64_t gain = GainOf(problem, value);
  CoverageProblem other = problem;
  for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
    if (problem.SetOf(opening) >= 0) continue;
    ++other.market.posts[opening];
    EXPECT_EQ(answer.prices.openings[opening], GainOf(other, BestByDefinition(other)->value) - gain)
        << "of opening " << opening;
    --other.market.posts[opening];
  }
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    if (problem.caps.parent[set] >= 0) continue;
    ++other.caps.limit[set];
    EXPECT_EQ(answer.prices.limits[set], GainOf(other, BestByDefinition(other)->value) - gain) << "of limit " << set;
    if (problem.floors[set] > 0) {
      ++other.floors[set];
      const std::optional<Best> more = BestByDefinition(other);
      if (more.has_value()) {
        const int64_t lost = std::max<int64_t>(gain - GainOf(other, more->value), 0);
        EXPECT_EQ(answer.prices.floors[set], lost) << "of floor " << set;
      } else {
        EXPECT_TRUE(IsBeyond(problem, answer.prices.floors[set])) << "of floor " << set;
      }
      --other.floors[set];
    }
    --other.caps.limit[set];
  }
}

void CheckShortage(const CoverageProblem& problem, Shortage shortage) {
  ASSERT_TRUE(ProvesShortage(problem, shortage));
  for (int64_t* number : {&shortage.wanted, &shortage.held, &shortage.eligible}) {
    for (const int64_t wrong : {*number - 1, *number + 1}) {
      const int64_t right = std::exchange(*number, wrong);
      ASSERT_FALSE(ProvesShortage(problem, shortage));
      *number = right;
    }
  }
}

struct Tally {
  int64_t met = 0, short_of_nurses = 0, several = 0, priced_limits = 0, priced_floors = 0, closed = 0;
};

void CheckProblemByDefinition(const CoverageProblem& problem, Tally& tally) {
  const std::optional<Best> best = BestByDefinition(problem);
  const auto outcome = SolveCoverage(problem, Engine::kNetwork);
  ASSERT_EQ(std::holds_alternative<Answer>(outcome), best.has_value());
  if (!best.has_value()) {
    ++tally.short_of_nurses;
    CheckShortage(problem, std::get<Shortage>(outcome));
    return;
  }
  const Answer& answer = std::get<Answer>(outcome);
  ASSERT_EQ(answer.assigned, best->assigned);
  ASSERT_TRUE(Passes(problem, answer));
  CheckEveryChange(problem, answer);
  CheckPrices(problem, answer, best->value);
  ASSERT_FALSE(ProvesShortage(problem, FindShortage(problem)));
  if (problem.set_count() == 0) {
    ASSERT_EQ(std::get<Answer>(SolveCoverage(problem, Engine::kNurses)), answer);
    ASSERT_EQ(std::get<Answer>(SolveCoverage(problem, Engine::kPairs)), answer);
  }
  ++tally.met;
  tally.several += best->as_good > 0;
  for (const int64_t price : answer.prices.limits) tally.priced_limits += price > 0;
  for (const int64_t price : answer.prices.floors) {
    tally.priced_floors += price > 0;
    tally.closed += IsBeyond(problem, price);
  }
}

TEST(EnumerationTest, EveryAssignmentOfSixtyThousandProblems) {
  Dice dice(20251129);
  Tally tally;
  for (int i = 0; i < kProblems;) {
    const CoverageProblem problem = TinyProblem(dice);
    if (!CheckProblem(problem).empty()) continue;
    CheckProblemByDefinition(problem, tally);
    ASSERT_FALSE(HasFailure()) << "problem " << i << "\n" << Show(problem);
    ++i;
  }
  // The problems are diverse enough.
  EXPECT_GT(tally.met, kProblems / 2);
  EXPECT_GT(tally.short_of_nurses, kProblems / 100);
  EXPECT_GT(tally.several, kProblems / 10);
  EXPECT_GT(tally.priced_limits, kProblems / 50);
  EXPECT_GT(tally.priced_floors, kProblems / 50);
  EXPECT_GT(tally.closed, kProblems / 200);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
