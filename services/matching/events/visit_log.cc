#include "services/matching/events/visit_log.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/events/event_log.h"
#include "services/matching/rounds/visit_changes.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

using Changes = google::protobuf::RepeatedPtrField<v1::VisitChange>;

constexpr int32_t kMostEvents = 1'000;
// Each event is a full run: with the most pairs it takes some tenths of a second, and a call takes at most a minute.
constexpr int64_t kMostPairs = 5'000'000;
constexpr int64_t kMostPairsOfRequest = 200'000'000;

int64_t PairsOf(const v1::Snapshot& rows) {
  return int64_t{rows.supplies_size()} * static_cast<int64_t>(WantedVisitsOf(rows).size());
}

absl::Status CheckSize(const v1::Snapshot& rows) {
  const int64_t pairs = PairsOf(rows);
  if (pairs <= kMostPairs) return absl::OkStatus();
  return Fail("VISITS_TOO_MANY_FOR_EVENTS"_reason, {{"count", absl::StrCat(pairs)}, {"max", absl::StrCat(kMostPairs)}});
}

// Uses the rows before the changes. For a round that is too large for any event, CheckSize returns the error.
absl::Status CheckCount(const v1::Snapshot& rows, int changes) {
  const int64_t pairs = PairsOf(rows);
  if (pairs > kMostPairs) return absl::OkStatus();
  const int64_t most = kMostPairsOfRequest / std::max<int64_t>(1, pairs);
  if (changes <= most) return absl::OkStatus();
  return FailAt("changes", "VISIT_CHANGES_TOO_MANY"_reason,
                {{"count", absl::StrCat(changes)}, {"max", absl::StrCat(most)}});
}

// Returns the supply or the opening that a change is about.
std::string AboutOf(const v1::VisitChange& change) {
  switch (change.what_case()) {
    case v1::VisitChange::kAddSupply:
      return change.add_supply().supply();
    case v1::VisitChange::kRemoveSupply:
      return change.remove_supply().supply();
    case v1::VisitChange::kChangeSupply:
      return change.change_supply().supply();
    case v1::VisitChange::kAddOpening:
      return change.add_opening().opening();
    case v1::VisitChange::kRemoveOpening:
      return change.remove_opening().opening();
    case v1::VisitChange::kChangeHalfDay:
      return change.change_half_day().opening();
    default:
      return "";
  }
}

// Returns all faults of the changes. A change may not take away what contracts hold.
absl::Status CheckChanges(const VisitsAfter& round, const Changes& changes, const RoundContracts& held) {
  v1::Snapshot whole = round.whole;
  int64_t missing = RestOf(whole, held).missing;
  Faults faults;
  for (int i = 0; i < changes.size(); ++i) {
    const std::string field = absl::StrCat("changes[", i, "]");
    if (changes[i].has_change_cap()) {
      faults.Add(field + ".change_cap", "CAP_IS_NO_EVENT"_reason);
      continue;
    }
    faults.Add(field, TakeVisitChange(changes[i], whole));
    const int64_t now = RestOf(whole, held).missing;
    if (now > missing) faults.Add(field, "VISITS_HELD_BY_CONTRACTS"_reason, {{"name", AboutOf(changes[i])}});
    missing = now;
  }
  return faults.ToStatus();
}

int32_t CountOf(const google::protobuf::RepeatedPtrField<v1::VisitRow::Cover>& covers, const std::string& supply) {
  for (const v1::VisitRow::Cover& cover : covers) {
    if (cover.supply() == supply) return cover.count();
  }
  return 0;
}

// Counts the visits that are no longer made, except those of the participant whom the event is about.
int32_t MovedBy(const v1::VisitEvent& event) {
  const std::string about = AboutOf(event.change());
  int32_t moved = 0;
  for (const v1::VisitRowChange& row : event.half_days()) {
    for (const v1::VisitRow::Cover& cover : row.covers_before()) {
      if (row.opening() == about || cover.supply() == about) continue;
      moved += std::max(0, cover.count() - CountOf(row.covers_after(), cover.supply()));
    }
  }
  return moved;
}

// The result of a round with the same seed that is solved from these rows.
struct Run {
  VisitResult result;
  std::string digest;
};
absl::StatusOr<Run> SolveRows(const v1::Round& round, const v1::Snapshot& rows) {
  v1::Round as = round;
  as.set_snapshot_digest(DigestOf(rows));
  Run run;
  ASSIGN_OR_RETURN(run.result, SolveVisits(rows, as));
  run.digest = DigestOf(as, run.result.rows, run.result.certificate);
  return run;
}

// Adds the contracts of `after` that are not the same in `before`.
void AddChanged(const RoundContracts& before, const RoundContracts& after, RoundContracts& rows) {
  for (const v1::VisitEvent::RoundContract& contract : after) {
    const auto was = std::lower_bound(before.begin(), before.end(), contract, [](const auto& a, const auto& b) {
      return a.visit_contract() < b.visit_contract();
    });
    const bool same = was != before.end() && was->SerializeAsString() == contract.SerializeAsString();
    if (!same) *rows.Add() = contract;
  }
}

// Adds the changes of contracts since the previous event.
void TellContracts(const ContractsOfRound& before, const ContractsOfRound& after, v1::VisitEvent& event) {
  AddChanged(before.held, after.held, *event.mutable_held());
  AddChanged(before.declined, after.declined, *event.mutable_declined());
  std::set<std::string> over;
  for (const RoundContracts* rows : {&before.held, &before.declined}) {
    for (const auto& contract : *rows) over.insert(contract.visit_contract());
  }
  for (const RoundContracts* rows : {&after.held, &after.declined}) {
    for (const auto& contract : *rows) over.erase(contract.visit_contract());
  }
  event.mutable_over()->Assign(over.begin(), over.end());
}

