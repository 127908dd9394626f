#include "services/matching/events/applied_events.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/events/event_log.h"
#include "services/matching/events/live_round.h"
#include "services/matching/events/roster.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/verdict.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching {
namespace {

constexpr int32_t kMostEvents = 10'000;
constexpr int64_t kMostPairs = 25'000'000;  // takes some seconds

absl::Status CheckTakesEvents(const SolvedRound& solved) {
  const v1::Round::Objective objective = solved.round.objective();
  const bool stable = objective == v1::Round::OBJECTIVE_STABLE || objective == v1::Round::OBJECTIVE_UNSPECIFIED;
  return stable ? absl::OkStatus() : Fail("EVENTS_NOT_OF_OBJECTIVE"_reason);
}

absl::Status CheckSize(const Roster& roster) {
  const int64_t pairs = int64_t{roster.rows().nurses_size()} * roster.rows().openings_size();
  if (pairs <= kMostPairs) return absl::OkStatus();
  return Fail("ROUND_TOO_LARGE_FOR_EVENTS"_reason, {{"count", absl::StrCat(pairs)}, {"max", absl::StrCat(kMostPairs)}});
}

// Returns whether applying the change of the event gives the logged event.
bool ComesTo(LiveRound& live, const v1::RoundEvent& logged) {
  v1::RoundEvent event = live.Apply(logged.change());
  *event.mutable_apply_date() = logged.apply_date();
  event.set_applier(logged.applier());
  event.set_digest(logged.digest());
  return event.SerializeAsString() == logged.SerializeAsString();
}

// Returns whether the result of the round is the kernel's initial matching; nobody has arrived yet.
bool BeginsAsSolved(const LiveRound& live, const SolvedRound& solved) {
  const auto& assigned = live.assigned();
  return std::equal(solved.opening_of_nurse.begin(), solved.opening_of_nurse.end(), assigned.begin());
}

// Judges the matching by the rows and what each nurse has, nothing else.
rules::Verdict Judge(const Roster& roster, const SolvedRound& solved, const std::vector<int32_t>& assigned) {
  return rules::VerifyMatching(roster.Now(solved.round.seed()), assigned);
}

// Returns whether a verdict agrees with what the event states about the matching.
bool IsAsTold(const rules::Verdict& verdict, const v1::RoundEvent& event) {
  const bool only_pairs = std::all_of(verdict.findings.begin(), verdict.findings.end(), [](const auto& finding) {
    return finding.kind == rules::FindingKind::kBlockingPair || finding.kind == rules::FindingKind::kEmptyPostWanted;
  });
  return only_pairs && verdict.finding_count == event.pair_count();
}

absl::Status TakeAll(const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes, Roster& roster) {
  Faults faults;
  for (int i = 0; i < changes.size(); ++i) faults.Add(absl::StrCat("changes[", i, "]"), roster.Take(changes[i]));
  return faults.ToStatus();
}

// Returns, by nurse of the roster, what she has according to the log.
std::vector<int32_t> AssignedBy(const LoggedRound& round, const Roster& roster) {
  std::vector<int32_t> assigned(roster.rows().nurses_size(), -1);
  for (const auto& [nurse, opening] : SeatsAfter(round.solved.assignments, round.log)) {
    if (!opening.empty()) assigned[roster.NurseOf(nurse)] = roster.OpeningOf(opening);
  }
  return assigned;
}

}  // namespace

absl::Status CheckBytes(const google::protobuf::Message& event, const Applying& applying) {
  const size_t bytes = event.ByteSizeLong();
  if (bytes <= applying.most_event_bytes) return absl::OkStatus();
  return Fail("EVENT_TOO_LARGE"_reason,
              {{"count", absl::StrCat(bytes)}, {"max", absl::StrCat(applying.most_event_bytes)}});
}

