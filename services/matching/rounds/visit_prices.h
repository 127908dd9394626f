#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_

#include <cstdint>

#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// Says by the prices of a solved round of COVERAGE what the explanation of one half-day, `place`, says by who goes
// first: of each supply that may visit and sends nobody what the round would lose were it to send one nurse, and what
// one more that is wanted would bring at most. `explained` names the supplies in the order of `visits`.
void SayByPrices(const rules::Visits& visits, const v1::Certificate& certificate, int32_t place,
                 v1::ExplainVisitResponse& explained);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_PRICES_H_
