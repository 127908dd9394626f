#include "services/matching/rounds/alternatives.h"

namespace tsunagu::matching {

// The limits under which BALANCED is stable are a part of its own result: the other objectives are solved under the
// limits of the round.
std::vector<Alternative> AlternativesTo(const SolvedRound& solved) {
  if (!CheckMayVary(solved.round).ok()) return {};
  return AlternativesOf(solved.round, solved.snapshot, solved.WithLimitsOfRound(), solved.opening_of_nurse);
}

}  // namespace tsunagu::matching
