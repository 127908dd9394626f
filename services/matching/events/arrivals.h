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

// For nurses and openings that arrive without a row and were never in the round: adds the row that a round of today
// would have. Errors: ROW_LEFT_OUT if such a round would leave them out. Without a registry, or if the registry has no
// such name, the change stays as it is.
absl::Status AddRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const LoggedRound& round,
                     google::protobuf::RepeatedPtrField<v1::RoundChange>& changes);

// As AddRows, for arrivals in a round of visits. Also lists the caps that count an arriving opening, since the nesting
// of places may change.
absl::Status AddVisitRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const VisitsAfter& round,
                          google::protobuf::RepeatedPtrField<v1::VisitChange>& changes);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ARRIVALS_H_
