#include "services/matching/rounds/round_states.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "common/work/operations.h"
#include "google/protobuf/util/time_util.h"
#include "services/matching/events/event_log.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rules/round.h"
#include "services/matching/rules/verify.h"
#include "services/matching/snapshot/sent_rows.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/take_snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {
namespace {

using google::protobuf::util::TimeUtil;
using rules::CheckMove;
using rules::Move;

// The row of the round under the guard decides about a move: `round` may have been read before. `of_draft`: a move that
// brings a snapshot requires a draft.
absl::Status MayMove(store::Tx& tx, const v1::Round& round, Move move, bool of_draft = false) {
  RETURN_IF_ERROR(tx.Guard("rounds", round.name()));
  ASSIGN_OR_RETURN(const v1::Round now, store::Records<v1::Round>::All(tx).Get(round.name()));
  RETURN_IF_ERROR(CheckMove(now.state(), move));
  return of_draft ? CheckMove(now.state(), Move::kFreeze) : absl::OkStatus();
}

// The input of a run: the round when it began, and the snapshot that it has taken or that is stored.
struct Work {
  v1::Round round;
  Taken taken;
  std::vector<std::string> idle_places;  // of a snapshot that was taken
  bool is_stored = false;
};

// Adds where the nurses are according to the named round, if there is one.
absl::Status AddPresent(Service& service, const rpc::Call& call, const v1::Round& round, v1::Snapshot& snapshot) {
  if (round.present_round().empty()) return absl::OkStatus();
  Seats opening_of;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Round present, store::Records<v1::Round>(view).Get(round.present_round()));
    ASSIGN_OR_RETURN(opening_of, LoadSeats(view, present, present.event_count()));
    return absl::OkStatus();
  }));
  for (v1::SnapshotNurse& nurse : *snapshot.mutable_nurses()) {
    const auto found = opening_of.find(nurse.name());
    nurse.set_present_opening(found == opening_of.end() ? "" : found->second);
  }
  return absl::OkStatus();
}

// Adds PRESENT_MISSING if the round is to stay near to the present and nothing says what that is: neither a round nor,
// in a sent snapshot, a nurse. The registry says of no opening who is there.
void CheckPresent(const v1::Round& round, const v1::Snapshot& sent, Faults& faults) {
  if (round.objective() != v1::Round::OBJECTIVE_MIN_DISRUPTION || !round.present_round().empty()) return;
  const auto& nurses = sent.nurses();
  const auto says = [](const v1::SnapshotNurse& nurse) { return !nurse.present_opening().empty(); };
  if (std::none_of(nurses.begin(), nurses.end(), says)) faults.Add("present_round", "PRESENT_MISSING"_reason);
}

// Returns all faults of a sent snapshot at once; of an empty one if the snapshot will be taken.
absl::Status CheckSent(const v1::Round& round, const v1::Snapshot& snapshot) {
  Faults faults;
  CheckSentRows(snapshot, "snapshot", faults);
  CheckSentCaps(round, snapshot, faults);
  CheckPresent(round, snapshot, faults);
  return faults.ToStatus();
}

template <typename Request>
absl::StatusOr<Work> Begin(Service& service, const PeerAccess& registry, const rpc::Call& call, const Request& request,
                           Move move, Progress& progress) {
  Work work;
  v1::Snapshot& snapshot = work.taken.snapshot;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(work.round, store::Records<v1::Round>(view).Get(request.name()));
    work.is_stored = work.round.state() == v1::Round::STATE_FROZEN;
    if (!work.is_stored || !CheckMove(work.round.state(), move).ok()) return absl::OkStatus();
    ASSIGN_OR_RETURN(snapshot, LoadSnapshot(view, request.name()));
    return absl::OkStatus();
  }));
  // Takes nothing of a round that was moved meanwhile: the transaction returns the error, or the stored answer to this
  // request.
  if (!CheckMove(work.round.state(), move).ok()) return work;
  RETURN_IF_ERROR(progress.Report(5));
  if (work.is_stored) {
    if (request.has_snapshot()) return Fail("SNAPSHOT_UNWANTED"_reason);
    if (DigestOf(snapshot) != work.round.snapshot_digest()) return Fail("SNAPSHOT_CHANGED"_reason);
    return work;
  }
  if (!work.round.has_as_of_date()) *work.round.mutable_as_of_date() = jp::ToDate(service.Today());
  if (!VisitDaysOf(work.round).valid()) return FailAt("visits_to_date", "PERIOD_ENDS_BEFORE_START"_reason);
  RETURN_IF_ERROR(CheckSent(work.round, request.snapshot()));
  if (request.has_snapshot()) {
    snapshot = request.snapshot();
  } else {
    ASSIGN_OR_RETURN(work.taken, TakeSnapshot(service, registry, call, work.round));
  }
  RETURN_IF_ERROR(AddPresent(service, call, work.round, snapshot));
  RETURN_IF_ERROR(Canonicalise(snapshot));
  RETURN_IF_ERROR(CanonicaliseVisits(work.round, snapshot));
  RETURN_IF_ERROR(AddCaps(service.places(), work.round, snapshot));
  work.idle_places = IdlePlaces(service.places(), work.round, snapshot);
  return work;
}

