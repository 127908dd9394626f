// Compares coverage with LEMON on problems that are too large to enumerate: with a graph of the test's own, and an
// algorithm (capacity scaling) that no engine uses.

#include <gtest/gtest.h>
#include <lemon/capacity_scaling.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "services/matching/coverage/solve.h"
#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/coverage/testing/random_visits.h"
#include "services/matching/coverage/visit_solve.h"

namespace tsunagu::matching::coverage {
namespace {

// The value of a result: first the weight of what is covered, then the costs.
struct Value {
  int64_t weight = 0;
  int64_t cost = 0;
  bool operator==(const Value&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Value& value) {
  return out << "weight " << value.weight << ", cost " << value.cost;
}

// The flow from people through openings and the sets around them, and back.
class LemonGraph {
 public:
  LemonGraph() { begin_ = graph_.addNode(), end_ = graph_.addNode(); }

  int AddNode() { return graph_.id(graph_.addNode()); }
  int begin() const { return graph_.id(begin_); }
  int end() const { return graph_.id(end_); }
  void AddArc(int from, int to, int least, int most, int64_t weight = 0, int64_t cost = 0) {
    arcs_.push_back({graph_.addArc(graph_.nodeFromId(from), graph_.nodeFromId(to)), least, most, weight, cost});
    all_costs_ += cost * most;
  }

  // Returns nothing if the minimum of some arc cannot flow.
  std::optional<Value> Best(int most) {
    AddArc(end(), begin(), 0, most);
    Graph::ArcMap<int> least(graph_), capacity(graph_);
    Graph::ArcMap<int64_t> costs(graph_);
    for (const Arc& arc : arcs_) {
      least[arc.arc] = arc.least;
      capacity[arc.arc] = arc.most;
      costs[arc.arc] = arc.cost - arc.weight * (all_costs_ + 1);
    }
    lemon::CapacityScaling<Graph, int, int64_t> scaling(graph_);
    scaling.lowerMap(least).upperMap(capacity).costMap(costs);
    if (scaling.run() != scaling.OPTIMAL) return std::nullopt;
    Value value;
    for (const Arc& arc : arcs_) {
      value.weight += arc.weight * scaling.flow(arc.arc);
      value.cost += arc.cost * scaling.flow(arc.arc);
    }
    return value;
  }

 private:
  using Graph = lemon::SmartDigraph;
  struct Arc {
    Graph::Arc arc;
    int least, most;
    int64_t weight, cost;
  };

