#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// After rounds and visit contracts.
void BindVisitRounds(Service& service);

// VerifySolution of a round of visits.
absl::StatusOr<v1::VerifySolutionResponse> VerifyVisitRound(Service& service, const rpc::Call& call,
                                                            const std::string& name);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
