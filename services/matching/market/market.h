#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::matching::market {

// A place on a nurse's list: what one nurse and one place make of each other.
struct Choice {
  int32_t place = -1;
  uint32_t merit = 0;  // what the place goes by: the smaller merit goes first, equal ones by lot
};

// Who wants whom, as arrays: all that is left of a round once rules have said who is eligible, in what order a nurse
// would go, and whom a place takes first. Nurses are numbered in the order in which lots were drawn for them, 0 first.
// A place is an opening with its posts. Whoever fills it makes sure that no nurse has a place twice.
struct Market {
  std::vector<uint32_t> begin = {0};  // by nurse, and one more: where her choices begin
  std::vector<Choice> choices;        // of all nurses, one after another; of one nurse, first choice first. Below 2^32
  std::vector<int32_t> posts;         // by place: nurses wanted, 0 or more

  int32_t nurse_count() const { return static_cast<int32_t>(begin.size()) - 1; }
  int32_t place_count() const { return static_cast<int32_t>(posts.size()); }
  absl::Span<const Choice> ChoicesOf(int32_t nurse) const {
    return absl::MakeConstSpan(choices).subspan(begin[nurse], begin[nurse + 1] - begin[nurse]);
  }
};

// The strict order in which a place takes nurses: smaller first.
inline uint64_t KeyOf(int32_t nurse, const Choice& choice) {
  return uint64_t{choice.merit} << 32 | static_cast<uint32_t>(nurse);
}
// Whose key it is.
inline int32_t NurseOf(uint64_t key) { return static_cast<int32_t>(key); }

// Sets of places with a limit on the nurses in them, each within another: a facility, its municipality, its region, its
// prefecture. Posts are the innermost limit and are not among these.
struct Caps {
  std::vector<int32_t> parent;        // by set: the set it lies in, -1 for none; always a smaller index than its own
  std::vector<int32_t> limit;         // by set: most nurses, 0 or more
  std::vector<int32_t> set_of_place;  // by place: the innermost set that it lies in, -1 for none
};

// Who gets what: by nurse the place, -1 for none.
using Assigned = std::vector<int32_t>;

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_MARKET_H_
