#include "services/matching/rounds/alternatives.h"

namespace tsunagu::matching {

// The limits under which BALANCED is stable are a part of its own result: the other objectives are solved under the
// limits of the round.
std::vector<Alternative> AlternativesTo(const SolvedRound& solved) {
  if (!CheckMayVary(solved.round).ok()) return {};
  rules::Instance instance = solved.instance;
  for (int i = 0; i < solved.snapshot.caps_size(); ++i) instance.caps[i].limit = solved.snapshot.caps(i).limit();
  return AlternativesOf(solved.round, solved.snapshot, instance, solved.opening_of_nurse);
}

}  // namespace tsunagu::matching
