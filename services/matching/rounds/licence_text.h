#ifndef TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_

#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::matching {

// Says in the texts of a nurse's explanation that her licence expired, with that event and on its day: of what she got,
// and of each opening that her licence keeps her from.
void AddLicenceExpiry(const v1::RoundEvent& expiry, v1::ExplainAssignmentResponse& response);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_
