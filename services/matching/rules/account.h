#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ACCOUNT_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ACCOUNT_H_

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Where an opening stands in a nurse's order: her wishes first, then metres, then the name. Smaller is better.
struct Taste {
  int32_t wish = 0;  // index of the wish; an opening that she does not wish for has a value above every wish
  int64_t metres = 0;
  absl::string_view name;  // refers to the instance

  friend std::strong_ordering operator<=>(const Taste& a, const Taste& b) = default;
  friend bool operator==(const Taste& a, const Taste& b) = default;
};
Taste TasteOf(const Instance& instance, int32_t nurse, int32_t opening);

// The relaxations that an Account tests: a longer way to work, fewer minutes of work a week.
inline constexpr int32_t kFurtherMetres = 5'000, kFurtherMinutes = 10, kFewerMinutes = 480;

// The result for one opening, in counts of nurses. Every eligible nurse is in one of the first three counts.
struct Account {
  int32_t taken = 0;      // nurses who have a post at this opening
  int32_t elsewhere = 0;  // nurses who have another post that they prefer
  int32_t refused = 0;    // nurses who prefer this opening to what they have, but it is full or a cap is reached
  // Of the nurses who have a post here, the last in the opening's order: fewest skills beyond the required ones, then
  // most metres.
  int32_t last_extra_skills = 0;
  int64_t last_metres = 0;
  // For the nurses without a post: the rules that refuse them (kNone: no rule does), and how many of them one change
  // would make eligible.
  BlockerCounts blocked = {};
  std::array<int32_t, 64> by_skill = {};  // if they were trained in the skill of this bit
  int32_t by_distance = 0;                // if they went kFurtherMetres further
  int32_t by_minutes = 0;                 // if they travelled kFurtherMinutes longer
  int32_t by_hours = 0;                   // if a post took kFewerMinutes less

  int32_t eligible() const { return taken + elsewhere + refused; }
  // Returns the blocker that refuses most nurses; of equal ones the first in the order of rules; kNone if there is
  // none. Never returns kExcluded: nobody is told that a nurse refuses to work at this facility.
  Blocker MainBlocker() const;
  int BestSkill() const;  // the bit of the skill that would make most nurses eligible, of equal ones the lowest; -1: no
                          // skill does
};

// Looks at every nurse once. `opening_of_nurse` has -1 for a nurse without a post.
Account AccountOf(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int32_t opening);

// Nurses without a post, for whoever asks of many openings what keeps them away and nothing else.
class Unplaced {
 public:
  // Keeps a reference to the instance, which must outlive it. `opening_of_nurse` has -1 for who has none.
  Unplaced(const Instance& instance, absl::Span<const int32_t> opening_of_nurse);

  // AccountOf(…, opening).MainBlocker(). Looks at who has a post no more, and measures no way that a glance at the map
  // shows to be too long.
  Blocker MainBlockerAt(int32_t opening) const;

 private:
  struct One {
    const Nurse& nurse;
    Box reach;       // holds every opening that she comes to
    bool by_metres;  // what lies outside is too far; else a table may say minutes of it
  };

  const Instance& instance_;
  std::vector<One> nurses_;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ACCOUNT_H_
