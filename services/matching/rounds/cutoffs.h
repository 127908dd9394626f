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

// RoundService/ListCutoffs. An assignment has exactly one cut-off for each opening and cap, so cut-offs are computed
// from the result and not stored.
absl::StatusOr<v1::ListCutoffsResponse> ListCutoffs(Service& service, const rpc::Call& call,
                                                    const v1::ListCutoffsRequest& request);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_CUTOFFS_H_
