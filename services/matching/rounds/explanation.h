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

// How far somebody lives who is not to be found by it: rounded up, and 1 at least.
int64_t WholeKilometres(int64_t metres);

// Why a round came out as it did, or what its events have made of it, with texts: by its prices where it was solved for
// COVERAGE, else by who goes first. Counts of nurses below the round's least_count, but 0, are spans; what a count is
// made of never gives it away.
v1::ExplainAssignmentResponse ExplainNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                           int32_t nurse);
// The same without what only the office may know: care that her texts do not name.
v1::ExplainAssignmentResponse ExplainToNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                             int32_t nurse);
v1::ExplainOpeningResponse ExplainOpening(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                          int32_t opening);
// Of the openings in `area` (Within).
v1::ExplainAreaResponse ExplainArea(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                    const std::string& area);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EXPLANATION_H_
