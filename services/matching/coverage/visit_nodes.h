#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NODES_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NODES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/coverage/visit_problem.h"

namespace tsunagu::matching::coverage {

// The limits of visits as nodes of two trees with a common root, the outside node. In one tree, half-days lie within
// weeks, and weeks within supplies; in the other, openings lie within sets. A visit counts in a half-day of its supply,
// in its opening, and in everything around either. As a flow it goes from the outside through the supply to its
// half-day, on to the opening, and through the sets back to the outside.
class VisitNodes {
 public:
  // Keeps a reference to the problem, which must outlive this object.
  explicit VisitNodes(const VisitProblem& problem);

  int32_t size() const { return static_cast<int32_t>(limits_.size()); }
  int32_t outside() const { return size() - 1; }
  int32_t OfSupply(int32_t supply) const { return supply * kOfSupply; }
  int32_t OfWeek(int32_t supply, int32_t week) const { return OfSupply(supply) + 1 + week; }
  int32_t OfSlot(int32_t supply, int32_t slot) const { return OfSupply(supply) + 3 + slot; }
  int32_t OfOpening(int32_t opening) const { return OfSupply(problem_.supply_count()) + opening; }
  int32_t OfSet(int32_t set) const { return set < 0 ? outside() : OfOpening(problem_.opening_count()) + set; }
  // Return the nodes where the visits of a pair begin and end.
  int32_t StartOf(const VisitPair& pair) const { return OfSlot(pair.supply, problem_.slots[pair.opening]); }
  int32_t EndOf(const VisitPair& pair) const { return OfOpening(pair.opening); }

  // Returns whether the node is a limit of a supply; else it is an opening, a set or the outside.
  bool IsOfSupply(int32_t node) const { return node < OfOpening(0); }
  // Returns the node that directly contains the node, which must not be the outside.
  int32_t Around(int32_t node) const { return around_[node]; }
  absl::Span<const int32_t> Within(int32_t node) const { return within_[node]; }
  // Returns the pairs that begin or end at the node, by index.
  absl::Span<const int32_t> PairsAt(int32_t node) const { return pairs_[node]; }
  // Return the largest and the smallest number of visits in the node.
  int32_t LimitOf(int32_t node) const { return limits_[node]; }
  int32_t FloorOf(int32_t node) const { return floors_[node]; }

  // Returns, by node, the visits in it; the count of the outside is not kept. `counts` are those of the pairs.
  std::vector<int32_t> CountsOf(const std::vector<int32_t>& counts) const;

 private:
  static constexpr int32_t kOfSupply = 1 + 2 + market::kSlots;

  void Enclose(int32_t node, int32_t around, int32_t limit, int32_t floor = 0);

  const VisitProblem& problem_;
  std::vector<int32_t> around_, limits_, floors_;
  std::vector<std::vector<int32_t>> within_, pairs_;
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VISIT_NODES_H_
