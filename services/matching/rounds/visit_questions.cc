#include "services/matching/rounds/visit_questions.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "services/matching/events/arrivals.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_changes.h"
#include "services/matching/rounds/visit_comparison.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"

namespace tsunagu::matching {
namespace {

constexpr int kMostChanges = 1000;

absl::StatusOr<v1::CompareVisitRoundsResponse> CompareVisitRounds(Service& service, const rpc::Call& call,
                                                                  const v1::CompareVisitRoundsRequest& request) {
  const std::optional<int32_t> after_other =
      request.has_other_after_event() ? std::optional<int32_t>(request.other_after_event()) : std::nullopt;
  ASSIGN_OR_RETURN(const VisitsAfter before, LoadVisitsAfter(service, call, request.name(), AfterEventOf(request)));
  ASSIGN_OR_RETURN(const VisitsAfter after,
                   LoadVisitsAfter(service, call, request.other(), after_other, "other_after_event"));
  // All pages are of the same two results.
  const contract::PageCall page = PageCallOf(call, request,
                                             absl::StrCat(request.name(), " ", before.solved.after_event, " ",
                                                          request.other(), " ", after.solved.after_event));
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  VisitComparison comparison = Compare(before.outcome(), after.outcome());
  v1::CompareVisitRoundsResponse response;
  *response.mutable_difference() = std::move(comparison.difference);
  response.set_after_event(before.solved.after_event);
  response.set_other_after_event(after.solved.after_event);
  // The pages are of one list: half-days, then supplies.
  const auto half_days = static_cast<int64_t>(comparison.half_days.size());
  const int64_t all = half_days + static_cast<int64_t>(comparison.supplies.size());
  const int64_t until = std::min(all, from + PageSize(request));
  for (int64_t i = from; i < until; ++i) {
    if (i < half_days) {
      *response.add_half_days() = std::move(comparison.half_days[i]);
    } else {
      *response.add_supplies() = std::move(comparison.supplies[i - half_days]);
    }
  }
  if (until < all) response.set_next_page_token(TokenOf(service, until, page));
  return response;
}

// Returns the snapshot with all changes.
absl::StatusOr<v1::Snapshot> Changed(const v1::WhatIfVisitsRequest& request, v1::Snapshot snapshot) {
  Faults faults;
  for (int i = 0; i < request.changes_size(); ++i) {
    faults.Add(absl::StrCat("changes[", i, "]"), TakeVisitChange(request.changes(i), snapshot));
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return snapshot;
}

absl::StatusOr<v1::WhatIfVisitsResponse> WhatIfVisits(Service& service, const PeerAccess& registry,
                                                      const rpc::Call& call, v1::WhatIfVisitsRequest request) {
  // A caller who varies the input learns what it contains, so only a caller who may read it varies it.
  RETURN_IF_ERROR(CheckMaySeeNurses(service, call, request.name()));
  ASSIGN_OR_RETURN(const VisitsAfter before, LoadVisitsOfToday(service, call, request.name(), 0));
  const SolvedVisits& solved = before.solved;
  RETURN_IF_ERROR(CheckMayVary(ToVisits(solved.snapshot, solved.round.seed()), solved.round.objective()));
  RETURN_IF_ERROR(AddVisitRows(service, registry, call, before, *request.mutable_changes()));
  VisitsAfter after = before;
  ASSIGN_OR_RETURN(after.whole, Changed(request, solved.snapshot));
  RETURN_IF_ERROR(CheckMayVary(ToVisits(after.whole, solved.round.seed()), solved.round.objective()));
  ASSIGN_OR_RETURN(VisitResult result, SolveVisits(after.whole, solved.round));
  after.solved.rows = std::move(result.rows);
  VisitComparison comparison = Compare(before.outcome(), after.outcome());
  AddLikings(before.outcome(), after.outcome(), solved.round.seed(), comparison);
  v1::WhatIfVisitsResponse response;
  *response.mutable_difference() = std::move(comparison.difference);
  for (v1::VisitRowChange& row : comparison.half_days) {
    if (response.half_days_size() == kMostChanges) break;
    *response.add_half_days() = std::move(row);
  }
  for (v1::SupplyChange& row : comparison.supplies) {
    if (response.supplies_size() == kMostChanges) break;
    *response.add_supplies() = std::move(row);
  }
  return response;
}

}  // namespace

void BindVisitQuestions(Service& service, PeerFinder find_peer) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.VisitComparisonService")
      .Unary("CompareVisitRounds",
             [&service](rpc::Call& call, const v1::CompareVisitRoundsRequest& request) {
               return CompareVisitRounds(service, call, request);
             })
      .Unary("WhatIfVisits", [&service, find_peer](rpc::Call& call, const v1::WhatIfVisitsRequest& request) {
        return WhatIfVisits(service, find_peer("registry"), call, request);
      });
}

}  // namespace tsunagu::matching
