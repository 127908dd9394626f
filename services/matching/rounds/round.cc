#include "services/matching/rounds/round.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/records/rule.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/rounds/cutoffs.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rounds/round_questions.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/round_states.h"
#include "services/matching/rounds/visit_round.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {
namespace {

absl::StatusOr<v1::VerifySolutionResponse> Verify(Service& service, const rpc::Call& call,
                                                  const v1::VerifySolutionRequest& request) {
  ASSIGN_OR_RETURN(const v1::Round read, ReadFrozen(service, call, request.name()));
  if (IsOfVisits(read)) return VerifyVisitRound(service, call, request.name());
  ASSIGN_OR_RETURN(const v1::Round round, ReadSolved(service, call, request.name()));
  v1::Snapshot snapshot;
  std::vector<v1::Assignment> assignments;
  v1::Certificate certificate;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(snapshot, LoadSnapshot(view, request.name()));
    ASSIGN_OR_RETURN(assignments, LoadAssignments(view, request.name(), 0, round.nurse_count()));
    ASSIGN_OR_RETURN(certificate, LoadCertificate(view, request.name()));
    return absl::OkStatus();
  }));
  v1::VerifySolutionResponse response = VerifyResult(snapshot, round, assignments, certificate);
  if (DigestOf(snapshot) != round.snapshot_digest() ||
      DigestOf(round, assignments, certificate) != round.result_digest()) {
    response.set_stable(false);
    response.add_findings()->set_kind("DIGEST_DIFFERS");
  }
  return response;
}

// The assignments are the result. The reasons are computed from nurses' homes and wishes, and are as private: they are
// only for callers who may read the snapshot and state a purpose.
absl::Status ShowOrHideWhy(Service& service, const rpc::Call& call, const v1::Round& round,
                           v1::ListAssignmentsResponse& response) {
  ASSIGN_OR_RETURN(const bool shows, MaySeeNurses(service, call, round.name()));
  std::vector<std::string> seen;
  for (v1::Assignment& row : *response.mutable_assignments()) {
    if (shows) {
      seen.push_back(row.nurse());
      continue;
    }
    v1::Assignment result;
    result.set_nurse(row.nurse());
    result.set_opening(row.opening());
    result.set_facility(row.facility());
    row = std::move(result);
  }
  return LogSeen(service, call, seen);
}

absl::StatusOr<v1::ListAssignmentsResponse> ListAssignments(Service& service, const rpc::Call& call,
                                                            const v1::ListAssignmentsRequest& request) {
  ASSIGN_OR_RETURN(const v1::Round round, ReadSolved(service, call, request.parent()));
  const contract::PageCall page = PageCallOf(call, request, absl::StrCat(request.parent(), " ", request.nurse()));
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  v1::ListAssignmentsResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    const auto rows = request.nurse().empty() ? LoadAssignments(view, request.parent(), from, PageSize(request))
                                              : LoadAssignmentOf(view, request.parent(), request.nurse());
    RETURN_IF_ERROR(rows.status());
    for (const v1::Assignment& row : *rows) *response.add_assignments() = row;
    return absl::OkStatus();
  }));
  const int64_t next = from + response.assignments_size();
  if (request.nurse().empty() && next < round.nurse_count()) {
    response.set_next_page_token(TokenOf(service, next, page));
  }
  RETURN_IF_ERROR(ShowOrHideWhy(service, call, round, response));
  return response;
}

absl::StatusOr<v1::ListLeftOutResponse> ListLeftOut(Service& service, const rpc::Call& call,
                                                    const v1::ListLeftOutRequest& request) {
  ASSIGN_OR_RETURN(const v1::Round round, ReadFrozen(service, call, request.parent()));
  const contract::PageCall page = PageCallOf(call, request, request.parent());
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  v1::ListLeftOutResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<v1::LeftOut> rows, LoadLeftOut(view, round, from, PageSize(request)));
    response.mutable_left_out()->Assign(rows.begin(), rows.end());
    return absl::OkStatus();
  }));
  const int64_t next = from + response.left_out_size();
  if (next < round.left_out_count()) response.set_next_page_token(TokenOf(service, next, page));
  return response;
}

