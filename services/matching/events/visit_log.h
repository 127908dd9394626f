#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_LOG_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_LOG_H_

#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/events/applied_events.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/held_visits.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::matching {

// Returns the next events of a log, one for each change of the request. Each is a full run on the rows after the
// change, less what contracts hold. An arriving supply or opening must have its row. Errors:
// VISITS_TOO_MANY_FOR_EVENTS, VISIT_CHANGES_TOO_MANY, EVENTS_TOO_MANY, EVENT_LOG_DAMAGED; or all faults in the changes;
// if there are none, VISIT_BUDGET_EXCEEDED and EVENT_TOO_LARGE.
absl::StatusOr<std::vector<v1::VisitEvent>> ApplyVisitChanges(const VisitsAfter& round,
                                                              const v1::ApplyVisitEventsRequest& request,
                                                              const ContractsOfRound& contracts,
                                                              const Applying& applying);

// Judges a log and the result that it leads to.
absl::StatusOr<v1::VerifyVisitEventsResponse> VerifyVisitLog(const VisitsAfter& round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_LOG_H_
