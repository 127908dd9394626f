#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// Counts the nurses of an assignment by node. A node is a place, a set, or the node outside all sets, which has the
// nurses without a place. Keeps a reference to the problem, which must outlive this object.
class Standing {
 public:
  Standing(const CoverageProblem& problem, const market::Assigned& assigned)
      : problem_(problem),
        places_(problem.market.place_count()),
        counts_(static_cast<size_t>(outside()) + 1, 0),
        within_(counts_.size()) {
    for (const int32_t place : assigned) {
      if (place >= 0) Count(place, 1);
    }
    for (int32_t place = 0; place < places_; ++place) within_[Around(place)].push_back(place);
    for (int32_t set = 0; set < problem.set_count(); ++set) within_[Around(NodeOfSet(set))].push_back(NodeOfSet(set));
  }

  int32_t outside() const { return places_ + problem_.set_count(); }
  int32_t NodeOfSet(int32_t set) const { return set < 0 ? outside() : places_ + set; }
  int32_t NodeOfPlace(int32_t place) const { return place < 0 ? outside() : place; }
  // Returns the node that directly contains a place or a set.
  int32_t Around(int32_t node) const {
    return NodeOfSet(node < places_ ? problem_.SetOf(node) : problem_.caps.parent[node - places_]);
  }
  // Returns the places and sets that the node directly contains.
  absl::Span<const int32_t> Within(int32_t node) const { return within_[node]; }

  int32_t CountOf(int32_t node) const { return counts_[node]; }
  // Returns whether the place or set has room for one more nurse. The sets around it are not checked.
  bool MayGrow(int32_t node) const {
    return counts_[node] < (node < places_ ? problem_.market.posts[node] : problem_.caps.limit[node - places_]);
  }
  // Returns whether a nurse can leave without the node's own floor being missed.
  bool MayShrink(int32_t node) const { return FloorOf(node) == 0 || counts_[node] > FloorOf(node); }

  void Move(int32_t from_place, int32_t to_place) {
    if (from_place >= 0) Count(from_place, -1);
    if (to_place >= 0) Count(to_place, 1);
  }

 private:
  int32_t FloorOf(int32_t node) const { return node < places_ ? 0 : problem_.floors[node - places_]; }
  void Count(int32_t place, int32_t change) {
    for (int32_t node = place; node != outside(); node = Around(node)) counts_[node] += change;
  }

  const CoverageProblem& problem_;
  const int32_t places_;
  std::vector<int32_t> counts_;               // by node; the count of the outside node is not kept
  std::vector<std::vector<int32_t>> within_;  // by node
};

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_STANDING_H_
