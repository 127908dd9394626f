#ifndef TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_
#define TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::objectives {

// One step from a stable matching to another one that its nurses like less and its openings like more: in a circle,
// each nurse goes to the opening of the next one (Irving, Gusfield).
struct Rotation {
  struct Move {
    int32_t nurse = -1;
    int32_t from = -1, to = -1;  // openings
  };
  std::vector<Move> moves;
  // The rotations that must be taken before this one, by index; all indexes are smaller. Needs that follow from others
  // may be missing.
  std::vector<int32_t> needs;
};

// All stable matchings of a market without caps: the best one for every nurse, and the rotations that lead to the
// others. A set of rotations that contains all of its needs corresponds to exactly one stable matching, and vice versa.
struct Lattice {
  market::Assigned best;
  std::vector<Rotation> rotations;  // each after all of its needs
};

// CheckMarket must have found no fault. Takes about as long as solving the market from both sides.
Lattice FindRotations(const market::Market& market);

// Returns the stable matching that the chosen rotations lead to. `chosen` has one entry for each rotation, and must
// include the needs of every chosen rotation.
market::Assigned Take(const Lattice& lattice, const std::vector<bool>& chosen);

}  // namespace tsunagu::matching::objectives

#endif  // TSUNAGU_SERVICES_MATCHING_OBJECTIVES_ROTATIONS_H_