// Appends the next event to the log of `round`, without number, applier, day and digest.
absl::Status ApplyNext(const v1::VisitChange& change, const ContractsOfRound& contracts, VisitsAfter& round) {
  const v1::Snapshot whole_before = round.whole;
  const std::vector<v1::VisitRow> rows_before = std::move(round.solved.rows);
  const ContractsOfRound contracts_before = std::exchange(round.contracts, contracts);
  RETURN_IF_ERROR(TakeVisitChange(change, round.whole));
  v1::VisitEvent& event = round.log.emplace_back();
  *event.mutable_change() = change;
  TellContracts(contracts_before, contracts, event);
  event.set_guarantee(v1::GUARANTEE_EQUAL_TO_FULL_RUN);
  round.solved.snapshot = RestOf(round.whole, contracts.held).rows;
  RETURN_IF_ERROR(CheckSize(round.solved.snapshot));
  ASSIGN_OR_RETURN(Run run, SolveRows(round.solved.round, round.solved.snapshot));
  round.solved.rows = std::move(run.result.rows);
  round.solved.certificate = std::move(run.result.certificate);
  const SolvedVisits& solved = round.solved;
  if (!VerifyVisits(solved.snapshot, solved.round, solved.rows, solved.certificate).stable()) {
    return absl::InternalError("the verifier refused what an event came to");
  }
  VisitComparison comparison = Compare({whole_before, rows_before, contracts_before.held}, round.outcome());
  *event.mutable_difference() = std::move(comparison.difference);
  event.mutable_half_days()->Assign(comparison.half_days.begin(), comparison.half_days.end());
  const std::vector<v1::VisitRow> changed = ChangedOf(rows_before, round.solved.rows);
  event.mutable_rows()->Assign(changed.begin(), changed.end());
  event.set_moved_count(MovedBy(event));
  event.set_result_digest(run.digest);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::VisitEvent>> ApplyVisitChanges(const VisitsAfter& round,
                                                              const v1::ApplyVisitEventsRequest& request,
                                                              const ContractsOfRound& contracts,
                                                              const Applying& applying) {
  if (!IsWhole(round.solved.round, round.log)) return Fail("EVENT_LOG_DAMAGED"_reason);
  if (static_cast<int64_t>(round.log.size()) + request.changes_size() > kMostEvents) {
    return Fail("EVENTS_TOO_MANY"_reason, {{"max", absl::StrCat(kMostEvents)}});
  }
  RETURN_IF_ERROR(CheckCount(round.solved.snapshot, request.changes_size()));
  RETURN_IF_ERROR(CheckChanges(round, request.changes(), contracts.held));
  VisitsAfter now = round;
  std::string digest = round.log.empty() ? round.solved.round.result_digest() : round.log.back().digest();
  Faults faults;
  for (int i = 0; i < request.changes_size(); ++i) {
    if (applying.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    RETURN_IF_ERROR(ApplyNext(request.changes(i), contracts, now));
    v1::VisitEvent& event = now.log.back();
    if (request.has_most_moved() && event.moved_count() > request.most_moved()) {
      faults.Add(absl::StrCat("changes[", i, "]"), "VISIT_BUDGET_EXCEEDED"_reason,
                 {{"count", absl::StrCat(event.moved_count())}, {"max", absl::StrCat(request.most_moved())}});
    }
    event.set_number(static_cast<int32_t>(now.log.size()));
    *event.mutable_apply_date() = jp::ToDate(applying.day);
    event.set_applier(applying.applier);
    digest = DigestOf(event, digest);
    event.set_digest(digest);
    faults.Add(absl::StrCat("changes[", i, "]"), CheckBytes(event, applying));
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return std::vector<v1::VisitEvent>(now.log.begin() + static_cast<int64_t>(round.log.size()), now.log.end());
}

absl::StatusOr<v1::VerifyVisitEventsResponse> VerifyVisitLog(const VisitsAfter& round) {
  v1::VerifyVisitEventsResponse response;
  response.set_after_event(round.solved.after_event);
  const auto find = [&response](const char* kind) { response.add_findings()->set_kind(kind); };
  std::string digest = round.solved.round.result_digest();
  for (const v1::VisitEvent& event : round.log) {
    if (event.digest() != DigestOf(event, digest)) find("DIGEST_DIFFERS");
    digest = event.digest();
  }
  const bool is_last = round.solved.after_event == round.solved.round.event_count();
  if (is_last && !IsWhole(round.solved.round, round.log)) find("DIGEST_DIFFERS");
  ASSIGN_OR_RETURN(const Run run, SolveRows(round.solved.round, round.solved.snapshot));
  const std::string told = round.log.empty() ? round.solved.round.result_digest() : round.log.back().result_digest();
  if (run.digest != told || !ChangedOf(run.result.rows, round.solved.rows).empty()) find("LOG_DIFFERS");
  const SolvedVisits& solved = round.solved;
  const v1::VerifySolutionResponse judged =
      VerifyVisits(solved.snapshot, solved.round, solved.rows, solved.certificate);
  response.set_checked_pair_count(judged.checked_pair_count());
  response.mutable_findings()->MergeFrom(judged.findings());
  response.set_sound(response.findings().empty());
  return response;
}

}  // namespace tsunagu::matching
