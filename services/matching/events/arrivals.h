#ifndef TSUNAGU_SERVICES_MATCHING_ARRIVALS_H_
#define TSUNAGU_SERVICES_MATCHING_ARRIVALS_H_

#include "absl/status/status.h"
#include "common/rpc/peer_access.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/events/applied_events.h"
#include "services/matching/events/visits_after.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Gives those who arrive without a row, and were never in the round, the one that a round of today would have of them.
// ROW_LEFT_OUT where it would leave them out. Where there is no registry, or it has none of that name, they stay as
// they are.
absl::Status AddRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const LoggedRound& round,
                     google::protobuf::RepeatedPtrField<v1::RoundChange>& changes);

// The same for what comes to a round of visits; and it says which caps count an opening that comes: how places lie in
// one another may change.
absl::Status AddVisitRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const VisitsAfter& round,
                          google::protobuf::RepeatedPtrField<v1::VisitChange>& changes);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ARRIVALS_H_
