#ifndef TSUNAGU_SERVICES_MATCHING_APPLY_EVENTS_H_
#define TSUNAGU_SERVICES_MATCHING_APPLY_EVENTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/tx.h"
#include "common/rpc/call.h"
#include "common/service/page_room.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/events/event_log.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// The result of a request, computed before the transaction from the state of the round at that time.
template <typename Event>
struct WorkedOut {
  std::string etag;  // of the round at that time
  absl::StatusOr<std::vector<Event>> events;
};

// Stores the computed events if the round is unchanged and `holds(tx, work)` returns that everything else is unchanged;
// otherwise returns ETAG_MISMATCH and sets `overtaken`.
template <typename Request, typename Work, typename Holds>
absl::StatusOr<v1::Round> KeepEvents(Service& service, Resource& rounds, const rpc::Call& call, const Request& request,
                                     const Work& work, const Holds& holds, bool& overtaken) {
  return ChangeRecord<v1::Round>(service, call, rounds, request, [&](store::Tx& tx, v1::Round& round) -> absl::Status {
    overtaken = false;
    RETURN_IF_ERROR(tx.Guard("rounds", round.name()));
    ASSIGN_OR_RETURN(const v1::Round now, store::Records<v1::Round>::All(tx).Get(round.name()));
    ASSIGN_OR_RETURN(const bool still_holds, holds(tx, work));
    overtaken = !still_holds || now.etag() != work.etag || round.etag() != work.etag;
    if (overtaken) return Fail("ETAG_MISMATCH"_reason);
    RETURN_IF_ERROR(work.events.status());
    for (const auto& event : *work.events) RETURN_IF_ERROR(StoreEvent(tx, round.name(), event));
    round.set_event_count(work.events->back().number());
    round.set_events_digest(work.events->back().digest());
    return absl::OkStatus();
  });
}

// Fills the response of a request that applies events. `begin()` computes the result outside the transaction, because
// every writer would wait for it. It runs again if another writer was first. It does not run for a request that was
// answered before.
template <typename Event, typename Request, typename Begin, typename Holds, typename Response>
absl::Status ApplyWorkedOut(Service& service, Resource& rounds, const rpc::Call& call, const Request& request,
                            const Begin& begin, const Holds& holds, Response& response) {
  absl::StatusOr<std::vector<Event>> events;
  ASSIGN_OR_RETURN(const bool answered, FindAnswer(service, call, request, *response.mutable_round()));
  for (bool overtaken = !answered; overtaken;) {
    if (call.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    ASSIGN_OR_RETURN(auto work, begin());
    overtaken = false;
    const auto round = KeepEvents(service, rounds, call, request, work, holds, overtaken);
    if (overtaken && !round.ok()) continue;
    RETURN_IF_ERROR(round.status());
    *response.mutable_round() = *round;
    events = std::move(work.events);
    overtaken = false;
  }
  if (!request.validate_only()) {  // may be the answer that was given to this request before
    const int32_t last = response.round().event_count();
    RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(events, LoadEvents<Event>(view, request.name(), last - request.changes_size(), last));
      return absl::OkStatus();
    }));
  }
  PageRoom room(request.changes_size());
  for (Event& event : *events) {
    if (!room.Take(event)) break;
    *response.add_events() = std::move(event);
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_APPLY_EVENTS_H_
