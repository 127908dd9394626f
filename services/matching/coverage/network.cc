#include "services/matching/coverage/network.h"

#include <lemon/circulation.h>
#include <lemon/maps.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstddef>
#include <functional>

namespace tsunagu::matching::coverage {
namespace {

using Graph = lemon::SmartDigraph;
template <typename Key, typename Value>
using Map = lemon::FunctorToMap<std::function<Value(Key)>, Key, Value>;

// One unit of flow enters at every nurse, goes to an opening that she chooses or straight to the root, and from the
// opening through the sets around it to the root. The arcs are, in this order: every choice; every nurse, without an
// opening; every opening; every set.
class Network {
 public:
  explicit Network(const CoverageProblem& problem)
      : problem_(problem),
        nurses_(problem.market.nurse_count()),
        openings_(problem.market.opening_count()),
        choices_(problem.market.choices.size()) {
    AddNodes();
    AddArcs();
  }

  std::optional<Found> Find() const {
    const Scale scale = ScaleOf(problem_);
    lemon::NetworkSimplex<Graph, int, int64_t> simplex(graph_);
    simplex.lowerMap(Map<Graph::Arc, int>([this](Graph::Arc arc) { return Lower(arc); }))
        .upperMap(Map<Graph::Arc, int>([this](Graph::Arc arc) { return Upper(arc); }))
        .supplyMap(Map<Graph::Node, int>([this](Graph::Node node) { return Supply(node); }))
        .costMap(Map<Graph::Arc, int64_t>([&](Graph::Arc arc) {
          const auto choice = static_cast<size_t>(Graph::id(arc));
          return choice < choices_ ? -GainOf(problem_, scale, choice) : 0;
        }));
    if (simplex.run() != simplex.OPTIMAL) return std::nullopt;
    Found found;
    found.assigned = Assigned([&](size_t choice) { return simplex.flow(Arc(choice)) > 0; });
    const auto level = [&](int32_t node) { return simplex.potential(Root()) - simplex.potential(Node(node)); };
    for (int32_t opening = 0; opening < openings_; ++opening) found.opening_levels.push_back(level(nurses_ + opening));
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      found.set_levels.push_back(level(nurses_ + openings_ + set));
    }
    return found;
  }

  // A barrier: more must flow out of its other side than can enter there.
  Shortage FindShortage() const {
    const Map<Graph::Arc, int> lower([this](Graph::Arc arc) { return Lower(arc); });
    const Map<Graph::Arc, int> upper([this](Graph::Arc arc) { return Upper(arc); });
    const Map<Graph::Node, int> supplies([this](Graph::Node node) { return Supply(node); });
    lemon::Circulation<Graph, Map<Graph::Arc, int>, Map<Graph::Arc, int>, Map<Graph::Node, int>> circulation(
        graph_, lower, upper, supplies);
    circulation.run();
    return ShortageWithin([&](int32_t node) { return !circulation.barrier(Node(node)); });
  }

 private:
  static Graph::Node Node(int32_t index) { return Graph::nodeFromId(index); }
  static Graph::Arc Arc(size_t index) { return Graph::arcFromId(static_cast<int>(index)); }
  Graph::Node Root() const { return Node(nurses_ + openings_ + problem_.set_count()); }
  // Returns the node around the set: another set, or the root.
  Graph::Node Around(int32_t set) const { return set < 0 ? Root() : Node(nurses_ + openings_ + set); }
  size_t OpeningArc(int32_t opening) const {
    return choices_ + static_cast<size_t>(nurses_) + static_cast<size_t>(opening);
  }
  size_t SetArc(int32_t set) const { return OpeningArc(openings_) + static_cast<size_t>(set); }

  void AddNodes() {
    const int32_t count = nurses_ + openings_ + problem_.set_count() + 1;
    graph_.reserveNode(count);
    for (int32_t i = 0; i < count; ++i) graph_.addNode();
  }

  void AddArcs() {
    graph_.reserveArc(static_cast<int>(SetArc(problem_.set_count())));
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      for (const market::Choice& choice : problem_.market.ChoicesOf(nurse)) {
        graph_.addArc(Node(nurse), Node(nurses_ + choice.opening));
      }
    }
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) graph_.addArc(Node(nurse), Root());
    for (int32_t opening = 0; opening < openings_; ++opening) {
      graph_.addArc(Node(nurses_ + opening), Around(problem_.SetOf(opening)));
    }
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      graph_.addArc(Around(set), Around(problem_.caps.parent[set]));
    }
  }

  int Supply(Graph::Node node) const { return node == Root() ? -nurses_ : Graph::id(node) < nurses_ ? 1 : 0; }

  int Lower(Graph::Arc arc) const {
    const auto index = static_cast<size_t>(Graph::id(arc));
    return index < SetArc(0) ? 0 : problem_.floors[index - SetArc(0)];
  }

  int Upper(Graph::Arc arc) const {
    const auto index = static_cast<size_t>(Graph::id(arc));
    return index < OpeningArc(0) ? 1
           : index < SetArc(0)   ? problem_.market.posts[index - OpeningArc(0)]
                                 : problem_.caps.limit[index - SetArc(0)];
  }

  template <typename Taken>
  market::Assigned Assigned(Taken taken) const {
    market::Assigned assigned(static_cast<size_t>(nurses_), -1);
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      for (size_t i = problem_.market.begin[nurse]; i < problem_.market.begin[nurse + 1]; ++i) {
        if (taken(i)) assigned[nurse] = problem_.market.choices[i].opening;
      }
    }
    return assigned;
  }

  // `within` returns whether a node is on the side that too few nurses reach.
  template <typename Within>
  Shortage ShortageWithin(Within within) const {
    const auto set_within = [&](int32_t set) { return set >= 0 && within(nurses_ + openings_ + set); };
    Shortage shortage;
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const bool inside = set_within(set), around = set_within(problem_.caps.parent[set]);
      if (inside && !around && problem_.floors[set] > 0) {
        shortage.floors.push_back(set);
        shortage.wanted += problem_.floors[set];
      } else if (!inside && around) {
        shortage.limits.push_back(set);
        shortage.held += problem_.caps.limit[set];
      }
    }
    std::vector<bool> open(static_cast<size_t>(openings_), false);
    for (int32_t opening = 0; opening < openings_; ++opening) {
      if (!set_within(problem_.SetOf(opening))) continue;
      if (within(nurses_ + opening)) {
        open[opening] = true;
        shortage.openings.push_back(opening);
      } else {
        shortage.bounded_openings.push_back(opening);
        shortage.held += problem_.market.posts[opening];
      }
    }
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      const auto choices = problem_.market.ChoicesOf(nurse);
      shortage.eligible +=
          std::any_of(choices.begin(), choices.end(), [&](const market::Choice& c) { return open[c.opening]; });
    }
    return shortage;
  }

  const CoverageProblem& problem_;
  const int32_t nurses_, openings_;
  const size_t choices_;
  Graph graph_;
};

}  // namespace

std::optional<Found> FindByNetwork(const CoverageProblem& problem) { return Network(problem).Find(); }

Shortage FindShortage(const CoverageProblem& problem) { return Network(problem).FindShortage(); }

}  // namespace tsunagu::matching::coverage
