#include "services/matching/objectives/balanced.h"

#include <cstddef>

#include "services/matching/market/capped_posts.h"

namespace tsunagu::matching::objectives {
namespace {

using market::Caps;
using market::Market;

class Balance {
 public:
  Balance(const Market& market, const Caps& caps, absl::Span<const int32_t> floors)
      : market_(market), floors_(floors), given_(caps), giver_(GiversOf(caps, floors)), posts_(caps.parent.size(), 0) {
    for (int32_t opening = 0; opening < market.opening_count(); ++opening)
      ForSetsAround(opening, [&](int32_t set) { posts_[set] += market.posts[opening]; });
  }

  Balanced Run() {
    Try(given_);
    while (!best_.missed.empty()) {
      const int32_t set = FullestGiver();
      if (set < 0) break;
      Caps lower = best_.caps;
      lower.limit[set] = count_[set] - 1;
      Try(lower);
    }
    if (!best_.missed.empty()) {
      Try(given_);
    } else {
      RaiseAgain();
    }
    best_.runs = runs_;
    return best_;
  }

 private:
  // Returns the outermost sets without a floor in or around them.
  static std::vector<bool> GiversOf(const Caps& caps, absl::Span<const int32_t> floors) {
    const size_t count = caps.parent.size();
    std::vector<bool> around(count), within(count), may(count), giver(count);
    for (size_t set = count; set-- > 0;) {
      within[set] = within[set] || floors[set] > 0;
      if (caps.parent[set] >= 0 && within[set]) within[caps.parent[set]] = true;
    }
    for (size_t set = 0; set < count; ++set) {
      const int32_t parent = caps.parent[set];
      around[set] = floors[set] > 0 || (parent >= 0 && around[parent]);
      may[set] = !around[set] && !within[set];
      giver[set] = may[set] && (parent < 0 || !may[parent]);
    }
    return giver;
  }

  template <typename Do>
  void ForSetsAround(int32_t opening, Do what) const {
    for (int32_t set = given_.set_of_opening[opening]; set >= 0; set = given_.parent[set]) what(set);
  }

  void Try(const Caps& caps) {
    ++runs_;
    best_.caps = caps;
    best_.solution = market::Solve(market_, caps);
    count_.assign(posts_.size(), 0);
    for (const int32_t opening : best_.solution.assigned) {
      if (opening >= 0) ForSetsAround(opening, [&](int32_t set) { ++count_[set]; });
    }
    best_.missed.clear();
    for (size_t set = 0; set < floors_.size(); ++set) {
      if (count_[set] < floors_[set]) best_.missed.push_back(static_cast<int32_t>(set));
    }
  }

  int32_t FullestGiver() const {
    int32_t fullest = -1;
    for (size_t set = 0; set < giver_.size(); ++set) {
      if (!giver_[set] || count_[set] == 0) continue;
      if (fullest < 0 || count_[set] * posts_[fullest] > count_[fullest] * posts_[set]) {
        fullest = static_cast<int32_t>(set);
      }
    }
    return fullest;
  }

  // A later reduction may have made an earlier one unnecessary. Raises limits from the last to the first, as long as no
  // floor is missed.
  void RaiseAgain() {
    for (bool raised = true; raised;) {
      raised = false;
      for (size_t set = giver_.size(); set-- > 0;) {
        while (giver_[set] && best_.caps.limit[set] < given_.limit[set]) {
          const Balanced kept = best_;
          Caps higher = kept.caps;
          // If the set is not full, a limit above its count has the same effect as the given limit.
          higher.limit[set] = count_[set] < higher.limit[set] ? given_.limit[set] : higher.limit[set] + 1;
          Try(higher);
          if (best_.missed.empty()) {
            raised = true;
            continue;
          }
          Try(kept.caps);
          break;
        }
      }
    }
  }

  const Market& market_;
  const absl::Span<const int32_t> floors_;
  const Caps& given_;
  const std::vector<bool> giver_;  // by set
  std::vector<int64_t> posts_;     // by set: all posts in it
  std::vector<int64_t> count_;     // by set: its nurses in best_
  Balanced best_;
  int32_t runs_ = 0;
};

}  // namespace

Balanced SolveBalanced(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> floors) {
  return Balance(market, caps, floors).Run();
}

}  // namespace tsunagu::matching::objectives
