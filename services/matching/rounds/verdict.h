#ifndef TSUNAGU_SERVICES_MATCHING_VERDICT_H_
#define TSUNAGU_SERVICES_MATCHING_VERDICT_H_

#include "services/matching/rules/verify.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Converts the findings of the verifier, with the names of the snapshot.
v1::VerifySolutionResponse ToResponse(const rules::Verdict& verdict, const v1::Snapshot& snapshot);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VERDICT_H_
