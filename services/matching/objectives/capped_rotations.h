#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/matching/market/market.h"
#include "services/matching/objectives/rotations.h"

namespace tsunagu::matching::objectives {

// As many needs as are found out at most, unless somebody says otherwise: some seconds, and 40 MB.
inline constexpr size_t kMostNeeds = 5'000'000;

// All stable matchings of a market under caps, as FindRotations gives those without. Places choose together, from the
// first of their order to the last as caps allow: whoever is offered more never leaves them with fewer, so the stable
// matchings are a distributive lattice (Alkan), and each step down is a circle of nurses, of whom each goes to the
// first choice that sends the next one away. Each rotation has all that it needs, not only what others do not imply.
// `is_whole` is false where there would be more needs than `most_needs`: then they are left out, and the first so many
// rotations together are stable matchings, for any number, but there are others.
// `turns`: all nurses, in the order in which they are followed down. It decides in which order the rotations come.
// Relies on CheckMarket finding nothing.
struct CappedLattice {
  Lattice lattice;
  bool is_whole = true;
};
CappedLattice FindRotations(const market::Market& market, const market::Caps& caps, absl::Span<const int32_t> turns,
                            size_t most_needs = kMostNeeds);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_CAPPED_ROTATIONS_H_
