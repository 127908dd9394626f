#include "services/matching/events/round_events.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/tx.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/service/page_room.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/events/applied_events.h"
#include "services/matching/events/apply_events.h"
#include "services/matching/events/arrivals.h"
#include "services/matching/events/event_log.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rules/round.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {
namespace {

bool IsAboutNurse(const v1::RoundChange& change) {
  return change.has_nurse_quits() || change.has_nurse_arrives() || change.has_licence_expires();
}

// Collects the nurses whom an event names.
void AddNamed(const v1::RoundEvent& event, std::vector<std::string>& nurses) {
  const v1::RoundChange& change = event.change();
  if (change.has_nurse_quits()) nurses.push_back(change.nurse_quits().nurse());
  if (change.has_nurse_arrives()) nurses.push_back(change.nurse_arrives().nurse());
  if (change.has_licence_expires()) nurses.push_back(change.licence_expires().nurse());
  for (const v1::NurseMove& row : event.moves()) nurses.push_back(row.nurse());
  for (const v1::NurseMove& row : event.would_move()) nurses.push_back(row.nurse());
  for (const v1::RoundEvent::Pair& row : event.pairs()) nurses.push_back(row.nurse());
}

// Who moved is as private as the reasons: a caller who may not see it gets only the number.
void Hide(v1::RoundEvent& event) {
  if (IsAboutNurse(event.change())) event.mutable_change()->clear_what();
  event.clear_moves();
  event.clear_would_move();
  event.clear_pairs();
}

absl::Status ShowOrHide(Service& service, const rpc::Call& call, const std::string& round,
                        google::protobuf::RepeatedPtrField<v1::RoundEvent>& events) {
  ASSIGN_OR_RETURN(const bool sees, MaySeeNurses(service, call, round));
  std::vector<std::string> nurses;
  for (v1::RoundEvent& event : events) {
    if (sees) {
      AddNamed(event, nurses);
    } else {
      Hide(event);
    }
  }
  std::sort(nurses.begin(), nurses.end());
  nurses.erase(std::unique(nurses.begin(), nurses.end()), nurses.end());
  return LogSeen(service, call, nurses);
}

absl::StatusOr<LoggedRound> LoadLogged(store::View& view, const std::string& name) {
  LoggedRound round;
  ASSIGN_OR_RETURN(round.solved, LoadOfToday(view, name));
  ASSIGN_OR_RETURN(round.log, LoadEvents(view, name, 0, round.solved.round.event_count()));
  return round;
}

using Work = WorkedOut<v1::RoundEvent>;

// Writes into the log which caps count an opening, since the nesting of places may change.
void AddCapsAround(Service& service, const SolvedRound& solved,
                   google::protobuf::RepeatedPtrField<v1::RoundChange>& changes) {
  for (v1::RoundChange& change : changes) {
    if (!change.has_opening_arrives()) continue;
    v1::RoundChange::OpeningArrives& arrives = *change.mutable_opening_arrives();
    arrives.clear_caps();
    for (const std::string& place : CapsAround(service.places(), solved.round, solved.snapshot, arrives.row())) {
      arrives.add_caps(place);
    }
  }
}

// If the round takes no events, the transaction returns that error: by then, this request may have been answered there.
absl::StatusOr<Work> Begin(Service& service, const PeerAccess& registry, const rpc::Call& call,
                           const v1::ApplyEventsRequest& request) {
  Work work;
  LoggedRound round;
  absl::Status moves;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Round now, store::Records<v1::Round>(view).Get(request.name()));
    work.etag = now.etag();
    moves = rules::CheckMove(now.state(), rules::Move::kApplyEvents);
    if (!moves.ok()) return absl::OkStatus();
    auto loaded = LoadLogged(view, request.name());
    if (absl::IsFailedPrecondition(loaded.status())) moves = loaded.status();
    if (!moves.ok()) return absl::OkStatus();
    ASSIGN_OR_RETURN(round, std::move(loaded));
    return absl::OkStatus();
  }));
  auto changes = request.changes();
  if (moves.ok()) {
    const absl::Status added = AddRows(service, registry, call, round, changes);
    if (!absl::IsInvalidArgument(added)) RETURN_IF_ERROR(added);
    moves = added;
  }
  AddCapsAround(service, round.solved, changes);
  if (moves.ok()) {
    work.events = ApplyChanges(round, changes, {ActorOf(call).Person(), service.Today(), call.deadline});
  } else {
    work.events = moves;
  }
  return work;
}

absl::StatusOr<v1::ApplyEventsResponse> ApplyEvents(Service& service, Resource& rounds, const PeerAccess& registry,
                                                    const rpc::Call& call, const v1::ApplyEventsRequest& request) {
  if (std::any_of(request.changes().begin(), request.changes().end(), IsAboutNurse)) {
    // Checked before anything is returned about a nurse who may not be in the round.
    RETURN_IF_ERROR(CheckMaySeeNurses(service, call, request.name()));
  }
  v1::ApplyEventsResponse response;
  const auto begin = [&] { return Begin(service, registry, call, request); };
  const auto holds = [](store::Tx&, const Work&) -> absl::StatusOr<bool> { return true; };
  RETURN_IF_ERROR(ApplyWorkedOut<v1::RoundEvent>(service, rounds, call, request, begin, holds, response));
  RETURN_IF_ERROR(ShowOrHide(service, call, request.name(), *response.mutable_events()));
  return response;
}

