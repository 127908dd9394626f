#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_

#include <array>
#include <cstdint>
#include <vector>

namespace tsunagu::registry::rules {

// Where a count stands: its body, and two more ways of dividing.
using Place = std::array<int, 3>;

// Things that are counted together and divided no further. Never below 0.
struct Count {
  Place place = {};
  int64_t value = 0;
};

// A sum of counts, each as often as its factor says.
struct Figure {
  struct Term {
    int count = 0;  // its index
    int factor = 1;

    friend auto operator<=>(const Term&, const Term&) = default;
  };
  enum class State {
    kOpen,      // told, unless it has to be withheld for the sake of others
    kTold,      // everybody knows it
    kWithheld,  // nobody may work it out
  };

  std::vector<Term> terms;  // each count once
  State state = State::kOpen;
  // Of a figure withheld because it is small: it must not show that it lies below this. 0: only its value must not
  // show.
  int64_t reach = 0;
};

struct Suppression {
  std::vector<bool> withheld;   // by figure
  std::vector<int> determined;  // figures to be withheld of which no other value was found that fits what is told
};

// Which figures have to be withheld, so that none of them can be worked out from those that are told, by somebody who
// knows how all of them add up and that no count is below 0.
//
// A figure is safe because two other sets of counts are at hand, whole numbers that agree with everything that is told:
// in one it is larger (at least `reach`), in the other smaller. They are made by moves: counts of two bodies, or of two
// classes, are exchanged so that sums stay as they are, and what does change is withheld; of several the one that loses
// least. Where no exchange leaves alone what is told, any other move is looked for. So what comes out is safe without
// anything else being believed. It is not always the least that would be, and `determined` may hold what a longer
// search would have saved.
//
// Figures with the same terms are one figure, and given once. Deterministic.
Suppression Suppress(const std::vector<Count>& counts, const std::vector<Figure>& figures);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_SUPPRESSION_H_
