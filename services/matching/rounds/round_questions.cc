#include "services/matching/rounds/round_questions.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/comparison.h"
#include "services/matching/rounds/explanation.h"
#include "services/matching/rounds/licence_text.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_map.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_explanation.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "services/matching/snapshot/within.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::matching {
namespace {

constexpr int kMostChanges = 1000;
constexpr char kExplainingOwn[] = "rounds.explainOwn";

absl::StatusOr<v1::CompareRoundsResponse> CompareRounds(Service& service, const rpc::Call& call,
                                                        const v1::CompareRoundsRequest& request) {
  const auto said = [](bool has, int32_t event) { return has ? absl::StrCat(event) : std::string("-"); };
  const contract::PageCall page = PageCallOf(
      call, request,
      absl::StrCat(request.name(), " ", request.other(), " ", said(request.has_after_event(), request.after_event()),
                   " ", said(request.has_other_after_event(), request.other_after_event())));
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  const std::optional<int32_t> after_other =
      request.has_other_after_event() ? std::optional<int32_t>(request.other_after_event()) : std::nullopt;
  ASSIGN_OR_RETURN(const RoundAfter one, LoadAfter(service, call, request.name(), AfterEventOf(request)));
  ASSIGN_OR_RETURN(const RoundAfter other, LoadAfter(service, call, request.other(), after_other, "other_after_event"));
  const SolvedRound &before = one.solved, &after = other.solved;
  ASSIGN_OR_RETURN(bool sees, MaySeeNurses(service, call, request.name()));
  if (sees) {
    ASSIGN_OR_RETURN(sees, MaySeeNurses(service, call, request.other()));
  }
  Comparison comparison = Compare({before.snapshot, before.assignments, before.round.least_count()},
                                  {after.snapshot, after.assignments, after.round.least_count()});
  if (!sees) comparison.moves.clear();
  v1::CompareRoundsResponse response;
  *response.mutable_difference() = std::move(comparison.difference);
  response.set_after_event(before.after_event);
  response.set_other_after_event(after.after_event);
  // The pages are of one list: openings, then nurses.
  const auto openings = static_cast<int64_t>(comparison.openings.size());
  const int64_t all = openings + static_cast<int64_t>(comparison.moves.size());
  const int64_t until = std::min(all, from + PageSize(request));
  std::vector<std::string> seen;
  for (int64_t i = from; i < until; ++i) {
    if (i < openings) {
      *response.add_openings() = std::move(comparison.openings[i]);
      continue;
    }
    *response.add_moves() = std::move(comparison.moves[i - openings]);
    seen.push_back(response.moves().rbegin()->nurse());
  }
  if (until < all) response.set_next_page_token(TokenOf(service, until, page));
  RETURN_IF_ERROR(LogSeen(service, call, seen));
  return response;
}

void Change(const v1::WhatIfRequest::ChangeNurse& change, v1::SnapshotNurse& nurse) {
  for (const int skill : change.skills()) nurse.add_skills(static_cast<registry::v1::Skill>(skill));
  nurse.set_commute_limit_metres(nurse.commute_limit_metres() + change.extra_metres());
  nurse.set_weekly_minutes(nurse.weekly_minutes() + change.extra_minutes());
}

// Applies all changes to the snapshot, and collects the nurses whom they are about.
absl::Status Apply(const v1::WhatIfRequest& request, const SolvedRound& solved, v1::Snapshot& snapshot,
                   std::vector<std::string>& nurses) {
  Faults faults;
  for (int i = 0; i < request.changes_size(); ++i) {
    const v1::WhatIfRequest::Change& change = request.changes(i);
    const std::string field = absl::StrCat("changes[", i, "]");
    const bool adds = change.has_add_posts();
    if (change.has_change_nurse()) {
      const std::string& name = change.change_nurse().nurse();
      const int32_t nurse = solved.NurseOf(name);
      if (nurse < 0) {
        faults.Add(field, NotInRound(snapshot, name, "change_nurse.nurse"));
        continue;
      }
      nurses.push_back(name);
      Change(change.change_nurse(), *snapshot.mutable_nurses(nurse));
    } else if (adds || change.has_remove_opening()) {
      const std::string& name = adds ? change.add_posts().opening() : change.remove_opening().opening();
      const int32_t opening = solved.OpeningOf(name);
      if (opening < 0) {
        faults.Add(field, NotInRound(snapshot, name, adds ? "add_posts.opening" : "remove_opening.opening"));
        continue;
      }
      v1::SnapshotOpening& row = *snapshot.mutable_openings(opening);
      row.set_posts(adds ? row.posts() + change.add_posts().posts() : 0);  // an opening without posts admits nobody
    } else {
      faults.Add(field, "FIELD_REQUIRED"_reason);
    }
  }
  return faults.ToStatus();
}

absl::StatusOr<v1::WhatIfResponse> WhatIf(Service& service, const rpc::Call& call, const v1::WhatIfRequest& request) {
  // Checked before anything is returned about a nurse who may not be in the round.
  const bool names_nurses = std::any_of(request.changes().begin(), request.changes().end(),
                                        [](const auto& change) { return change.has_change_nurse(); });
  ASSIGN_OR_RETURN(const v1::Round round, ReadSolved(service, call, request.name()));
  if (names_nurses) RETURN_IF_ERROR(CheckMaySeeNurses(service, call, request.name()));
  RETURN_IF_ERROR(CheckMayVary(round));
  ASSIGN_OR_RETURN(const SolvedRound solved, LoadSolved(service, call, request.name()));
  v1::Snapshot changed = solved.snapshot;
  std::vector<std::string> nurses;
  RETURN_IF_ERROR(Apply(request, solved, changed, nurses));
  ASSIGN_OR_RETURN(const Result result, SolveSnapshot(changed, solved.round));
  Comparison comparison = Compare({solved.snapshot, solved.assignments, solved.round.least_count()},
                                  {changed, result.assignments, solved.round.least_count()});
  v1::WhatIfResponse response;
  *response.mutable_difference() = std::move(comparison.difference);
  for (v1::OpeningChange& row : comparison.openings) {
    if (response.openings_size() == kMostChanges) break;
    *response.add_openings() = std::move(row);
  }
  RETURN_IF_ERROR(LogSeen(service, call, nurses));
  return response;
}

// Returns the nurse's result as `explain` gives it, or why she is not in the round; writes it to the access log.
template <typename Explain>
absl::StatusOr<v1::ExplainAssignmentResponse> TellOf(const std::string& name, const RoundAfter& round, Explain explain,
                                                     absl::FunctionRef<absl::Status()> log) {
  const int32_t nurse = round.solved.NurseOf(name);
  const std::optional<int32_t> left = nurse < 0 ? round.LeftWith(name) : std::nullopt;
  if (nurse < 0 && !left.has_value()) return NotInRound(round.solved.snapshot, name, "nurse");
  RETURN_IF_ERROR(log());
  if (left.has_value()) {
    return FailAt("nurse", "NURSE_LEFT_ROUND"_reason, {{"name", name}, {"event", absl::StrCat(*left)}});
  }
  v1::ExplainAssignmentResponse response = explain(nurse);
  for (const int32_t event : round.ChangedBy(name)) response.add_changed_by(event);
  if (const v1::RoundEvent* expiry = round.LicenceLostWith(name)) AddLicenceExpiry(*expiry, response);
  return response;
}

absl::StatusOr<v1::ExplainAssignmentResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                         const rpc::Call& call,
                                                         const v1::ExplainAssignmentRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.name(), AfterEventOf(request)));
  return TellOf(
      request.nurse(), round, [&](int32_t nurse) { return ExplainNurse(round.solved, names, nurse); },
      [&] { return LogSeen(service, call, {request.nurse()}); });
}