  Graph graph_;
  Graph::Node begin_, end_;
  std::vector<Arc> arcs_;
  int64_t all_costs_ = 0;
};

// Returns the node of each set; the flow into it goes on to the set around it.
template <typename Problem>
std::vector<int> AddSets(const Problem& problem, LemonGraph& graph) {
  std::vector<int> sets;
  for (int32_t set = 0; set < problem.set_count(); ++set) {
    sets.push_back(graph.AddNode());
    const int32_t around = problem.caps.parent[set];
    graph.AddArc(sets[set], around < 0 ? graph.end() : sets[around], problem.floors[set], problem.caps.limit[set]);
  }
  return sets;
}

std::optional<Value> BestByLemon(const CoverageProblem& problem) {
  LemonGraph graph;
  const std::vector<int> sets = AddSets(problem, graph);
  std::vector<int> openings;
  for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
    openings.push_back(graph.AddNode());
    const int32_t set = problem.SetOf(opening);
    graph.AddArc(openings[opening], set < 0 ? graph.end() : sets[set], 0, problem.market.posts[opening]);
  }
  for (int32_t nurse = 0; nurse < problem.market.nurse_count(); ++nurse) {
    const int node = graph.AddNode();
    graph.AddArc(graph.begin(), node, 0, 1);
    for (size_t i = problem.market.begin[nurse]; i < problem.market.begin[nurse + 1]; ++i) {
      const int32_t opening = problem.market.choices[i].opening;
      graph.AddArc(node, openings[opening], 0, 1, problem.weights[opening], problem.costs[i]);
    }
  }
  return graph.Best(problem.market.nurse_count());
}

std::optional<Value> BestByLemon(const VisitProblem& problem) {
  LemonGraph graph;
  const std::vector<int> sets = AddSets(problem, graph);
  std::vector<int> openings, slots;
  for (int32_t opening = 0; opening < problem.opening_count(); ++opening) {
    openings.push_back(graph.AddNode());
    const int32_t set = problem.SetOf(opening);
    graph.AddArc(openings[opening], set < 0 ? graph.end() : sets[set], 0, problem.posts[opening]);
  }
  int most = 0;
  for (const market::VisitLimits& limits : problem.limits) {
    const int all = graph.AddNode(), weeks[] = {graph.AddNode(), graph.AddNode()};
    graph.AddArc(graph.begin(), all, 0, limits.all);
    for (int week = 0; week < 2; ++week) graph.AddArc(all, weeks[week], 0, limits.weekly[week]);
    for (int32_t slot = 0; slot < market::kSlots; ++slot) {
      slots.push_back(graph.AddNode());
      graph.AddArc(weeks[slot / market::kSlotsOfWeek], slots.back(), 0, limits.at_once[slot]);
    }
    most += limits.all;
  }
  for (const VisitPair& pair : problem.pairs) {
    graph.AddArc(slots[pair.supply * market::kSlots + problem.slots[pair.opening]], openings[pair.opening], 0,
                 problem.posts[pair.opening], problem.weights[pair.opening], pair.cost);
  }
  return graph.Best(most);
}

Value ValueOf(const CoverageProblem& problem, const Answer& answer) {
  Value value;
  for (int32_t nurse = 0; nurse < problem.market.nurse_count(); ++nurse) {
    for (size_t i = problem.market.begin[nurse]; i < problem.market.begin[nurse + 1]; ++i) {
      const int32_t opening = problem.market.choices[i].opening;
      if (opening != answer.assigned[nurse]) continue;
      value.weight += problem.weights[opening];
      value.cost += problem.costs[i];
    }
  }
  return value;
}

Value ValueOf(const VisitProblem& problem, const VisitAnswer& answer) {
  Value value;
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    value.weight += int64_t{problem.weights[problem.pairs[i].opening]} * answer.counts[i];
    value.cost += int64_t{problem.pairs[i].cost} * answer.counts[i];
  }
  return value;
}

// Adds sets of ten openings each, with limits and floors, within one set of all. Some floors are as high as limits and
// posts permit.
void AddRegions(CoverageProblem& problem, Dice& dice) {
  const int32_t regions = std::max(1, problem.market.opening_count() / 10);
  std::vector<int32_t> posts(static_cast<size_t>(regions) + 1, 0);
  for (int32_t opening = 0; opening < problem.market.opening_count(); ++opening) {
    problem.caps.set_of_opening.push_back(dice.OneIn(10) ? 0 : 1 + opening % regions);
    posts[problem.caps.set_of_opening.back()] += problem.market.posts[opening];
  }
  problem.caps.parent.assign(posts.size(), 0);
  problem.caps.parent[0] = -1;
  problem.caps.limit.push_back(problem.market.nurse_count() * dice.Between(50, 90) / 100);
  problem.floors.push_back(0);
  const int32_t each = problem.market.nurse_count() / regions;
  for (int32_t set = 1; set <= regions; ++set) {
    problem.caps.limit.push_back(dice.Between(each * 8 / 10, each * 2));
    const int32_t most = std::min(problem.caps.limit.back(), posts[set]);
    problem.floors.push_back(dice.OneIn(2) || most == 0 ? 0 : dice.OneIn(20) ? most : dice.Between(1, (most + 1) / 2));
  }
}

struct Tally {
  int met = 0, refused = 0;
};

template <typename Problem, typename Outcome>
void ExpectTheSame(const Problem& problem, const Outcome& outcome, Tally& tally) {
  const std::optional<Value> best = BestByLemon(problem);
  const auto* answer = std::get_if<0>(&outcome);
  ASSERT_EQ(answer != nullptr, best.has_value());
  ++(best ? tally.met : tally.refused);
  if (!best) return;
  ASSERT_EQ(ValueOf(problem, *answer), *best);
}

// Tests the engine that EngineFor chooses, on random shapes of up to 3,000 nurses.
TEST(LemonTest, FindsNothingBetterForNurses) {
  Dice dice(20261130);
  Tally with_sets, without;
  for (int i = 0; i < 60; ++i) {
    SCOPED_TRACE(i);
    Shape shape;
    shape.nurses = dice.Between(200, 3'000);
    shape.openings = dice.Between(20, 300);
    shape.choices = dice.Between(2, 15);
    shape.posts_percent = dice.Between(60, 200);
    shape.most_cost = dice.OneIn(3) ? 3 : 1'000;
    shape.most_weight = dice.OneIn(2) ? 1 : 9;
    const uint64_t seed = dice.Next();
    CoverageProblem problem = dice.OneIn(2) ? GeographicProblem(shape, seed) : RandomProblem(shape, seed);
    const bool has_sets = dice.OneIn(2);
    if (has_sets) AddRegions(problem, dice);
    if (!CheckProblem(problem).empty()) continue;  // floors above the posts of their openings
    ExpectTheSame(problem, SolveCoverage(problem), has_sets ? with_sets : without);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(without.met, 20);
  EXPECT_GT(with_sets.met, 5);
  EXPECT_GT(with_sets.refused, 0);
}

TEST(LemonTest, FindsNothingBetterForVisits) {
  Dice dice(20261201);
  Tally tally;
  for (int i = 0; i < 30; ++i) {
    SCOPED_TRACE(i);
    VisitProblem problem =
        PrefectureOfVisits(dice.Between(10, 80), dice.Between(10, 60), dice.OneIn(2) ? 3 : 20'000, dice.Next());
    for (size_t set = 1; set < problem.floors.size() && i % 5 == 0; ++set)
      problem.floors[set] = problem.caps.limit[set];
    if (!CheckVisitProblem(problem).empty()) continue;
    ExpectTheSame(problem, SolveVisitCoverage(problem), tally);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(tally.met, 20);
  EXPECT_GT(tally.refused, 0);
}

}  // namespace
}  // namespace tsunagu::matching::coverage
