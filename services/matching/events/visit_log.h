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

// The next events of a log, one for each change of the request, each the full run over what the changes leave of the
// rows, less what contracts hold. What comes has its row. VISITS_TOO_MANY_FOR_EVENTS, VISIT_CHANGES_TOO_MANY,
// EVENTS_TOO_MANY, EVENT_LOG_DAMAGED; or all that is wrong with the changes; where nothing is, VISIT_BUDGET_EXCEEDED
// and EVENT_TOO_LARGE.
absl::StatusOr<std::vector<v1::VisitEvent>> ApplyVisitChanges(const VisitsAfter& round,
                                                              const v1::ApplyVisitEventsRequest& request,
                                                              const ContractsOfRound& contracts,
                                                              const Applying& applying);

// Judges a log and what it leaves.
absl::StatusOr<v1::VerifyVisitEventsResponse> VerifyVisitLog(const VisitsAfter& round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_LOG_H_
