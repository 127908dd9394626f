#include "services/matching/coverage/visit_network.h"

#include <lemon/circulation.h>
#include <lemon/maps.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <functional>
#include <limits>

namespace tsunagu::matching::coverage {
namespace {

using Graph = lemon::SmartDigraph;
template <typename Key, typename Value>
using Map = lemon::FunctorToMap<std::function<Value(Key)>, Key, Value>;

// The flow of VisitNodes. The arcs are, in this order: every pair; every node but the outside, to or from the node
// around it.
class Network {
 public:
  // Keeps references to both, which must outlive this object.
  Network(const VisitProblem& problem, const VisitNodes& nodes)
      : problem_(problem), nodes_(nodes), pairs_(static_cast<int>(problem.pairs.size())) {
    graph_.reserveNode(nodes.size());
    graph_.reserveArc(pairs_ + nodes.outside());
    for (int32_t node = 0; node < nodes.size(); ++node) graph_.addNode();
    for (const VisitPair& pair : problem.pairs) graph_.addArc(Node(nodes.StartOf(pair)), Node(nodes.EndOf(pair)));
    for (int32_t node = 0; node < nodes.outside(); ++node) {
      const Graph::Node inner = Node(node), outer = Node(nodes.Around(node));
      if (nodes.IsOfSupply(node)) {
        graph_.addArc(outer, inner);
      } else {
        graph_.addArc(inner, outer);
      }
    }
  }

  std::optional<std::vector<int32_t>> Find() const {
    const Scale scale = ScaleOf(problem_);
    lemon::NetworkSimplex<Graph, int, int64_t> simplex(graph_);
    simplex.lowerMap(Map<Graph::Arc, int>([this](Graph::Arc arc) { return Lower(arc); }))
        .upperMap(Map<Graph::Arc, int>([this](Graph::Arc arc) { return Upper(arc); }))
        .costMap(Map<Graph::Arc, int64_t>([&](Graph::Arc arc) {
          const int index = Graph::id(arc);
          return index < pairs_ ? -GainOf(problem_, scale, problem_.pairs[index]) : 0;
        }));
    if (simplex.run() != simplex.OPTIMAL) return std::nullopt;
    std::vector<int32_t> counts;
    for (int pair = 0; pair < pairs_; ++pair) counts.push_back(simplex.flow(Graph::arcFromId(pair)));
    return counts;
  }

  // A barrier: more must flow out of its other side than can enter there.
  VisitShortage FindShortage() const {
    const Map<Graph::Arc, int> lower([this](Graph::Arc arc) { return Lower(arc); });
    const Map<Graph::Arc, int> upper([this](Graph::Arc arc) { return Upper(arc); });
    const Map<Graph::Node, int> supplies([](Graph::Node) { return 0; });
    lemon::Circulation<Graph, Map<Graph::Arc, int>, Map<Graph::Arc, int>, Map<Graph::Node, int>> circulation(
        graph_, lower, upper, supplies);
    circulation.run();
    return ShortageWithin([&](int32_t node) { return !circulation.barrier(Node(node)); });
  }

 private:
  static Graph::Node Node(int32_t index) { return Graph::nodeFromId(index); }

  int Lower(Graph::Arc arc) const {
    const int index = Graph::id(arc);
    return index < pairs_ ? 0 : nodes_.FloorOf(index - pairs_);
  }
  // A pair has no limit of its own: the nodes around it limit it.
  int Upper(Graph::Arc arc) const {
    const int index = Graph::id(arc);
    return index < pairs_ ? std::numeric_limits<int>::max() : nodes_.LimitOf(index - pairs_);
  }

  // `within` returns whether a node is on the side that too few visits reach. The outside is not.
  template <typename Within>
  VisitShortage ShortageWithin(Within within) const {
    VisitShortage shortage;
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const int32_t node = nodes_.OfSet(set);
      const bool inside = within(node), around = within(nodes_.Around(node));
      if (inside && !around && nodes_.FloorOf(node) > 0) {
        shortage.floors.push_back(set);
        shortage.wanted += nodes_.FloorOf(node);
      } else if (!inside && around) {
        shortage.limits.push_back(set);
        shortage.held += nodes_.LimitOf(node);
      }
    }
    for (int32_t opening = 0; opening < problem_.opening_count(); ++opening) {
      const int32_t node = nodes_.OfOpening(opening);
      if (!within(nodes_.Around(node))) continue;
      if (within(node)) {
        shortage.openings.push_back(opening);
      } else {
        shortage.bounded_openings.push_back(opening);
        shortage.held += nodes_.LimitOf(node);
      }
    }
    for (int32_t node = 0; nodes_.IsOfSupply(node); ++node) {
      if (within(node) && !within(nodes_.Around(node))) shortage.supplied += nodes_.LimitOf(node);
    }
    return shortage;
  }

  const VisitProblem& problem_;
  const VisitNodes& nodes_;
  const int pairs_;
  Graph graph_;
};

}  // namespace

std::optional<std::vector<int32_t>> FindBestVisits(const VisitProblem& problem, const VisitNodes& nodes) {
  return Network(problem, nodes).Find();
}

VisitShortage FindVisitShortage(const VisitProblem& problem, const VisitNodes& nodes) {
  return Network(problem, nodes).FindShortage();
}

}  // namespace tsunagu::matching::coverage
