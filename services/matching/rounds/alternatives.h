#ifndef TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_
#define TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_

#include <vector>

#include "services/matching/rounds/objective.h"
#include "services/matching/rounds/round_reads.h"

namespace tsunagu::matching {

// What the round has, as its events have left it, and behind it what the other objectives would give with the rows of
// then (AlternativesOf). Empty where it cannot be solved once more (CheckMayVary).
std::vector<Alternative> AlternativesTo(const SolvedRound& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ALTERNATIVES_H_