// Stores the snapshot of a run that has taken one.
absl::Status Keep(store::Tx& tx, const Work& work, v1::Round& round) {
  if (work.is_stored) return absl::OkStatus();
  const v1::Snapshot& snapshot = work.taken.snapshot;
  *round.mutable_as_of_date() = work.round.as_of_date();
  round.set_registry_place(work.taken.registry_place);
  round.set_snapshot_digest(DigestOf(snapshot));
  round.set_nurse_count(snapshot.nurses_size());
  round.set_opening_count(snapshot.openings_size());
  round.set_left_out_count(snapshot.left_out_size());
  round.set_supply_count(snapshot.supplies_size());
  round.mutable_idle_places()->Assign(work.idle_places.begin(), work.idle_places.end());
  *round.mutable_freeze_time() = TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
  return StoreSnapshot(tx, round.name(), snapshot);
}

// Reads outside any transaction. Then one transaction stores the snapshot, if the round is still a draft and this run
// still holds the lease of its operation. A later run of the same operation finds the stored answer under `request_id`.
absl::StatusOr<v1::Round> Freeze(Service& service, Resource& rounds, const PeerAccess& registry, const rpc::Call& call,
                                 const v1::FreezeRoundRequest& request, Progress& progress) {
  ASSIGN_OR_RETURN(const Work work, Begin(service, registry, call, request, Move::kFreeze, progress));
  RETURN_IF_ERROR(progress.Report(90));
  return ChangeRecord<v1::Round>(service, call, rounds, request, [&](store::Tx& tx, v1::Round& round) -> absl::Status {
    RETURN_IF_ERROR(progress.Fence(tx));
    RETURN_IF_ERROR(MayMove(tx, round, Move::kFreeze));
    round.set_state(v1::Round::STATE_FROZEN);
    return Keep(tx, work, round);
  });
}

// The result of a round of either kind, computed and judged outside the transaction.
struct Answer {
  Result employments;
  VisitResult visits;
  std::vector<v1::Round::Outcome> outcomes_of_visits;
};

absl::StatusOr<Answer> WorkOut(const Work& work) {
  Answer answer;
  v1::Round judged = work.round;
  judged.set_rule_table_version(rules::kRuleTableVersion);
  bool stable = false;
  if (IsOfVisits(judged)) {
    ASSIGN_OR_RETURN(answer.visits, SolveVisits(work.taken.snapshot, judged));
    const VisitResult& result = answer.visits;
    stable = VerifyVisits(work.taken.snapshot, judged, result.rows, result.certificate).stable();
    answer.outcomes_of_visits = OutcomesOf(work.taken.snapshot, judged, result.rows);
  } else {
    ASSIGN_OR_RETURN(answer.employments, SolveSnapshot(work.taken.snapshot, judged));
    const Result& result = answer.employments;
    stable = VerifyResult(work.taken.snapshot, judged, result.assignments, result.certificate).stable();
  }
  if (!stable) return absl::InternalError("the verifier refused the solver's result");
  return answer;
}

absl::Status KeepVisits(store::Tx& tx, const Answer& answer, v1::Round& round) {
  const VisitResult& result = answer.visits;
  round.set_result_digest(DigestOf(round, result.rows, result.certificate));
  round.set_post_count(result.wanted);
  round.set_matched_count(result.covered);
  round.mutable_outcomes()->Assign(answer.outcomes_of_visits.begin(), answer.outcomes_of_visits.end());
  RETURN_IF_ERROR(StoreCertificate(tx, round.name(), result.certificate));
  return StoreVisits(tx, round.name(), result.rows);
}

absl::Status KeepResult(store::Tx& tx, const Result& result, v1::Round& round) {
  round.set_result_digest(DigestOf(round, result.assignments, result.certificate));
  round.set_post_count(result.posts);
  round.set_matched_count(result.matched);
  round.mutable_outcomes()->Assign(result.outcomes.begin(), result.outcomes.end());
  round.set_nearness(result.nearness);
  RETURN_IF_ERROR(StoreCertificate(tx, round.name(), result.certificate));
  return StoreAssignments(tx, round.name(), result.assignments);
}

