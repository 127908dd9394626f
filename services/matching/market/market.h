#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// An opening on a nurse's list, with her merit at the opening.
struct Choice {
  int32_t opening = -1;
  uint32_t merit = 0;  // the opening takes the smaller merit first; equal merits are ordered by lot
};

// The preferences of a round as arrays, after the rules have decided eligibility and the orders of nurses and openings.
// Nurses are numbered by lot, 0 first; openings as in the round. The code that fills a Market ensures that no nurse
// has an opening twice.
struct Market {
  std::vector<uint32_t> begin = {0};  // by nurse, plus one: the index of her first choice
  std::vector<Choice> choices;        // of all nurses, one list after another; of one nurse, first choice first; fewer
                                      // than 2^32
  std::vector<int32_t> posts;         // by opening: nurses wanted, 0 or more

  int32_t nurse_count() const { return static_cast<int32_t>(begin.size()) - 1; }
  int32_t opening_count() const { return static_cast<int32_t>(posts.size()); }
  absl::Span<const Choice> ChoicesOf(int32_t nurse) const {
    return absl::MakeConstSpan(choices).subspan(begin[nurse], begin[nurse + 1] - begin[nurse]);
  }
};

// Returns the strict order in which an opening takes nurses: the smaller key goes first.
inline uint64_t KeyOf(int32_t nurse, const Choice& choice) {
  return uint64_t{choice.merit} << 32 | static_cast<uint32_t>(nurse);
}
// Returns the nurse whose key it is.
inline int32_t NurseOf(uint64_t key) { return static_cast<int32_t>(key); }

// Sets of openings, each with a limit on its nurses, nested: a facility, its municipality, its region, its prefecture.
// Posts are the innermost limit and are not among the sets.
struct Caps {
  std::vector<int32_t> parent;          // by set: the set around it, -1 for none; always a smaller index than its own
  std::vector<int32_t> limit;           // by set: the largest number of nurses, 0 or more
  std::vector<int32_t> set_of_opening;  // by opening: the innermost set around it, -1 for none
};

// An assignment: by nurse, her opening; -1 for none.
using Assigned = std::vector<int32_t>;

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_