absl::StatusOr<v1::ExplainOpeningResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                      const rpc::Call& call, const v1::ExplainOpeningRequest& request) {
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.name(), AfterEventOf(request)));
  const int32_t opening = round.solved.OpeningOf(request.opening());
  if (opening < 0) return NotInRound(round.solved.snapshot, request.opening(), "opening");
  return ExplainOpening(round.solved, names, opening);
}

// Returns the explanation of an area, or that there is no such area: the registry has none, and no opening is in it.
absl::StatusOr<v1::ExplainAreaResponse> IfThereIs(const std::string& area, const peers::RegistryPlaces& names,
                                                  const v1::Round& round, v1::ExplainAreaResponse response) {
  if (response.opening_count() > 0) return response;
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  const Within within(names, area, day);
  const std::vector<std::string> areas = names.AreasOn(day);
  const bool exists =
      area.empty() || std::any_of(areas.begin(), areas.end(), [&](const std::string& one) { return within.Has(one); });
  if (exists) return response;
  return FailAt("area", "REFERENCE_NOT_FOUND"_reason, {{"name", area}});
}

absl::StatusOr<v1::ExplainAreaResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                   const rpc::Call& call, const v1::ExplainAreaRequest& request) {
  ASSIGN_OR_RETURN(const v1::Round kind, ReadFrozen(service, call, request.name()));
  const std::string& area = request.area();
  if (IsOfVisits(kind)) {
    ASSIGN_OR_RETURN(const VisitsAfter visits, LoadVisitsOfToday(service, call, request.name(), AfterEventOf(request)));
    return IfThereIs(area, names, kind, VisitExplanation(visits.solved, names).OfArea(area));
  }
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.name(), AfterEventOf(request)));
  return IfThereIs(area, names, kind, ExplainArea(round.solved, names, area));
}

