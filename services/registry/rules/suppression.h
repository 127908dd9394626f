#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_

#include <array>
#include <cstdint>
#include <vector>

namespace tsunagu::registry::rules {

// The cell of the tables in which a count stands: its body, and two more dimensions.
using Cell = std::array<int, 3>;

// A number of things that are counted together and not subdivided. Never below 0.
struct Count {
  Cell cell = {};
  int64_t value = 0;
};

// A weighted sum of counts.
struct Figure {
  struct Term {
    int count = 0;  // index of the count
    int factor = 1;

    friend auto operator<=>(const Term&, const Term&) = default;
  };
  enum class State {
    kOpen,      // published, unless it must be withheld to protect another figure
    kTold,      // known to everybody
    kWithheld,  // must not be derivable
  };

  std::vector<Term> terms;  // each count at most once
  State state = State::kOpen;
  // For a figure that is withheld because it is small: readers must not be able to conclude that it is below this
  // value. 0: only the exact value is protected.
  int64_t reach = 0;
};

struct Suppression {
  std::vector<bool> withheld;   // by figure
  std::vector<int> determined;  // withheld figures that were not found to be safe
};

// Determines which figures must be withheld, so that no withheld figure can be derived from the published ones by a
// reader who knows how all figures add up and that no count is below 0.
//
// A figure is safe if other sets of counts, in whole numbers, were found that agree with everything that is published.
// Without `reach`, the figure must have another value in one of them; with `reach`, it must be at least `reach` in one
// and, unless it is 0, smaller in another. Such sets are made by moves: counts of two bodies, or of two classes, are
// exchanged so that sums do not change. Figures that do change are withheld; of several moves the one that loses least
// is taken. If every exchange changes a figure that is known (kTold), any other move is searched for. So the safety of
// the result depends on no further assumption. The number of withheld figures is not always minimal, and `determined`
// may contain figures that a longer search would have saved.
//
// Figures with the same terms must be given as one figure. Deterministic.
Suppression Suppress(const std::vector<Count>& counts, const std::vector<Figure>& figures);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_
