#include "services/matching/events/visit_events.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/tx.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/service/page_room.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/events/apply_events.h"
#include "services/matching/events/arrivals.h"
#include "services/matching/events/event_log.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visit_log.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rules/round.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::matching {
namespace {

// Includes the contracts as they were then.
struct Work : WorkedOut<v1::VisitEvent> {
  ContractsOfRound contracts;
};

bool AreSame(const RoundContracts& one, const RoundContracts& other) {
  return one.size() == other.size() &&
         std::equal(one.begin(), one.end(), other.begin(),
                    [](const auto& a, const auto& b) { return a.SerializeAsString() == b.SerializeAsString(); });
}

// If the round takes no events, the transaction returns that error: by then, this request may have been answered there.
absl::StatusOr<Work> Begin(Service& service, const PeerAccess& registry, const rpc::Call& call,
                           v1::ApplyVisitEventsRequest request) {
  Work work;
  VisitsAfter round;
  absl::Status moves;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Round now, store::Records<v1::Round>(view).Get(request.name()));
    work.etag = now.etag();
    moves = rules::CheckMove(now.state(), rules::Move::kApplyEvents);
    if (!moves.ok()) return absl::OkStatus();
    auto loaded = LoadVisitsOfToday(view, request.name(), std::nullopt);
    if (absl::IsFailedPrecondition(loaded.status())) moves = loaded.status();
    // Prices of half-days are stored as of the solution, and are unknown after an event.
    const bool by_prices = loaded.ok() && loaded->solved.round.objective() == v1::Round::OBJECTIVE_COVERAGE;
    if (by_prices) moves = Fail("EVENTS_NOT_OF_OBJECTIVE"_reason);
    if (!moves.ok()) return absl::OkStatus();
    ASSIGN_OR_RETURN(round, std::move(loaded));
    ASSIGN_OR_RETURN(work.contracts, ReadContractsOf(view, request.name(), service.Today()));
    return absl::OkStatus();
  }));
  if (moves.ok()) {
    const absl::Status added = AddVisitRows(service, registry, call, round, *request.mutable_changes());
    if (!absl::IsInvalidArgument(added)) RETURN_IF_ERROR(added);
    moves = added;
  }
  if (moves.ok()) {
    work.events =
        ApplyVisitChanges(round, request, work.contracts, {ActorOf(call).Person(), service.Today(), call.deadline});
  } else {
    work.events = moves;
  }
  return work;
}

// A writer that proposes contracts from the round locks the same guard.
absl::StatusOr<bool> HasSameContracts(store::Tx& tx, const std::string& round, const Work& work, jp::CivilDay today) {
  ASSIGN_OR_RETURN(const ContractsOfRound now, ReadContractsOf(tx, round, today));
  return !work.events.ok() ||
         (AreSame(now.held, work.contracts.held) && AreSame(now.declined, work.contracts.declined));
}

absl::StatusOr<v1::ApplyVisitEventsResponse> ApplyVisitEvents(Service& service, Resource& rounds,
                                                              const PeerAccess& registry, const rpc::Call& call,
                                                              const v1::ApplyVisitEventsRequest& request) {
  // A caller who tries events learns what the rows contain, so only a caller who may read them applies any.
  RETURN_IF_ERROR(CheckMaySeeNurses(service, call, request.name()));
  v1::ApplyVisitEventsResponse response;
  const auto begin = [&] { return Begin(service, registry, call, request); };
  const auto holds = [&](store::Tx& tx, const Work& work) {
    return HasSameContracts(tx, request.name(), work, service.Today());
  };
  RETURN_IF_ERROR(ApplyWorkedOut<v1::VisitEvent>(service, rounds, call, request, begin, holds, response));
  return response;
}

// What a supply wishes, and where it refuses to go, is private.
void Hide(v1::VisitEvent& event) {
  if (!event.change().add_supply().has_row()) return;
  v1::SnapshotSupply& row = *event.mutable_change()->mutable_add_supply()->mutable_row();
  row.clear_wishes();
  row.clear_unwanted_facilities();
}

absl::StatusOr<v1::ListVisitEventsResponse> ListVisitEvents(Service& service, const rpc::Call& call,
                                                            const v1::ListVisitEventsRequest& request) {
  const contract::PageCall page = PageCallOf(call, request, request.parent());
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  ASSIGN_OR_RETURN(const bool sees, MaySeeNurses(service, call, request.parent()));
  v1::ListVisitEventsResponse response;
  int64_t all = 0;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const SolvedVisits solved, LoadSolvedVisits(view, request.parent(), false));
    all = solved.round.event_count();
    PageRoom room(PageSize(request));
    for (auto next = static_cast<int32_t>(from); next < all; ++next) {
      ASSIGN_OR_RETURN(auto events, LoadEvents<v1::VisitEvent>(view, request.parent(), next, next + 1));
      if (events.empty() || !room.Take(events[0])) return absl::OkStatus();
      if (!sees) Hide(events[0]);
      *response.add_events() = std::move(events[0]);
    }
    return absl::OkStatus();
  }));
  const int64_t next = from + response.events_size();
  if (next < all) response.set_next_page_token(TokenOf(service, next, page));
  return response;
}

absl::StatusOr<v1::VerifyVisitEventsResponse> VerifyVisitEvents(Service& service, const rpc::Call& call,
                                                                const v1::VerifyVisitEventsRequest& request) {
  const auto round = LoadVisitsOfToday(service, call, request.name(), AfterEventOf(request));
  if (!absl::IsDataLoss(round.status())) {
    RETURN_IF_ERROR(round.status());
    return VerifyVisitLog(*round);
  }
  // A missing event, or one that does not follow from the rows, is also a finding.
  v1::VerifyVisitEventsResponse response;
  ASSIGN_OR_RETURN(const v1::Round now, ReadFrozen(service, call, request.name()));
  response.set_after_event(AfterEventOf(request).value_or(now.event_count()));
  response.add_findings()->set_kind("DIGEST_DIFFERS");
  return response;
}

}  // namespace

void BindVisitEvents(Service& service, Resource& rounds, PeerFinder find_peer) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.VisitEventService")
      .Unary("ApplyVisitEvents",
             [&service, &rounds, find_peer](rpc::Call& call, const v1::ApplyVisitEventsRequest& request) {
               return ApplyVisitEvents(service, rounds, find_peer("registry"), call, request);
             })
      .Unary("ListVisitEvents",
             [&](rpc::Call& call, const v1::ListVisitEventsRequest& request) {
               return ListVisitEvents(service, call, request);
             })
      .Unary("VerifyVisitEvents", [&](rpc::Call& call, const v1::VerifyVisitEventsRequest& request) {
        return VerifyVisitEvents(service, call, request);
      });
}

}  // namespace tsunagu::matching
