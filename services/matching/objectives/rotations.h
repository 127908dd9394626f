#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::objectives {

// One step from a stable matching to another that its nurses like less and its places like more: each nurse goes to
// where the next one was, in a circle (Irving, Gusfield).
struct Rotation {
  struct Move {
    int32_t nurse = -1;
    int32_t from = -1, to = -1;  // places
  };
  std::vector<Move> moves;
  // Rotations without which it cannot be taken, by index: smaller ones. Those that follow from others may be missing.
  std::vector<int32_t> needs;
};

// All stable matchings of a market without caps: the best one for every nurse, and what leads from it to the others. A
// set of rotations that has all it needs is one stable matching, and each stable matching is one such set.
struct Lattice {
  market::Assigned best;
  std::vector<Rotation> rotations;  // each after all that it needs
};

// Relies on CheckMarket finding nothing. Takes about as long as solving the market from both sides.
Lattice FindRotations(const market::Market& market);

// The stable matching that the rotations chosen lead to; `chosen` has one entry for each, and what each needs.
market::Assigned Take(const Lattice& lattice, const std::vector<bool>& chosen);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_
