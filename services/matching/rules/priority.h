#ifndef TSUNAGU_SERVICES_MATCHING_RULES_PRIORITY_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_PRIORITY_H_

#include <compare>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Where a nurse stands in an opening's order: the smaller key goes first. A strict total order where names are unique.
//   1. more skills beyond the required ones;  2. fewer metres of the way from home;  3. the smaller lot;  4. the name,
//   by bytes.
struct PriorityKey {
  int32_t extra_skills = 0;
  int64_t metres = 0;
  uint64_t lot = 0;
  absl::string_view name;  // refers to the nurse's name in the instance, which must outlive the key

  friend std::strong_ordering operator<=>(const PriorityKey& a, const PriorityKey& b);
  friend bool operator==(const PriorityKey& a, const PriorityKey& b) = default;
};

// A nurse's lot, the same at every opening: the first 8 bytes, most significant first, of
// SHA-256("tsunagu.lottery.v1" || seed as 8 bytes, most significant first || name).
uint64_t DrawLot(uint64_t seed, absl::string_view nurse_name);

// Returns the key of a nurse whose lot is `lot`.
PriorityKey PriorityOf(const Nurse& nurse, const Opening& opening, uint64_t lot);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_PRIORITY_H_
