#ifndef TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_
#define TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_

#include <vector>

#include "services/matching/rounds/objective.h"
#include "services/matching/rounds/round_reads.h"

namespace tsunagu::matching {

// Returns the present result of the round after its events, followed by what the other objectives would give with the
// same rows (AlternativesOf). Empty if the round cannot be solved again (CheckMayVary).
std::vector<Alternative> AlternativesTo(const SolvedRound& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_
