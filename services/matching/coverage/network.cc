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

// One unit of flow enters at every nurse, goes to a place that she chooses or straight to the root, and from the place
// through the sets around it to the root. The arcs are, in this order: every choice; every nurse, without a place;
// every place; every set.
class Network {
 public:
  explicit Network(const CoverageProblem& problem)
      : problem_(problem),
        nurses_(problem.market.nurse_count()),
        places_(problem.market.place_count()),
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
    for (int32_t place = 0; place < places_; ++place) found.place_levels.push_back(level(nurses_ + place));
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      found.set_levels.push_back(level(nurses_ + places_ + set));
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
  Graph::Node Root() const { return Node(nurses_ + places_ + problem_.set_count()); }
  // Returns the node around the set: another set, or the root.
  Graph::Node Around(int32_t set) const { return set < 0 ? Root() : Node(nurses_ + places_ + set); }
  size_t PlaceArc(int32_t place) const { return choices_ + static_cast<size_t>(nurses_) + static_cast<size_t>(place); }
  size_t SetArc(int32_t set) const { return PlaceArc(places_) + static_cast<size_t>(set); }

  void AddNodes() {
    const int32_t count = nurses_ + places_ + problem_.set_count() + 1;
    graph_.reserveNode(count);
    for (int32_t i = 0; i < count; ++i) graph_.addNode();
  }

  void AddArcs() {
    graph_.reserveArc(static_cast<int>(SetArc(problem_.set_count())));
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      for (const market::Choice& choice : problem_.market.ChoicesOf(nurse)) {
        graph_.addArc(Node(nurse), Node(nurses_ + choice.place));
      }
    }
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) graph_.addArc(Node(nurse), Root());
    for (int32_t place = 0; place < places_; ++place) {
      graph_.addArc(Node(nurses_ + place), Around(problem_.SetOf(place)));
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
    return index < PlaceArc(0) ? 1
           : index < SetArc(0) ? problem_.market.posts[index - PlaceArc(0)]
                               : problem_.caps.limit[index - SetArc(0)];
  }

  template <typename Taken>
  market::Assigned Assigned(Taken taken) const {
    market::Assigned assigned(static_cast<size_t>(nurses_), -1);
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      for (size_t i = problem_.market.begin[nurse]; i < problem_.market.begin[nurse + 1]; ++i) {
        if (taken(i)) assigned[nurse] = problem_.market.choices[i].place;
      }
    }
    return assigned;
  }

  // `within` returns whether a node is on the side that too few nurses reach.
  template <typename Within>
  Shortage ShortageWithin(Within within) const {
    const auto set_within = [&](int32_t set) { return set >= 0 && within(nurses_ + places_ + set); };
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
    std::vector<bool> open(static_cast<size_t>(places_), false);
    for (int32_t place = 0; place < places_; ++place) {
      if (!set_within(problem_.SetOf(place))) continue;
      if (within(nurses_ + place)) {
        open[place] = true;
        shortage.places.push_back(place);
      } else {
        shortage.bounded_places.push_back(place);
        shortage.held += problem_.market.posts[place];
      }
    }
    for (int32_t nurse = 0; nurse < nurses_; ++nurse) {
      const auto choices = problem_.market.ChoicesOf(nurse);
      shortage.eligible +=
          std::any_of(choices.begin(), choices.end(), [&](const market::Choice& c) { return open[c.place]; });
    }
    return shortage;
  }

  const CoverageProblem& problem_;
  const int32_t nurses_, places_;
  const size_t choices_;
  Graph graph_;
};

}  // namespace

std::optional<Found> FindByNetwork(const CoverageProblem& problem) { return Network(problem).Find(); }

Shortage FindShortage(const CoverageProblem& problem) { return Network(problem).FindShortage(); }

}  // namespace tsunagu::matching::coverage
