#include "services/matching/market/verify.h"

#include <algorithm>
#include <utility>

namespace tsunagu::matching::market {
namespace {

// The nurses of an opening or a set: their number, and the largest of their keys.
struct Taken {
  int64_t count = 0;
  uint64_t last = 0;
};

constexpr size_t kAhead = 160;  // choices between the nurse that is checked and the data that is prefetched

class Verifier {
 public:
  // Keeps references to all arguments, which must outlive this object.
  Verifier(const Market& market, const Caps& caps, absl::Span<const int32_t> assigned, const Cutoffs& cutoffs)
      : market_(market), caps_(caps), assigned_(assigned), cutoffs_(cutoffs) {}

  Verdict Run() && {
    if (RightSizes()) {
      SetBars();
      for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) CheckNurse(nurse);
      CheckTaken();
    } else {
      Report({.kind = FindingKind::kWrongSize});
    }
    verdict_.stable = verdict_.finding_count == 0;
    return std::move(verdict_);
  }

 private:
  void Report(const Finding& finding) {
    ++verdict_.finding_count;
    if (verdict_.findings.size() < kMaxFindings) verdict_.findings.push_back(finding);
  }

  bool RightSizes() const {
    return assigned_.size() + 1 == market_.begin.size() && cutoffs_.of_opening.size() == market_.posts.size() &&
           cutoffs_.of_set.size() == caps_.parent.size();
  }

  // Returns the smallest key that is refused. The cut-off itself is not refused: a nurse whose own key it is is the
  // last herself, and would be admitted to an opening that she prefers.
  static uint64_t BarOf(uint64_t cutoff, int32_t most) {
    if (most == 0) return 0;
    return cutoff == kNoCutoff ? kNoCutoff : cutoff + 1;
  }

  void SetBars() {
    std::vector<uint64_t> bar_of_set(caps_.parent.size());
    for (size_t set = 0; set < bar_of_set.size(); ++set) {
      bar_of_set[set] = BarOf(cutoffs_.of_set[set], caps_.limit[set]);
      if (caps_.parent[set] >= 0) bar_of_set[set] = std::min(bar_of_set[set], bar_of_set[caps_.parent[set]]);
    }
    bars_.resize(market_.posts.size());
    for (size_t opening = 0; opening < bars_.size(); ++opening) {
      bars_[opening] = BarOf(cutoffs_.of_opening[opening], market_.posts[opening]);
      const int32_t set = bar_of_set.empty() ? -1 : caps_.set_of_opening[opening];
      if (set >= 0) bars_[opening] = std::min(bars_[opening], bar_of_set[set]);
    }
    of_opening_.resize(market_.posts.size());
  }

  // Checks that everything she prefers to what she has is closed to her, and that what she has is on her list.
  void CheckNurse(int32_t nurse) {
    const int32_t has = assigned_[nurse];
    // The length of a list is unpredictable, and the next list begins later than the processor guesses.
    __builtin_prefetch(market_.choices.data() + std::min(market_.begin[nurse] + kAhead, market_.choices.size()));
    if (has < -1 || has >= market_.opening_count()) {
      Report({.kind = FindingKind::kUnknownOpening, .nurse = nurse, .opening = has});
    }
    for (const Choice& choice : market_.ChoicesOf(nurse)) {
      const uint64_t key = KeyOf(nurse, choice);
      if (choice.opening == has) {
        Taken& taken = of_opening_[has];
        ++taken.count;
        taken.last = std::max(taken.last, key);
        return;
      }
      if (key < bars_[choice.opening])
        Report({.kind = FindingKind::kBlocks, .nurse = nurse, .opening = choice.opening});
    }
    if (has >= 0 && has < market_.opening_count()) {
      Report({.kind = FindingKind::kNotOnList, .nurse = nurse, .opening = has});
    }
  }

  // Checks counts and cut-offs, from the openings up through the sets.
  void CheckTaken() {
    std::vector<Taken> of_set(caps_.parent.size());
    const auto add = [&](int32_t set, const Taken& taken) {
      of_set[set].count += taken.count;
      of_set[set].last = std::max(of_set[set].last, taken.last);
    };
    for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
      const Taken& taken = of_opening_[opening];
      if (!of_set.empty() && caps_.set_of_opening[opening] >= 0) add(caps_.set_of_opening[opening], taken);
      if (taken.count > market_.posts[opening]) Report({.kind = FindingKind::kOverPosts, .opening = opening});
      if (cutoffs_.of_opening[opening] == CutoffOf(taken, market_.posts[opening])) continue;
      Report({.kind = FindingKind::kWrongCutoff, .opening = opening});
    }
    for (auto set = static_cast<int32_t>(of_set.size()); set-- > 0;) {  // a parent's index is smaller
      const Taken& taken = of_set[set];
      if (caps_.parent[set] >= 0) add(caps_.parent[set], taken);
      if (taken.count > caps_.limit[set]) Report({.kind = FindingKind::kOverLimit, .set = set});
      if (cutoffs_.of_set[set] == CutoffOf(taken, caps_.limit[set])) continue;
      Report({.kind = FindingKind::kWrongCutoff, .set = set});
    }
  }

  static uint64_t CutoffOf(const Taken& taken, int32_t most) {
    return taken.count > 0 && taken.count >= most ? taken.last : kNoCutoff;
  }

  const Market& market_;
  const Caps& caps_;
  const absl::Span<const int32_t> assigned_;
  const Cutoffs& cutoffs_;
  std::vector<uint64_t> bars_;  // by opening: the smallest key that is refused
  std::vector<Taken> of_opening_;
  Verdict verdict_;
};

}  // namespace

Verdict VerifyStable(const Market& market, const Caps& caps, absl::Span<const int32_t> assigned,
                     const Cutoffs& cutoffs) {
  return Verifier(market, caps, assigned, cutoffs).Run();
}

}  // namespace tsunagu::matching::market
