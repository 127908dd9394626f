#include "services/matching/rounds/visit_round.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/view.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/open_visit_contracts.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_explanation.h"
#include "services/matching/rounds/visit_fairness.h"
#include "services/matching/rounds/visit_report.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {
namespace {

template <typename Load>
auto Read(Service& service, const rpc::Call& call, const Load& load) {
  decltype(load(std::declval<store::View&>())) solved;
  const absl::Status read = service.Read(call, [&](store::View& view) {
    solved = load(view);
    return solved.status();
  });
  if (!read.ok()) solved = read;
  return solved;
}

absl::StatusOr<v1::ListVisitsResponse> ListVisits(Service& service, const rpc::Call& call,
                                                  const v1::ListVisitsRequest& request) {
  ASSIGN_OR_RETURN(const VisitsAfter after, Read(service, call, [&](store::View& view) {
                     return LoadVisitRows(view, request.parent(), AfterEventOf(request));
                   }));
  const SolvedVisits& solved = after.solved;
  // All pages are of one event: after the next event, the caller must start again.
  const contract::PageCall page = PageCallOf(call, request, absl::StrCat(request.parent(), " ", solved.after_event));
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  const auto all = static_cast<int64_t>(solved.rows.size());
  const int64_t until = std::min(all, from + PageSize(request));
  v1::ListVisitsResponse response;
  response.set_after_event(solved.after_event);
  for (int64_t i = from; i < until; ++i) *response.add_visits() = solved.rows[i];
  if (until < all) response.set_next_page_token(TokenOf(service, until, page));
  return response;
}

absl::StatusOr<v1::ExplainVisitResponse> ExplainVisit(Service& service, const peers::RegistryPlaces& names,
                                                      const rpc::Call& call, const v1::ExplainVisitRequest& request) {
  ASSIGN_OR_RETURN(const VisitsAfter after, LoadVisitsOfToday(service, call, request.name(), AfterEventOf(request)));
  const SolvedVisits& solved = after.solved;
  const auto found = std::find_if(solved.rows.begin(), solved.rows.end(), [&](const v1::VisitRow& row) {
    return row.opening() == request.opening() && row.half_day() == request.half_day() &&
           row.holidays() == request.holidays();
  });
  if (found == solved.rows.end()) return NotInRound(solved.snapshot, request.opening(), "opening");
  const auto half_day = static_cast<int32_t>(found - solved.rows.begin());
  ASSIGN_OR_RETURN(const bool sees, MaySeeNurses(service, call, request.name()));
  v1::ExplainVisitResponse response = VisitExplanation(solved, names).Of(half_day, sees);
  std::vector<std::string> seen;
  for (const auto& one : response.supplies()) {
    if (sees && one.standing() == v1::ExplainVisitResponse::STANDING_NOT_ELIGIBLE) seen.push_back(one.supply());
  }
  RETURN_IF_ERROR(LogSeen(service, call, seen));
  return response;
}

}  // namespace

absl::StatusOr<SolvedVisits> LoadSolvedVisits(store::View& view, const std::string& name, bool with_snapshot) {
  SolvedVisits solved;
  ASSIGN_OR_RETURN(solved.round, store::Records<v1::Round>(view).Get(name));
  if (!IsOfVisits(solved.round)) return Fail("ROUND_NOT_OF_VISITS"_reason);
  if (solved.round.result_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  ASSIGN_OR_RETURN(solved.rows, LoadVisits(view, name));
  if (!with_snapshot) return solved;
  ASSIGN_OR_RETURN(solved.snapshot, LoadSnapshot(view, name));
  ASSIGN_OR_RETURN(solved.certificate, LoadCertificate(view, name));
  return solved;
}

absl::Status CheckMayVary(const rules::Visits& visits, v1::Round::Objective objective) {
  const size_t most = objective == v1::Round::OBJECTIVE_COVERAGE ? 200'000 : 5'000'000;
  const size_t pairs = visits.kinds.size() * visits.slots.size();
  if (pairs <= most) return absl::OkStatus();
  return Fail("WHAT_IF_TOO_LARGE"_reason, {{"count", absl::StrCat(pairs)}, {"max", absl::StrCat(most)}});
}

absl::StatusOr<v1::VerifySolutionResponse> VerifyVisitRound(Service& service, const rpc::Call& call,
                                                            const std::string& name) {
  ASSIGN_OR_RETURN(const SolvedVisits solved,
                   Read(service, call, [&](store::View& view) { return LoadSolvedVisits(view, name, true); }));
  v1::VerifySolutionResponse response = VerifyVisits(solved.snapshot, solved.round, solved.rows, solved.certificate);
  if (DigestOf(solved.snapshot) != solved.round.snapshot_digest() ||
      DigestOf(solved.round, solved.rows, solved.certificate) != solved.round.result_digest()) {
    response.set_stable(false);
    response.add_findings()->set_kind("DIGEST_DIFFERS");
  }
  return response;
}

void BindVisitRounds(Service& service, const peers::RegistryPlaces& names) {
  rpc::Binder binder(service.module(), "tsunagu.matching.v1.VisitRoundService");
  binder
      .Unary("ListVisits",
             [&](rpc::Call& call, const v1::ListVisitsRequest& request) { return ListVisits(service, call, request); })
      .Unary("ExplainVisit", [&](rpc::Call& call, const v1::ExplainVisitRequest& request) {
        return ExplainVisit(service, names, call, request);
      });
  BindOpenVisitContracts(binder, service);
  AddVisitReport(service);
  AddVisitFairness(service, names);
}

}  // namespace tsunagu::matching
