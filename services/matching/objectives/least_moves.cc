#include "services/matching/objectives/least_moves.h"

#include <lemon/preflow.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "services/matching/objectives/rotations.h"

namespace tsunagu::matching::objectives {
namespace {

using Graph = lemon::SmartDigraph;

// Returns how many more nurses stay where they are after the rotation.
int32_t GainOf(const Rotation& rotation, absl::Span<const int32_t> present) {
  int32_t gain = 0;
  for (const Rotation::Move& move : rotation.moves) {
    gain += move.to == present[move.nurse];
    gain -= move.from == present[move.nurse];
  }
  return gain;
}

// Returns the smallest of the closed sets with the largest gain (Picard): one side of a minimum cut between gains and
// losses, where needs cannot be cut.
std::vector<bool> Choose(const Lattice& lattice, absl::Span<const int32_t> present) {
  Graph graph;
  const Graph::Node source = graph.addNode(), sink = graph.addNode();
  std::vector<Graph::Node> nodes;
  for (size_t i = 0; i < lattice.rotations.size(); ++i) nodes.push_back(graph.addNode());
  Graph::ArcMap<int64_t> capacity(graph);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const int32_t gain = GainOf(lattice.rotations[i], present);
    if (gain > 0) capacity[graph.addArc(source, nodes[i])] = gain;
    if (gain < 0) capacity[graph.addArc(nodes[i], sink)] = -gain;
    for (const int32_t needed : lattice.rotations[i].needs) {
      capacity[graph.addArc(nodes[i], nodes[needed])] = std::numeric_limits<int32_t>::max();
    }
  }
  lemon::Preflow<Graph, Graph::ArcMap<int64_t>> flow(graph, capacity, source, sink);
  flow.run();
  // The nodes that can still be reached from the source are on its side of every minimum cut.
  std::vector<bool> reached(graph.nodeNum(), false);
  std::vector<Graph::Node> open = {source};
  reached[Graph::id(source)] = true;
  const auto reach = [&](Graph::Node node) {
    if (reached[Graph::id(node)]) return;
    reached[Graph::id(node)] = true;
    open.push_back(node);
  };
  while (!open.empty()) {
    const Graph::Node node = open.back();
    open.pop_back();
    for (Graph::OutArcIt arc(graph, node); arc != lemon::INVALID; ++arc) {
      if (flow.flow(arc) < capacity[arc]) reach(graph.target(arc));
    }
    for (Graph::InArcIt arc(graph, node); arc != lemon::INVALID; ++arc) {
      if (flow.flow(arc) > 0) reach(graph.source(arc));
    }
  }
  std::vector<bool> chosen;
  for (const Graph::Node node : nodes) chosen.push_back(reached[Graph::id(node)]);
  return chosen;
}

// Returns the prefix of rotations with the largest total gain.
std::vector<bool> ChooseFirst(const Lattice& lattice, absl::Span<const int32_t> present) {
  int32_t gain = 0, most = 0;
  size_t count = 0;
  for (size_t i = 0; i < lattice.rotations.size(); ++i) {
    gain += GainOf(lattice.rotations[i], present);
    if (gain <= most) continue;
    most = gain;
    count = i + 1;
  }
  std::vector<bool> chosen(lattice.rotations.size(), false);
  std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(count), true);
  return chosen;
}

LeastMoves Counted(market::Assigned assigned, absl::Span<const int32_t> present) {
  LeastMoves result;
  result.assigned = std::move(assigned);
  for (size_t nurse = 0; nurse < result.assigned.size(); ++nurse) {
    result.moved += present[nurse] >= 0 && result.assigned[nurse] != present[nurse];
  }
  return result;
}

}  // namespace

LeastMoves SolveWithLeastMoves(const market::Market& market, absl::Span<const int32_t> present) {
  const Lattice lattice = FindRotations(market);
  return Counted(Take(lattice, Choose(lattice, present)), present);
}

LeastMoves SolveWithLeastMoves(const market::Market& market, const market::Caps& caps,
                               absl::Span<const int32_t> present, absl::Span<const int32_t> turns, size_t most_needs) {
  if (caps.parent.empty()) return SolveWithLeastMoves(market, present);
  const CappedLattice found = FindRotations(market, caps, turns, most_needs);
  const Lattice& lattice = found.lattice;
  LeastMoves result =
      Counted(Take(lattice, found.is_whole ? Choose(lattice, present) : ChooseFirst(lattice, present)), present);
  result.is_least = found.is_whole;
  return result;
}

}  // namespace tsunagu::matching::objectives