absl::StatusOr<std::vector<v1::RoundEvent>> ApplyChanges(
    const LoggedRound& round, const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes,
    const Applying& applying) {
  RETURN_IF_ERROR(CheckTakesEvents(round.solved));
  if (!IsWhole(round.solved.round, round.log)) return Fail("EVENT_LOG_DAMAGED"_reason);
  if (static_cast<int64_t>(round.log.size()) + changes.size() > kMostEvents) {
    return Fail("EVENTS_TOO_MANY"_reason, {{"max", absl::StrCat(kMostEvents)}});
  }
  ASSIGN_OR_RETURN(Roster roster, RosterAfter(round.solved.snapshot, round.log));
  RETURN_IF_ERROR(TakeAll(changes, roster));
  RETURN_IF_ERROR(CheckSize(roster));

  LiveRound live(roster, round.solved.round.seed());
  bool replays = BeginsAsSolved(live, round.solved);
  for (const v1::RoundEvent& event : round.log) replays = replays && ComesTo(live, event);
  if (!replays) return Fail("EVENT_LOG_DAMAGED"_reason);

  std::vector<v1::RoundEvent> events;
  std::string digest = round.log.empty() ? round.solved.round.result_digest() : round.log.back().digest();
  Faults faults;
  for (int i = 0; i < changes.size(); ++i) {
    v1::RoundEvent& event = events.emplace_back(live.Apply(changes[i]));
    if (!live.IsAsTold(event)) return absl::InternalError("the verifier refused what an event came to");
    if (IsOverBudget(event)) {
      faults.Add(absl::StrCat("changes[", i, "].most_moved"), "EVENT_BUDGET_EXCEEDED"_reason,
                 {{"count", absl::StrCat(event.moved_count())}, {"max", absl::StrCat(changes[i].most_moved())}});
    }
    *event.mutable_apply_date() = jp::ToDate(applying.day);
    event.set_applier(applying.applier);
    digest = DigestOf(event, digest);
    event.set_digest(digest);
    faults.Add(absl::StrCat("changes[", i, "]"), CheckBytes(event, applying));
  }
  RETURN_IF_ERROR(faults.ToStatus());
  if (!IsAsTold(Judge(roster, round.solved, live.assigned()), events.back())) {
    return absl::InternalError("the verifier refused the matching after the events");
  }
  return events;
}

absl::StatusOr<v1::VerifyEventsResponse> VerifyLog(const LoggedRound& round) {
  RETURN_IF_ERROR(CheckTakesEvents(round.solved));
  v1::VerifyEventsResponse response;
  response.set_event_count(round.solved.round.event_count());
  const auto find = [&response](const char* kind) { response.add_findings()->set_kind(kind); };
  const v1::Round& solved = round.solved.round;
  if (DigestOf(solved, round.solved.assignments, round.solved.certificate) != solved.result_digest() ||
      !IsWhole(solved, round.log)) {
    find("DIGEST_DIFFERS");
    return response;
  }
  const auto roster = RosterAfter(round.solved.snapshot, round.log);
  if (!roster.ok()) {
    find("LOG_DIFFERS");
    return response;
  }
  RETURN_IF_ERROR(CheckSize(*roster));
  LiveRound live(*roster, solved.seed());
  bool replays = BeginsAsSolved(live, round.solved);
  for (const v1::RoundEvent& event : round.log) replays = replays && ComesTo(live, event);
  const std::vector<int32_t> assigned = AssignedBy(round, *roster);
  if (!replays || assigned != live.assigned()) find("LOG_DIFFERS");

  const rules::Verdict verdict = Judge(*roster, round.solved, assigned);
  const v1::RoundEvent last = round.log.empty() ? v1::RoundEvent() : round.log.back();
  const v1::VerifySolutionResponse told = ToResponse(verdict, roster->rows());
  response.set_stable(told.stable());
  response.set_checked_pair_count(told.checked_pair_count());
  if (!IsAsTold(verdict, last)) {
    find("PROMISE_BROKEN");
    response.mutable_findings()->MergeFrom(told.findings());
  }
  if (last.guarantee() == v1::GUARANTEE_EQUAL_TO_FULL_RUN &&
      rules::Solve(roster->Now(solved.seed())).opening_of_nurse != assigned) {
    find("PROMISE_BROKEN");
  }
  response.set_sound(response.findings().empty());
  return response;
}

}  // namespace tsunagu::matching
