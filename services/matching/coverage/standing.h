#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Counts the nurses of an assignment by node. A node is an opening, a set, or the node outside all sets, which has the
// nurses without an opening. Keeps a reference to the problem, which must outlive this object.
class Standing {
 public:
  Standing(const CoverageProblem& problem, const market::Assigned& assigned)
      : problem_(problem),
        openings_(problem.market.opening_count()),
        counts_(static_cast<size_t>(outside()) + 1, 0),
        within_(counts_.size()) {
    for (const int32_t opening : assigned) {
      if (opening >= 0) Count(opening, 1);
    }
    for (int32_t opening = 0; opening < openings_; ++opening) within_[Around(opening)].push_back(opening);
    for (int32_t set = 0; set < problem.set_count(); ++set) within_[Around(NodeOfSet(set))].push_back(NodeOfSet(set));
  }

  int32_t outside() const { return openings_ + problem_.set_count(); }
  int32_t NodeOfSet(int32_t set) const { return set < 0 ? outside() : openings_ + set; }
  int32_t NodeOfOpening(int32_t opening) const { return opening < 0 ? outside() : opening; }
  // Returns the node that directly contains an opening or a set.
  int32_t Around(int32_t node) const {
    return NodeOfSet(node < openings_ ? problem_.SetOf(node) : problem_.caps.parent[node - openings_]);
  }
  // Returns the openings and sets that the node directly contains.
  absl::Span<const int32_t> Within(int32_t node) const { return within_[node]; }

  int32_t CountOf(int32_t node) const { return counts_[node]; }
  // Returns whether the opening or set has room for one more nurse. The sets around it are not checked.
  bool MayGrow(int32_t node) const {
    return counts_[node] < (node < openings_ ? problem_.market.posts[node] : problem_.caps.limit[node - openings_]);
  }
  // Returns whether a nurse can leave without the node's own floor being missed.
  bool MayShrink(int32_t node) const { return FloorOf(node) == 0 || counts_[node] > FloorOf(node); }

  void Move(int32_t from_opening, int32_t to_opening) {
    if (from_opening >= 0) Count(from_opening, -1);
    if (to_opening >= 0) Count(to_opening, 1);
  }

 private:
  int32_t FloorOf(int32_t node) const { return node < openings_ ? 0 : problem_.floors[node - openings_]; }
  void Count(int32_t opening, int32_t change) {
    for (int32_t node = opening; node != outside(); node = Around(node)) counts_[node] += change;
  }

  const CoverageProblem& problem_;
  const int32_t openings_;
  std::vector<int32_t> counts_;               // by node; the count of the outside node is not kept
  std::vector<std::vector<int32_t>> within_;  // by node
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_
