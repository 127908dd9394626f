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

// Where an opening stands in a nurse's order: her wishes, then metres, then the name. The smaller comes first for her.
struct Taste {
  int32_t wish = 0;  // behind every wish where she does not wish for it
  int64_t metres = 0;
  absl::string_view name;  // refers to the instance

  friend std::strong_ordering operator<=>(const Taste& a, const Taste& b) = default;
  friend bool operator==(const Taste& a, const Taste& b) = default;
};
Taste TasteOf(const Instance& instance, int32_t nurse, int32_t opening);

// How an opening that somebody weighs might be eased: a way to work so much longer, a week so much shorter.
inline constexpr int32_t kFurtherMetres = 5'000, kFurtherMinutes = 10, kFewerMinutes = 480;

// What became of one opening, nurse by nurse. Everybody who is eligible is in one of the first three.
struct Account {
  int32_t taken = 0;      // it has them
  int32_t elsewhere = 0;  // they have something that they prefer
  int32_t refused = 0;    // they would have come, and have something worse or nothing: it is full, or a cap is reached
  // Of those it has, the last: fewest skills beyond the required ones, then most metres.
  int32_t last_extra_skills = 0;
  int64_t last_metres = 0;
  // Of the nurses without a post: what stops them (kNone: nothing), and whom one change would make eligible.
  BlockerCounts blocked = {};
  std::array<int32_t, 64> by_skill = {};  // were they trained in it
  int32_t by_distance = 0;                // did they go kFurtherMetres further
  int32_t by_minutes = 0;                 // did they travel kFurtherMinutes longer
  int32_t by_hours = 0;                   // did a post take kFewerMinutes less

  int32_t eligible() const { return taken + elsewhere + refused; }
  // Stops most, the first in the order of rules among equals; kNone where there are none. Never kExcluded: that
  // somebody would not work there is told to nobody.
  Blocker MainBlocker() const;
  int BestSkill() const;  // the bit of the skill that brings most, the lowest among equals; -1: none does
};

// Looks at every nurse once. `opening_of_nurse` has -1 for who has none.
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
