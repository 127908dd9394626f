#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_CUTOFFS_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_CUTOFFS_H_

#include <vector>

#include "services/matching/rounds/visit_round.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Returns the rows of ListCutoffs for a round of visits: its caps, then its half-days; for COVERAGE from its
// certificate.
std::vector<v1::ListCutoffsResponse::Cutoff> CutoffsOf(const SolvedVisits& solved);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_CUTOFFS_H_
