#ifndef TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_

#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::matching {

// Adds to the texts of a nurse's explanation that her licence expired, with the event and its day: to the text about
// what she got, and to that of each opening from which her licence keeps her.
void AddLicenceExpiry(const v1::RoundEvent& expiry, v1::ExplainAssignmentResponse& response);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LICENCE_TEXT_H_
