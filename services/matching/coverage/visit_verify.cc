#include "services/matching/coverage/visit_verify.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/numeric/int128.h"

namespace tsunagu::matching::coverage {
namespace {

using market::kSlots;
using market::kSlotsOfWeek;

class VisitVerifier {
 public:
  // Keeps references to all arguments, which must outlive this object.
  VisitVerifier(const VisitProblem& problem, const std::vector<int32_t>& counts, const VisitPrices& prices)
      : problem_(problem), counts_(counts), prices_(prices), scale_(ScaleOf(problem)) {}

  Verdict Run() && {
    if (!Fit()) {
      Report({FindingKind::kWrongSize});
      return std::move(verdict_);
    }
    CountVisits();
    totals_.assign(static_cast<size_t>(SetNode(problem_.set_count())), 0);
    leads_to_.resize(totals_.size());
    for (int32_t supply = 0; supply < problem_.supply_count(); ++supply) CheckSupply(supply);
    for (int32_t set = 0; set < problem_.set_count(); ++set) CheckSet(set);
    for (int32_t opening = 0; opening < problem_.opening_count(); ++opening) CheckOpening(opening);
    for (size_t pair = 0; pair < counts_.size(); ++pair) CheckPair(problem_.pairs[pair], counts_[pair]);
    if (verdict_.finding_count == 0) CheckLeast();
    verdict_.best = verdict_.finding_count == 0;
    return std::move(verdict_);
  }

 private:
  // The visits of a supply.
  struct Done {
    std::array<int64_t, kSlots> slots{};
    std::array<int64_t, 2> weeks{};
    int64_t all = 0;
  };

  void Report(const Finding& finding) {
    ++verdict_.finding_count;
    if (verdict_.findings.size() < kMaxFindings) verdict_.findings.push_back(finding);
  }

  bool Fit() const {
    const size_t supplies = problem_.limits.size(), sets = problem_.floors.size();
    return counts_.size() == problem_.pairs.size() && prices_.supplies.size() == supplies &&
           prices_.weeks.size() == 2 * supplies && prices_.slots.size() == kSlots * supplies &&
           prices_.openings.size() == problem_.posts.size() && prices_.limits.size() == sets &&
           prices_.floors.size() == sets;
  }

  void CountVisits() {
    done_.resize(problem_.limits.size());
    at_opening_.assign(problem_.posts.size(), 0);
    in_set_.assign(problem_.floors.size(), 0);
    for (size_t i = 0; i < counts_.size(); ++i) {
      const VisitPair& pair = problem_.pairs[i];
      if (counts_[i] < 0) Report({FindingKind::kNotChosen, pair.supply, pair.opening});
      Done& done = done_[pair.supply];
      done.slots[problem_.slots[pair.opening]] += counts_[i];
      done.weeks[problem_.slots[pair.opening] / kSlotsOfWeek] += counts_[i];
      done.all += counts_[i];
      at_opening_[pair.opening] += counts_[i];
      for (int32_t set = problem_.SetOf(pair.opening); set >= 0; set = problem_.caps.parent[set])
        in_set_[set] += counts_[i];
    }
  }

  // Everything that can have a price, as nodes: the outside, supplies, their weeks, their half-days, openings, sets.
  static constexpr size_t kOutside = 0;
  size_t SupplyNode(int32_t supply) const { return 1 + static_cast<size_t>(supply); }
  size_t WeekNode(int32_t supply, int32_t week) const {
    return SupplyNode(problem_.supply_count()) + static_cast<size_t>(2 * supply + week);
  }
  size_t SlotNode(int32_t supply, int32_t slot) const {
    return WeekNode(problem_.supply_count(), 0) + static_cast<size_t>(kSlots * supply + slot);
  }
  size_t OpeningNode(int32_t opening) const {
    return SlotNode(problem_.supply_count(), 0) + static_cast<size_t>(opening);
  }
  size_t SetNode(int32_t set) const {
    return set < 0 ? kOutside : OpeningNode(problem_.opening_count()) + static_cast<size_t>(set);
  }

  // Records that the second price could not be less (for a supply: more), given the first one.
  void Because(size_t first, size_t second) { leads_to_[first].push_back(static_cast<int32_t>(second)); }

  bool OutOfRange(int64_t price) const {
    return price < 0 || price > scale_.beyond_price * (int64_t{problem_.set_count()} + 2);
  }

  // A limit that a supply does not reach has no price.
  void CheckLimitOf(int32_t supply, size_t node, size_t around, int64_t price, int64_t done, int32_t limit) {
    const bool full = done == limit && done > 0;
    totals_[node] = totals_[around] + price;
    if (done > limit) Report({FindingKind::kOverSupply, supply});
    if (OutOfRange(price)) Report({FindingKind::kWrongPrice, supply});
    if (price > 0 && !full) Report({FindingKind::kPriceNotFull, supply});
    if (price == 0) Because(node, around);
    if (!full) Because(around, node);
  }

