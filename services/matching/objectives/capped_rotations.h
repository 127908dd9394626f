#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/market/market.h"
#include "services/matching/objectives/rotations.h"

namespace tsunagu::matching::objectives {

// The default limit on the number of needs that are computed: some seconds, and 40 MB.
inline constexpr size_t kMostNeeds = 5'000'000;

// All stable matchings of a market under caps; FindRotations(market) returns those without caps. Openings choose
// together, from the first of their order to the last, as caps allow. If they are offered more nurses, they never take
// fewer, so the stable matchings form a distributive lattice (Alkan). Each step down is a circle of nurses, each of
// whom goes to the first choice that sends the next one away. Each rotation lists all of its needs, including those
// that follow from others.
// `is_whole` is false if there would be more needs than `most_needs`. Then the needs are left out: the first n
// rotations together lead to a stable matching, for any n, but other stable matchings exist.
// `turns`: all nurses, in the order in which their steps down are followed. It decides the order of the rotations.
// CheckMarket must have found no fault.
struct CappedLattice {
  Lattice lattice;
  bool is_whole = true;
};
CappedLattice FindRotations(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> turns,
                            size_t most_needs = kMostNeeds);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_
