#include "services/matching/market/check.h"

#include <cstddef>
#include <utility>

namespace tsunagu::matching::market {
namespace {

class Checker {
 public:
  // Keeps references to both, which must outlive this object.
  Checker(const Market& market, const Caps& caps) : market_(market), caps_(caps) {}

  std::vector<Fault> Run() && {
    if (ListsInOrder()) CheckChoices();
    CheckPosts();
    CheckSets();
    CheckOpeningsInSets();
    return std::move(faults_);
  }

 private:
  bool ListsInOrder() {
    const std::vector<uint32_t>& begin = market_.begin;
    if (begin.empty() || begin.front() != 0 || begin.back() != market_.choices.size()) {
      faults_.push_back({.kind = FaultKind::kWrongSizes});
      return false;
    }
    bool in_order = true;
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      if (begin[nurse] <= begin[nurse + 1]) continue;
      faults_.push_back({.kind = FaultKind::kListsDisordered, .nurse = nurse});
      in_order = false;
    }
    return in_order;
  }

  void CheckChoices() {
    std::vector<int32_t> last_nurse(market_.posts.size(), -1);  // by opening: the last nurse who has it
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      for (const Choice& choice : market_.ChoicesOf(nurse)) {
        if (choice.opening < 0 || choice.opening >= market_.opening_count()) {
          faults_.push_back({.kind = FaultKind::kUnknownOpening, .nurse = nurse, .opening = choice.opening});
        } else if (last_nurse[choice.opening] == nurse) {
          faults_.push_back({.kind = FaultKind::kOpeningTwice, .nurse = nurse, .opening = choice.opening});
        } else {
          last_nurse[choice.opening] = nurse;
        }
      }
    }
  }

  void CheckPosts() {
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      if (market_.posts[opening] < 0) faults_.push_back({.kind = FaultKind::kNegativePosts, .opening = opening});
    }
  }

  int32_t set_count() const { return static_cast<int32_t>(caps_.parent.size()); }

  void CheckSets() {
    if (caps_.limit.size() != caps_.parent.size()) faults_.push_back({.kind = FaultKind::kWrongSizes});
    for (int32_t set = 0; set < set_count(); ++set) {
      const int32_t parent = caps_.parent[set];
      if (parent < -1 || parent >= set_count()) {
        faults_.push_back({.kind = FaultKind::kUnknownParent, .set = set});
      } else if (parent >= set) {
        faults_.push_back({.kind = FaultKind::kParentNotBefore, .set = set});
      }
    }
    for (size_t set = 0; set < caps_.limit.size(); ++set) {
      if (caps_.limit[set] >= 0) continue;
      faults_.push_back({.kind = FaultKind::kNegativeLimit, .set = static_cast<int32_t>(set)});
    }
  }

  void CheckOpeningsInSets() {
    const bool no_caps = caps_.parent.empty() && caps_.set_of_opening.empty();
    if (!no_caps && caps_.set_of_opening.size() != market_.posts.size()) {
      faults_.push_back({.kind = FaultKind::kWrongSizes});
    }
    for (size_t i = 0; i < caps_.set_of_opening.size(); ++i) {
      const int32_t set = caps_.set_of_opening[i];
      if (set >= -1 && set < set_count()) continue;
      faults_.push_back({.kind = FaultKind::kUnknownSet, .opening = static_cast<int32_t>(i), .set = set});
    }
  }

  const Market& market_;
  const Caps& caps_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> CheckMarket(const Market& market, const Caps& caps) { return Checker(market, caps).Run(); }

}  // namespace tsunagu::matching::market
