#ifndef TSUNAGU_SERVICES_MATCHING_CUTOFFS_H_
#define TSUNAGU_SERVICES_MATCHING_CUTOFFS_H_

#include "absl/status/statusor.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// RoundService/ListCutoffs. There is exactly one cut-off of each opening and cap for who has what, so they are worked
// out from the result and not kept beside it.
absl::StatusOr<v1::ListCutoffsResponse> ListCutoffs(Service& service, const rpc::Call& call,
                                                    const v1::ListCutoffsRequest& request);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_CUTOFFS_H_
