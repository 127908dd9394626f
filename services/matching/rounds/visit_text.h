#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_TEXT_H_

#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching {

// Texts about the result of visits, made from the codes and numbers of the answer alone.
platform::v1::Label TextOf(const v1::ExplainVisitResponse& visit);
// For the sums of an area.
platform::v1::Label TextOfVisits(const v1::ExplainAreaResponse& area);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_TEXT_H_