// Sends a stored snapshot part by part.
class SnapshotSource : public rpc::Source<v1::Snapshot> {
 public:
  SnapshotSource(Service& service, rpc::Call& call, std::string round)
      : service_(service), call_(call), round_(std::move(round)) {}
  absl::StatusOr<bool> Next(v1::Snapshot& response) override {
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(response, LoadSnapshotPart(view, round_, part_));
      return absl::OkStatus();
    }));
    ++part_;
    std::vector<std::string> seen;
    for (const v1::SnapshotNurse& nurse : response.nurses()) seen.push_back(nurse.name());
    if (!seen.empty()) RETURN_IF_ERROR(service_.LogAccess(call_, seen));
    return response.nurses_size() + response.openings_size() + response.left_out_size() + response.caps_size() +
               response.commute_rules_size() + response.travel_times_size() + response.supplies_size() >
           0;
  }

 private:
  Service& service_;
  rpc::Call& call_;
  const std::string round_;
  int64_t part_ = 0;
};

// Sends the rows after events, in parts of the size of stored parts.
class RowsAfterSource : public rpc::Source<v1::Snapshot> {
 public:
  RowsAfterSource(Service& service, rpc::Call& call, v1::Snapshot rows, int32_t after_event)
      : service_(service), call_(call), rows_(std::move(rows)), after_event_(after_event) {}
  absl::StatusOr<bool> Next(v1::Snapshot& response) override {
    response.Clear();
    response.set_after_event(after_event_);
    if (!Move(rows_.nurses(), *response.mutable_nurses()) && !Move(rows_.openings(), *response.mutable_openings()) &&
        !Move(rows_.left_out(), *response.mutable_left_out()) && !Move(rows_.caps(), *response.mutable_caps()) &&
        !Move(rows_.commute_rules(), *response.mutable_commute_rules()) &&
        !Move(rows_.travel_times(), *response.mutable_travel_times()) &&
        !Move(rows_.supplies(), *response.mutable_supplies())) {
      return false;
    }
    std::vector<std::string> seen;
    for (const v1::SnapshotNurse& nurse : response.nurses()) seen.push_back(nurse.name());
    if (!seen.empty()) RETURN_IF_ERROR(service_.LogAccess(call_, seen));
    return true;
  }

 private:
  // Takes the next part of the rows of one kind; returns false after the last one, so that the next kind begins.
  template <typename Rows>
  bool Move(const Rows& rows, Rows& part) {
    const int64_t skipped = skipped_;
    skipped_ += rows.size();
    const int64_t from = std::max<int64_t>(0, next_ - skipped);
    const int64_t until = std::min<int64_t>(rows.size(), from + kPartRows);
    if (from >= until) return false;
    for (int64_t i = from; i < until; ++i) *part.Add() = rows.Get(static_cast<int>(i));
    next_ = skipped + until;
    skipped_ = 0;
    return true;
  }

  Service& service_;
  rpc::Call& call_;
  const v1::Snapshot rows_;
  const int32_t after_event_;
  int64_t next_ = 0;     // of all rows, one kind after another
  int64_t skipped_ = 0;  // rows of kinds that are finished
};

absl::StatusOr<std::unique_ptr<rpc::Source<v1::Snapshot>>> ReadSnapshot(Service& service, rpc::Call& call,
                                                                        const v1::ReadSnapshotRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  ASSIGN_OR_RETURN(const v1::Round round, ReadFrozen(service, call, request.name()));
  const int32_t event = AfterEventOf(request).value_or(round.event_count());
  if (event > round.event_count()) {
    return FailAt("after_event", "NOT_IN_ROUND"_reason, {{"name", absl::StrCat("#", event)}});
  }
  if (event == 0) return std::make_unique<SnapshotSource>(service, call, request.name());
  if (IsOfVisits(round)) {
    ASSIGN_OR_RETURN(VisitsAfter after, LoadVisitsAfter(service, call, request.name(), event));
    return std::make_unique<RowsAfterSource>(service, call, std::move(after.solved.snapshot), event);
  }
  ASSIGN_OR_RETURN(RoundAfter after, LoadAfter(service, call, request.name(), event));
  return std::make_unique<RowsAfterSource>(service, call, std::move(after.solved.snapshot), event);
}

// A new round is a draft.
void MakeDraft(v1::Round& round) {
  round.set_state(v1::Round::STATE_DRAFT);
  if (round.objective() == v1::Round::OBJECTIVE_UNSPECIFIED) round.set_objective(v1::Round::OBJECTIVE_STABLE);
  if (round.least_count() == 0) round.set_least_count(kLeastCount);
}