absl::StatusOr<v1::GetRoundMapResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                   const rpc::Call& call, const v1::GetRoundMapRequest& request) {
  v1::GetRoundMapResponse response;
  ASSIGN_OR_RETURN(const v1::Round kind, ReadFrozen(service, call, request.name()));
  if (IsOfVisits(kind)) {
    ASSIGN_OR_RETURN(const VisitsAfter visits, LoadVisitsAfter(service, call, request.name(), AfterEventOf(request)));
    response.set_geo_json(RoundMap(visits.solved));
    response.set_after_event(visits.solved.after_event);
    return response;
  }
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.name(), AfterEventOf(request)));
  response.set_geo_json(RoundMap(round.solved));
  response.set_after_event(round.solved.after_event);
  return response;
}

bool IsCallers(const rpc::Call& call, const std::string& name) {
  return call.principal.ScopeFor(kExplainingOwn).Meets({name});
}

// Loads a published round, whose area need not be in the caller's scope.
absl::StatusOr<RoundAfter> LoadPublished(Service& service, const rpc::Call& call, const std::string& name) {
  absl::StatusOr<RoundAfter> round;
  identity::Actor actor = ActorOf(call);
  actor.scope = identity::Scope::Everything();
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Round read, store::Records<v1::Round>(view).Get(name));
    if (read.state() != v1::Round::STATE_PUBLISHED && read.state() != v1::Round::STATE_SUPERSEDED) {
      return Fail("RESULT_NOT_KNOWN_YET"_reason);
    }
    round = LoadAfter(view, name, std::nullopt);
    return round.status();
  }));
  return round;
}

absl::StatusOr<v1::ExplainAssignmentResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                         const rpc::Call& call,
                                                         const v1::ExplainOwnAssignmentRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  if (!IsCallers(call, request.nurse())) return FailAt("nurse", "NOT_IN_ROUND"_reason, {{"name", request.nurse()}});
  ASSIGN_OR_RETURN(const RoundAfter round, LoadPublished(service, call, request.name()));
  return TellOf(
      request.nurse(), round, [&](int32_t nurse) { return ExplainToNurse(round.solved, names, nurse); },
      [&] { return service.LogAccess(call, {request.nurse()}); });
}

absl::StatusOr<v1::ExplainOpeningResponse> ExplainOne(Service& service, const peers::RegistryPlaces& names,
                                                      const rpc::Call& call,
                                                      const v1::ExplainOwnOpeningRequest& request) {
  ASSIGN_OR_RETURN(const RoundAfter round, LoadPublished(service, call, request.name()));
  const int32_t opening = round.solved.OpeningOf(request.opening());
  if (opening < 0 || !IsCallers(call, round.solved.snapshot.openings(opening).facility())) {
    return FailAt("opening", "NOT_IN_ROUND"_reason, {{"name", request.opening()}});
  }
  return ExplainOpening(round.solved, names, opening);
}

// ExplainAssignment, ExplainOpening, ExplainArea, GetRoundMap, ExplainOwnAssignment, ExplainOwnOpening.
template <typename Request>
void BindExplain(rpc::Binder& binder, Service& service, const peers::RegistryPlaces& names, absl::string_view method) {
  binder.Unary(method, [&service, &names](rpc::Call& call, const Request& request) {
    return ExplainOne(service, names, call, request);
  });
}

}  // namespace

void BindRoundQuestions(Service& service, const peers::RegistryPlaces& names) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.RoundComparisonService")
      .Unary("CompareRounds",
             [&](rpc::Call& call, const v1::CompareRoundsRequest& request) {
               return CompareRounds(service, call, request);
             })
      .Unary("WhatIf",
             [&](rpc::Call& call, const v1::WhatIfRequest& request) { return WhatIf(service, call, request); });
  rpc::Binder explaining(service.module(), "tsunagu.matching.v1.RoundExplanationService");
  BindExplain<v1::ExplainAssignmentRequest>(explaining, service, names, "ExplainAssignment");
  BindExplain<v1::ExplainOwnAssignmentRequest>(explaining, service, names, "ExplainOwnAssignment");
  BindExplain<v1::ExplainOwnOpeningRequest>(explaining, service, names, "ExplainOwnOpening");
  BindExplain<v1::ExplainOpeningRequest>(explaining, service, names, "ExplainOpening");
  BindExplain<v1::ExplainAreaRequest>(explaining, service, names, "ExplainArea");
  BindExplain<v1::GetRoundMapRequest>(explaining, service, names, "GetRoundMap");
}

}  // namespace tsunagu::matching
