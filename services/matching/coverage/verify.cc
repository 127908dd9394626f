#include "services/matching/coverage/verify.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/numeric/int128.h"

namespace tsunagu::matching::coverage {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();  // no choice

class Verifier {
 public:
  Verifier(const CoverageProblem& problem, const market::Assigned& assigned, const Prices& prices)
      : problem_(problem),
        market_(problem.market),
        assigned_(assigned),
        prices_(prices),
        scale_(ScaleOf(problem)),
        at_opening_(market_.posts.size(), 0),
        in_set_(problem.floors.size(), 0),
        choice_(market_.nurse_count(), kNone) {}

  Verdict Run() {
    const size_t openings = market_.posts.size(), sets = problem_.floors.size();
    if (assigned_.size() != choice_.size() || prices_.openings.size() != openings || prices_.limits.size() != sets ||
        prices_.floors.size() != sets) {
      Report({FindingKind::kWrongSize});
      return std::move(verdict_);
    }
    CountNurses();
    CheckCounts();
    CheckPrices();
    if (verdict_.finding_count == 0) CheckOptimality();
    verdict_.best = verdict_.finding_count == 0;
    return std::move(verdict_);
  }

 private:
  void Report(Finding finding) {
    ++verdict_.finding_count;
    if (verdict_.findings.size() < kMaxFindings) verdict_.findings.push_back(finding);
  }

  void CountNurses() {
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      const int32_t opening = assigned_[nurse];
      if (opening == -1) continue;
      for (size_t i = market_.begin[nurse]; i < market_.begin[nurse + 1]; ++i) {
        if (market_.choices[i].opening == opening) choice_[nurse] = i;
      }
      if (choice_[nurse] == kNone) {
        Report({FindingKind::kNotChosen, nurse, opening});
        continue;
      }
      ++at_opening_[opening];
      for (int32_t set = problem_.SetOf(opening); set >= 0; set = problem_.caps.parent[set]) ++in_set_[set];
    }
  }