absl::StatusOr<v1::ListRoundEventsResponse> ListRoundEvents(Service& service, const rpc::Call& call,
                                                            const v1::ListRoundEventsRequest& request) {
  const contract::PageCall page = PageCallOf(call, request, request.parent());
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  ASSIGN_OR_RETURN(const v1::Round round, ReadSolved(service, call, request.parent()));
  v1::ListRoundEventsResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    response.Clear();
    PageRoom room(PageSize(request));
    for (auto next = static_cast<int32_t>(from); next < round.event_count(); ++next) {
      ASSIGN_OR_RETURN(const auto events, LoadEvents(view, request.parent(), next, next + 1));
      if (events.empty() || !room.Take(events[0])) return absl::OkStatus();
      *response.add_events() = events[0];
    }
    return absl::OkStatus();
  }));
  const int64_t next = from + response.events_size();
  if (next < round.event_count()) response.set_next_page_token(TokenOf(service, next, page));
  RETURN_IF_ERROR(ShowOrHide(service, call, request.parent(), *response.mutable_events()));
  return response;
}

// The start of a page of seats, and the event after which they are valid: later pages use the event of the first page.
struct SeatPage {
  int64_t from = 0;
  int64_t after_event = 0;
};

absl::StatusOr<SeatPage> SeatPageOf(Service& service, const v1::ListSeatsRequest& request, const v1::Round& round,
                                    const contract::PageCall& page) {
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, request.page_token(), page));
    const auto* from = position.size() == 2 ? absl::get_if<int64_t>(&position[0]) : nullptr;
    const auto* after = position.size() == 2 ? absl::get_if<int64_t>(&position[1]) : nullptr;
    if (from == nullptr || after == nullptr) return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    return SeatPage{*from, *after};
  }
  if (!request.has_after_event()) return SeatPage{0, round.event_count()};
  if (request.after_event() <= round.event_count()) return SeatPage{0, request.after_event()};
  return FailAt("after_event", "NOT_IN_ROUND"_reason, {{"name", absl::StrCat("#", request.after_event())}});
}

absl::StatusOr<v1::ListSeatsResponse> ListSeats(Service& service, const rpc::Call& call,
                                                const v1::ListSeatsRequest& request) {
  ASSIGN_OR_RETURN(const v1::Round round, ReadSolved(service, call, request.parent()));
  const std::string after = request.has_after_event() ? absl::StrCat(request.after_event()) : "";
  const contract::PageCall page = PageCallOf(call, request, absl::StrCat(request.parent(), " ", after));
  ASSIGN_OR_RETURN(const SeatPage at, SeatPageOf(service, request, round, page));
  Seats seats;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(seats, LoadSeats(view, round, static_cast<int32_t>(at.after_event)));
    return absl::OkStatus();
  }));
  v1::ListSeatsResponse response;
  response.set_after_event(static_cast<int32_t>(at.after_event));
  const auto all = static_cast<int64_t>(seats.size());
  const int64_t until = std::min(all, at.from + PageSize(request));
  auto seat = std::next(seats.begin(), std::min(at.from, all));
  for (int64_t i = at.from; i < until; ++i, ++seat) {
    v1::ListSeatsResponse::Seat& row = *response.add_seats();
    row.set_nurse(seat->first);
    row.set_opening(seat->second);
  }
  if (until < all) {
    response.set_next_page_token(
        SignPageToken(service, page, std::vector<contract::OrderValue>{until, at.after_event}));
  }
  return response;
}

absl::StatusOr<v1::VerifyEventsResponse> VerifyEvents(Service& service, const rpc::Call& call,
                                                      const v1::VerifyEventsRequest& request) {
  absl::StatusOr<LoggedRound> round;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    round = LoadLogged(view, request.name());
    return round.status();
  }));
  return VerifyLog(*round);
}

}  // namespace

void BindRoundEvents(Service& service, Resource& rounds, PeerFinder find_peer) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.RoundEventService")
      .Unary("ApplyEvents",
             [&service, &rounds, find_peer](rpc::Call& call, const v1::ApplyEventsRequest& request) {
               return ApplyEvents(service, rounds, find_peer("registry"), call, request);
             })
      .Unary("ListRoundEvents",
             [&](rpc::Call& call, const v1::ListRoundEventsRequest& request) {
               return ListRoundEvents(service, call, request);
             })
      .Unary("ListSeats",
             [&](rpc::Call& call, const v1::ListSeatsRequest& request) { return ListSeats(service, call, request); })
      .Unary("VerifyEvents", [&](rpc::Call& call, const v1::VerifyEventsRequest& request) {
        return VerifyEvents(service, call, request);
      });
}

}  // namespace tsunagu::matching
