#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_

#include <cstdint>

#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// Rewrites the explanation of one half-day, `half_day`, by the prices of a solved round of COVERAGE instead of by the
// order of supplies. For each supply that may visit and sends no nurse, it states what the round would lose if it sent
// one. It also states what one more nurse that is wanted would bring at most. `explained` names the supplies in the
// order of `visits`.
void SayByPrices(const rules::Visits& visits, const v1::Certificate& certificate, int32_t half_day,
                 v1::ExplainVisitResponse& explained);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_