  void CheckCounts() {
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      if (at_opening_[opening] > market_.posts[opening]) Report({FindingKind::kOverPosts, -1, opening});
    }
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      if (in_set_[set] > problem_.caps.limit[set]) Report({FindingKind::kOverLimit, -1, -1, set});
      if (in_set_[set] < problem_.floors[set]) Report({FindingKind::kUnderFloor, -1, -1, set});
    }
  }

  // Inside a floor to which no nurse can be added, other prices make up for the price of the floor, which attracts
  // nobody. So they may be larger than beyond_price.
  bool OutOfRange(int64_t price) const {
    return price < 0 || price > scale_.beyond_price * (int64_t{problem_.set_count()} + 1);
  }

  void CheckPrices() {
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      const int64_t price = prices_.openings[opening];
      if (OutOfRange(price)) Report({FindingKind::kWrongPrice, -1, opening});
      if (price > 0 && at_opening_[opening] < market_.posts[opening]) Report({FindingKind::kPriceNotFull, -1, opening});
    }
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const int64_t limit = prices_.limits[set], floor = prices_.floors[set];
      if (OutOfRange(limit) || OutOfRange(floor) || floor > scale_.beyond_price || (limit > 0 && floor > 0)) {
        Report({FindingKind::kWrongPrice, -1, -1, set});
      }
      if (limit > 0 && in_set_[set] < problem_.caps.limit[set]) Report({FindingKind::kPriceNotFull, -1, -1, set});
      if (floor > 0 && (in_set_[set] > problem_.floors[set] || problem_.floors[set] == 0)) {
        Report({FindingKind::kPriceNotTight, -1, -1, set});
      }
    }
  }

  void CheckOptimality() {
    AddUpPrices();
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) CheckNurse(nurse);
    CheckSums();
    if (verdict_.finding_count == 0) CheckLeast();
  }

  // Adds up the total price of being in a set or at an opening, with everything around it. Sets come after those around
  // them.
  void AddUpPrices() {
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      const int32_t parent = problem_.caps.parent[set];
      set_total_.push_back((parent < 0 ? 0 : set_total_[parent]) + prices_.limits[set] - prices_.floors[set]);
    }
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      const int32_t set = problem_.SetOf(opening);
      opening_total_.push_back((set < 0 ? 0 : set_total_[set]) + prices_.openings[opening]);
    }
  }

  int64_t Surplus(size_t choice) const {
    return choice == kNone ? 0 : GainOf(problem_, scale_, choice) - opening_total_[market_.choices[choice].opening];
  }

  void CheckNurse(int32_t nurse) {
    const size_t has = choice_[nurse];
    const int64_t surplus = Surplus(has);
    if (surplus < 0) Report({FindingKind::kBetterChoice, nurse, -1});
    for (size_t i = market_.begin[nurse]; i < market_.begin[nurse + 1]; ++i) {
      const int32_t opening = market_.choices[i].opening;
      if (Surplus(i) > surplus) Report({FindingKind::kBetterChoice, nurse, opening});
      if (i < has && Surplus(i) == surplus && CouldGoAlone(assigned_[nurse], opening)) {
        Report({FindingKind::kEarlierChoice, nurse, opening});
      }
    }
  }

  // Returns whether one nurse could move from one opening, or from none, to another without making anything worse.
  bool CouldGoAlone(int32_t from, int32_t to) const {
    if (at_opening_[to] == market_.posts[to] || (from >= 0 && prices_.openings[from] > 0)) return false;
    int32_t leaves = from < 0 ? -1 : problem_.SetOf(from), enters = problem_.SetOf(to);
    // Goes up to the common set around both. Of two different sets, the one with the larger index does not contain the
    // other.
    while (leaves != enters) {
      int32_t& set = leaves > enters ? leaves : enters;
      if (prices_.limits[set] > 0 || prices_.floors[set] > 0) return false;
      const bool holds =
          &set == &leaves ? in_set_[set] == problem_.floors[set] : in_set_[set] == problem_.caps.limit[set];
      if (holds) return false;
      set = problem_.caps.parent[set];
    }
    return true;
  }

  // Compares the largest possible sum by these prices with the sum of this assignment.
  void CheckSums() {
    absl::int128 most = 0, has = 0;
    for (const size_t choice : choice_) {
      most += Surplus(choice);
      if (choice != kNone) has += GainOf(problem_, scale_, choice);
    }
    for (size_t opening = 0; opening < at_opening_.size(); ++opening) {
      most += absl::int128(prices_.openings[opening]) * market_.posts[opening];
    }
    for (size_t set = 0; set < in_set_.size(); ++set) {
      most += absl::int128(prices_.limits[set]) * problem_.caps.limit[set];
      most -= absl::int128(prices_.floors[set]) * problem_.floors[set];
    }
    if (most != has) Report({FindingKind::kSumsDiffer});
  }

  // The prices are the least if each total has a reason. The outside costs nothing, which needs no reason. A total is
  // as high as it is because a nurse would come if it were lower, from somewhere whose total has a reason itself; or
  // because it equals the total around it. Follows all reasons from the outside; a node that is not reached has none.
  void CheckLeast() {
    GroupByOpening();
    for (int32_t set = 0; set < problem_.set_count(); ++set)
      by_parent_[Index(problem_.caps.parent[set])].push_back(set);
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      openings_in_[Index(problem_.SetOf(opening))].push_back(opening);
    }
    set_reasoned_.assign(in_set_.size() + 1, false);
    opening_reasoned_.assign(at_opening_.size(), false);
    ReasonSet(-1, 0);
    while (!open_.empty()) {
      const auto [is_opening, index] = open_.back();
      open_.pop_back();
      if (is_opening) {
        FollowOpening(index);
      } else {
        FollowSet(index);
      }
    }
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      if (!opening_reasoned_[opening]) Report({FindingKind::kPriceNotLeast, -1, opening});
    }
    for (int32_t set = 0; set < problem_.set_count(); ++set) {
      if (!set_reasoned_[Index(set)]) Report({FindingKind::kPriceNotLeast, -1, -1, set});
    }
  }

  static size_t Index(int32_t set) { return static_cast<size_t>(set + 1); }  // of a set; 0 for the outside
  int64_t TotalOf(int32_t set) const { return set < 0 ? 0 : set_total_[set]; }

  void GroupByOpening() {
    nurses_at_.resize(at_opening_.size() + 1);
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      nurses_at_[static_cast<size_t>(assigned_[nurse] + 1)].push_back(nurse);
    }
    by_parent_.resize(in_set_.size() + 1);
    openings_in_.resize(in_set_.size() + 1);
  }

  void ReasonSet(int32_t set, int64_t total) {
    if (set_reasoned_[Index(set)] || TotalOf(set) != total) return;
    set_reasoned_[Index(set)] = true;
    open_.emplace_back(false, set);
  }

  void ReasonOpening(int32_t opening, int64_t total) {
    if (opening_reasoned_[opening] || opening_total_[opening] != total) return;
    opening_reasoned_[opening] = true;
    open_.emplace_back(true, opening);
  }

  void FollowSet(int32_t set) {
    if (set >= 0 && in_set_[set] < problem_.caps.limit[set]) ReasonSet(problem_.caps.parent[set], TotalOf(set));
    for (const int32_t opening : openings_in_[Index(set)]) ReasonOpening(opening, TotalOf(set));
    for (const int32_t inner : by_parent_[Index(set)]) {
      const bool held = problem_.floors[inner] > 0 && in_set_[inner] == problem_.floors[inner];
      ReasonSet(inner, TotalOf(set) - (held ? scale_.beyond_price : 0));
    }
    if (set < 0) FollowNurses(-1);
  }

  void FollowOpening(int32_t opening) {
    if (at_opening_[opening] < market_.posts[opening]) ReasonSet(problem_.SetOf(opening), opening_total_[opening]);
    FollowNurses(opening);
  }

  // Each nurse at the opening is a reason for every other opening that is equally good for her, and for having none.
  void FollowNurses(int32_t opening) {
    for (const int32_t nurse : nurses_at_[static_cast<size_t>(opening + 1)]) {
      const int64_t surplus = Surplus(choice_[nurse]);
      if (surplus == 0) ReasonSet(-1, 0);
      for (size_t i = market_.begin[nurse]; i < market_.begin[nurse + 1]; ++i) {
        ReasonOpening(market_.choices[i].opening, GainOf(problem_, scale_, i) - surplus);
      }
    }
  }

  const CoverageProblem& problem_;
  const market::Market& market_;
  const market::Assigned& assigned_;
  const Prices& prices_;
  const Scale scale_;
  std::vector<int32_t> at_opening_, in_set_;  // number of nurses there
  std::vector<size_t> choice_;                // by nurse: the choice that she has
  std::vector<int64_t> set_total_, opening_total_;
  std::vector<std::vector<int32_t>> nurses_at_;                // by opening, 0 for none
  std::vector<std::vector<int32_t>> by_parent_, openings_in_;  // by set, 0 for the outside
  std::vector<bool> set_reasoned_, opening_reasoned_;
  std::vector<std::pair<bool, int32_t>> open_;  // openings or sets whose reasons lead further
  Verdict verdict_;
};

}  // namespace

Verdict VerifyCoverage(const CoverageProblem& problem, const market::Assigned& assigned, const Prices& prices) {
  return Verifier(problem, assigned, prices).Run();
}

}  // namespace tsunagu::matching::coverage