  void CheckSupply(int32_t supply) {
    const market::VisitLimits& limits = problem_.limits[supply];
    const Done& done = done_[supply];
    const auto at = static_cast<size_t>(supply);
    CheckLimitOf(supply, SupplyNode(supply), kOutside, prices_.supplies[at], done.all, limits.all);
    for (int32_t week = 0; week < 2; ++week) {
      CheckLimitOf(supply, WeekNode(supply, week), SupplyNode(supply), prices_.weeks[2 * at + week], done.weeks[week],
                   limits.weekly[week]);
    }
    for (int32_t slot = 0; slot < kSlots; ++slot) {
      CheckLimitOf(supply, SlotNode(supply, slot), WeekNode(supply, slot / kSlotsOfWeek),
                   prices_.slots[kSlots * at + slot], done.slots[slot], limits.at_once[slot]);
    }
  }

  // Sets come after those around them.
  void CheckSet(int32_t set) {
    const int64_t limit = prices_.limits[set], floor = prices_.floors[set];
    const size_t node = SetNode(set), around = SetNode(problem_.caps.parent[set]);
    const bool has_room = in_set_[set] < problem_.caps.limit[set];
    const bool holds = problem_.floors[set] > 0 && in_set_[set] == problem_.floors[set];
    totals_[node] = totals_[around] + limit - floor;
    if (in_set_[set] > problem_.caps.limit[set]) Report({FindingKind::kOverLimit, -1, -1, set});
    if (in_set_[set] < problem_.floors[set]) Report({FindingKind::kUnderFloor, -1, -1, set});
    if (OutOfRange(limit) || OutOfRange(floor) || floor > scale_.beyond_price || (limit > 0 && floor > 0)) {
      Report({FindingKind::kWrongPrice, -1, -1, set});
    }
    if (limit > 0 && has_room) Report({FindingKind::kPriceNotFull, -1, -1, set});
    if (floor > 0 && !holds) Report({FindingKind::kPriceNotTight, -1, -1, set});
    if (has_room && floor == 0) Because(node, around);
    const int64_t offered = holds ? scale_.beyond_price : 0;
    if (limit == 0 && floor == offered) Because(around, node);
  }

  void CheckOpening(int32_t opening) {
    const int64_t price = prices_.openings[opening];
    const size_t node = OpeningNode(opening), around = SetNode(problem_.SetOf(opening));
    const bool has_room = at_opening_[opening] < problem_.posts[opening];
    totals_[node] = totals_[around] + price;
    if (at_opening_[opening] > problem_.posts[opening]) Report({FindingKind::kOverPosts, -1, opening});
    if (OutOfRange(price)) Report({FindingKind::kWrongPrice, -1, opening});
    if (price > 0 && has_room) Report({FindingKind::kPriceNotFull, -1, opening});
    if (price == 0) Because(around, node);
    if (has_room) Because(node, around);
  }

  // The gain of a visit is at most the sum of its prices; for a visit that is made, it equals the sum.
  void CheckPair(const VisitPair& pair, int32_t count) {
    const size_t slot = SlotNode(pair.supply, problem_.slots[pair.opening]), opening = OpeningNode(pair.opening);
    const absl::int128 gain = GainOf(problem_, scale_, pair), cost = totals_[slot] + totals_[opening];
    if (gain > cost) Report({FindingKind::kBetterChoice, pair.supply, pair.opening});
    if (count > 0 && gain < cost) Report({FindingKind::kBetterChoice, pair.supply, -1});
    if (gain == cost) Because(slot, opening);
    if (count > 0) Because(opening, slot);
  }

  // The prices are those of the answer if each has a chain of reasons that ends outside.
  void CheckLeast() {
    std::vector<bool> reasoned(totals_.size(), false);
    std::vector<size_t> open = {kOutside};
    reasoned[kOutside] = true;
    while (!open.empty()) {
      const size_t node = open.back();
      open.pop_back();
      for (const int32_t next : leads_to_[node]) {
        if (reasoned[next]) continue;
        reasoned[next] = true;
        open.push_back(static_cast<size_t>(next));
      }
    }
    for (size_t node = 0; node < reasoned.size(); ++node) {
      if (!reasoned[node]) Report(NotLeast(node));
    }
  }

  Finding NotLeast(size_t node) const {
    const auto from = [&](size_t first) { return static_cast<int32_t>(node - first); };
    if (node >= OpeningNode(problem_.opening_count())) {
      return {FindingKind::kPriceNotLeast, -1, -1, from(OpeningNode(problem_.opening_count()))};
    }
    if (node >= OpeningNode(0)) return {FindingKind::kPriceNotLeast, -1, from(OpeningNode(0))};
    if (node >= SlotNode(0, 0)) return {FindingKind::kPriceNotLeast, from(SlotNode(0, 0)) / kSlots};
    if (node >= WeekNode(0, 0)) return {FindingKind::kPriceNotLeast, from(WeekNode(0, 0)) / 2};
    return {FindingKind::kPriceNotLeast, from(SupplyNode(0))};
  }

  const VisitProblem& problem_;
  const std::vector<int32_t>& counts_;
  const VisitPrices& prices_;
  const Scale scale_;
  std::vector<Done> done_;                      // by supply
  std::vector<int64_t> at_opening_, in_set_;    // visits
  std::vector<absl::int128> totals_;            // by node: the total price of being there
  std::vector<std::vector<int32_t>> leads_to_;  // by node: the nodes for which it is a reason
  Verdict verdict_;
};

}  // namespace

Verdict VerifyVisitCoverage(const VisitProblem& problem, const std::vector<int32_t>& counts,
                            const VisitPrices& prices) {
  return VisitVerifier(problem, counts, prices).Run();
}

}  // namespace tsunagu::matching::coverage