// As Freeze; also solves and verifies outside the transaction.
absl::StatusOr<v1::Round> Solve(Service& service, Resource& rounds, const PeerAccess& registry, const rpc::Call& call,
                                const v1::SolveRoundRequest& request, Progress& progress) {
  ASSIGN_OR_RETURN(const Work work, Begin(service, registry, call, request, Move::kSolve, progress));
  Answer answer;
  if (CheckMove(work.round.state(), Move::kSolve).ok()) {
    RETURN_IF_ERROR(progress.Report(50));
    ASSIGN_OR_RETURN(answer, WorkOut(work));
    RETURN_IF_ERROR(progress.Report(90));
  }
  return ChangeRecord<v1::Round>(service, call, rounds, request, [&](store::Tx& tx, v1::Round& round) -> absl::Status {
    RETURN_IF_ERROR(progress.Fence(tx));
    RETURN_IF_ERROR(MayMove(tx, round, Move::kSolve, !work.is_stored));
    RETURN_IF_ERROR(Keep(tx, work, round));
    round.set_state(v1::Round::STATE_SUCCEEDED);
    round.set_rule_table_version(rules::kRuleTableVersion);
    round.set_engine_version(kEngineVersion);
    *round.mutable_solve_time() = TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
    return IsOfVisits(round) ? KeepVisits(tx, answer, round) : KeepResult(tx, answer.employments, round);
  });
}

// An area has at most one published round of each kind. Proposals from an earlier one go on.
absl::Status SupersedeOthers(store::Tx& tx, const v1::Round& round) {
  RETURN_IF_ERROR(tx.Guard({GuardOfPublished(round)}));
  std::vector<v1::Round> others;
  RETURN_IF_ERROR(store::Records<v1::Round>::All(tx).ForEach(
      contract::Where("state", v1::Round::STATE_PUBLISHED), [&](v1::Round& other) {
        if (other.area() == round.area() && IsOfVisits(other) == IsOfVisits(round)) others.push_back(std::move(other));
        return absl::OkStatus();
      }));
  const store::AsProgram as_program(tx);
  for (const v1::Round& before : others) {
    v1::Round after = before;
    after.set_state(v1::Round::STATE_SUPERSEDED);
    after.set_superseded_by(round.name());
    RETURN_IF_ERROR(store::Records<v1::Round>::Update(tx, before, after));
  }
  return absl::OkStatus();
}

absl::Status Publish(store::Tx& tx, jp::CivilDay today, v1::Round& round) {
  RETURN_IF_ERROR(MayMove(tx, round, Move::kPublish));
  RETURN_IF_ERROR(SupersedeOthers(tx, round));
  round.set_state(v1::Round::STATE_PUBLISHED);
  round.set_publisher(tx.actor().Person());
  *round.mutable_publish_date() = jp::ToDate(today);
  return absl::OkStatus();
}

absl::Status Cancel(store::Tx& tx, const v1::CancelRoundRequest& request, v1::Round& round) {
  RETURN_IF_ERROR(MayMove(tx, round, Move::kCancel));
  round.set_state(v1::Round::STATE_CANCELLED);
  round.set_canceller(tx.actor().Person());
  round.set_cancel_reason(request.reason());
  *round.mutable_cancel_time() = TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
  return absl::OkStatus();
}

// Binds a move that runs as an operation; it starts unless the round refuses it at once.
template <typename Request>
void BindLong(rpc::Binder& binder, Service& service, Resource& rounds, const PeerFinder& find_peer,
              const std::string& method, Move move,
              absl::StatusOr<v1::Round> (*run)(Service&, Resource&, const PeerAccess&, const rpc::Call&, const Request&,
                                               Progress&)) {
  service.operations().Add<Request, v1::Round>(
      "tsunagu.matching.v1.RoundService/" + method,
      [&service, &rounds, find_peer, run](rpc::Call& call, Request request, const std::string& request_id,
                                          Progress& progress) {
        request.set_request_id(request_id);
        return run(service, rounds, find_peer("registry"), call, request, progress);
      });
  binder.Unary(method, [&service, move](rpc::Call& call, const Request& request) {
    return service.operations().Begin(call, request, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::Round round, store::Records<v1::Round>(view).Get(request.name()));
      return CheckMove(round.state(), move);
    });
  });
}

}  // namespace

store::GuardKey GuardOfPublished(const v1::Round& round) { return {"published rounds", round.area()}; }

void BindRoundStates(rpc::Binder& binder, Service& service, Resource& rounds, PeerFinder find_peer) {
  BindLong<v1::FreezeRoundRequest>(binder, service, rounds, find_peer, "FreezeRound", Move::kFreeze, Freeze);
  BindLong<v1::SolveRoundRequest>(binder, service, rounds, find_peer, "SolveRound", Move::kSolve, Solve);
  binder
      .Unary("PublishRound",
             [&](rpc::Call& call, const v1::PublishRoundRequest& request) {
               return ChangeRecord<v1::Round>(service, call, rounds, request, [&](store::Tx& tx, v1::Round& round) {
                 return Publish(tx, service.Today(), round);
               });
             })
      .Unary("CancelRound", [&](rpc::Call& call, const v1::CancelRoundRequest& request) {
        return ChangeRecord<v1::Round>(service, call, rounds, request,
                                       [&](store::Tx& tx, v1::Round& round) { return Cancel(tx, request, round); });
      });
}

}  // namespace tsunagu::matching