// Employments permit any objective, visits two, dispatches none.
void CheckKind(const v1::Round& round, Faults& faults) {
  const bool of_visits = IsOfVisits(round);
  if (round.opening_kind() == v1::OPENING_KIND_DISPATCH) faults.Add("opening_kind", "ROUND_OF_DISPATCHES"_reason);
  const bool takes_visits = round.objective() == v1::Round::OBJECTIVE_STABLE ||
                            round.objective() == v1::Round::OBJECTIVE_UNSPECIFIED ||
                            round.objective() == v1::Round::OBJECTIVE_COVERAGE;
  if (of_visits && !takes_visits) faults.Add("objective", "VISITS_NOT_OF_OBJECTIVE"_reason);
  if (!of_visits && round.has_visits_to_date()) faults.Add("visits_to_date", "ROUND_NOT_OF_VISITS"_reason);
  if (round.has_as_of_date() && !VisitDaysOf(round).valid()) {
    faults.Add("visits_to_date", "PERIOD_ENDS_BEFORE_START"_reason);
  }
}

// A day long ago is a typing error: nothing is valid on it.
void CheckDay(const v1::Round& round, Faults& faults) {
  constexpr jp::CivilDay kFirst(2000, 1, 1), kLast(2999, 12, 31);
  if (!round.has_as_of_date()) return;
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  if (day >= kFirst && day <= kLast) return;
  faults.Add("as_of_date", "OUT_OF_RANGE"_reason, {{"min", jp::FormatIso(kFirst)}, {"max", jp::FormatIso(kLast)}});
}

// Nurses have posts in a round of employments, and nobody has one in a round of visits. A round that the caller may not
// see is reported as a reference, and nothing else is said of it.
absl::Status CheckPresentRound(const store::Decision<v1::Round>& decision) {
  const v1::Round& round = decision.after();
  if (round.present_round().empty()) return absl::OkStatus();
  const auto present = store::Records<v1::Round>(decision.tx()).Get(round.present_round());
  if (absl::IsNotFound(present.status()) || absl::IsInvalidArgument(present.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(present.status());
  if (IsOfVisits(*present) != IsOfVisits(round)) {
    decision.faults().Add("present_round", "PRESENT_OF_OTHER_KIND"_reason);
  }
  return absl::OkStatus();
}

absl::Status DecideRound(const store::Decision<v1::Round>& decision) {
  if (decision.before() == nullptr) {
    CheckDay(decision.after(), decision.faults());
    RETURN_IF_ERROR(CheckPresentRound(decision));
  }
  absl::string_view code = decision.after().area();
  if (absl::ConsumePrefix(&code, "areas/")) decision.faults().Add("area", jp::AreaCode::Parse(code).status());
  CheckCaps(decision.after(), decision.faults());
  CheckKind(decision.after(), decision.faults());
  return absl::OkStatus();
}

}  // namespace

void BindRounds(Service& service, Resource& rounds, const peers::RegistryPlaces& names, PeerFinder find_peer) {
  rounds.Rule(DecideRound).WhenReceived(MakeDraft);
  store::Blobs::AddTo<v1::Round>(service.store());
  rpc::Binder binder = BindStandard(service, "tsunagu.matching.v1.RoundService", rounds);
  BindRoundStates(binder, service, rounds, std::move(find_peer));
  BindRoundQuestions(service, names);
  binder
      .Unary("VerifySolution",
             [&](rpc::Call& call, const v1::VerifySolutionRequest& request) { return Verify(service, call, request); })
      .Unary("ListAssignments",
             [&](rpc::Call& call, const v1::ListAssignmentsRequest& request) {
               return ListAssignments(service, call, request);
             })
      .Unary("ListLeftOut", [&](rpc::Call& call,
                                const v1::ListLeftOutRequest& request) { return ListLeftOut(service, call, request); })
      .Unary("ListCutoffs", [&](rpc::Call& call,
                                const v1::ListCutoffsRequest& request) { return ListCutoffs(service, call, request); })
      .ServerStream("ReadSnapshot", [&](rpc::Call& call, const v1::ReadSnapshotRequest& request) {
        return ReadSnapshot(service, call, request);
      });
}

}  // namespace tsunagu::matching
