#ifndef TSUNAGU_SERVICES_MATCHING_EXPLANATION_H_
#define TSUNAGU_SERVICES_MATCHING_EXPLANATION_H_

#include <cstdint>
#include <string>

#include "services/matching/rounds/round_reads.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::peers {
class RegistryPlaces;
}

namespace tsunagu::matching {

// Returns a distance that does not reveal where somebody lives: in kilometres, rounded up, at least 1.
int64_t WholeKilometres(int64_t metres);

// Explain the result of a round, or of its events, with texts: by its prices if the objective was COVERAGE, else by the
// order of nurses. A count of nurses below the round's least_count, except 0, is given as a span; what such a count is
// made of never reveals it.
v1::ExplainAssignmentResponse ExplainNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                           int32_t nurse);
// As ExplainNurse, without what only the office may know: the care that the texts for her do not name, and the numbers
// of skills by which she could tell it.
v1::ExplainAssignmentResponse ExplainToNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                             int32_t nurse);
v1::ExplainOpeningResponse ExplainOpening(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                          int32_t opening);
// Explains the openings in `area` (Within).
v1::ExplainAreaResponse ExplainArea(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                    const std::string& area);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EXPLANATION_H_
