#include "services/matching/rounds/cutoffs.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/explanation.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_cutoffs.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/account.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

using Cutoff = v1::ListCutoffsResponse::Cutoff;
using rules::Account;

// Returns the cut-off of a cap's openings together, or of one opening. A price states what others would bring or lose:
// it is omitted if fewer nurses than the round's least_count are eligible. The last is a single nurse: she is omitted
// if there are fewer nurses than that.
Cutoff CutoffOf(const SolvedRound& solved, const std::vector<int32_t>& openings, int32_t limit, int64_t price,
                int64_t floor_price, const std::optional<RoundPrices>& prices) {
  Cutoff cutoff;
  int32_t eligible = 0;                        // the most at one of them, so that a nurse counts once
  std::tuple<int32_t, int64_t> last(-64, -1);  // fewest extra skills, then most metres
  for (const int32_t opening : openings) {
    const Account account = AccountOf(solved.instance, solved.opening_of_nurse, opening);
    cutoff.set_filled_count(cutoff.filled_count() + account.taken);
    eligible = std::max(eligible, account.eligible());
    if (account.taken > 0) last = std::max(last, std::tuple(-account.last_extra_skills, account.last_metres));
  }
  cutoff.set_limit(limit);
  cutoff.set_full(cutoff.filled_count() >= limit);
  cutoff.set_metres(-1);
  const int32_t least = std::max(1, solved.round.least_count());
  if (prices.has_value() && eligible >= least) SetPrices(prices->scale(), price, floor_price, cutoff);
  if (GoesByPrices(solved.round) || !cutoff.full() || cutoff.filled_count() < least) return cutoff;
  cutoff.set_extra_skills(-std::get<0>(last));
  cutoff.set_metres(1000 * WholeKilometres(std::get<1>(last)));
  return cutoff;
}

Cutoff CapOf(const SolvedRound& solved, const std::optional<RoundPrices>& prices, int i) {
  const rules::Cap& cap = solved.instance.caps[i];
  const v1::Certificate& certificate = solved.certificate;
  Cutoff row = CutoffOf(solved, cap.openings, cap.limit, prices ? certificate.limit_prices(i) : 0,
                        prices ? certificate.floor_prices(i) : 0, prices);
  row.set_name(solved.snapshot.caps(i).place());
  row.set_least(cap.least);
  return row;
}

Cutoff OpeningOf(const SolvedRound& solved, const std::optional<RoundPrices>& prices, int32_t opening) {
  const rules::Opening& there = solved.instance.openings[opening];
  Cutoff row = CutoffOf(solved, {opening}, there.posts, prices ? prices->OfPost(opening) : 0, 0, prices);
  row.set_name(there.name);
  return row;
}

// One page of `all` rows.
template <typename At>
v1::ListCutoffsResponse PageOf(Service& service, const v1::ListCutoffsRequest& request, const contract::PageCall& page,
                               int64_t from, int64_t all, const At& at) {
  const int64_t until = std::min(all, from + PageSize(request));
  v1::ListCutoffsResponse response;
  for (int64_t i = from; i < until; ++i) *response.add_cutoffs() = at(i);
  if (until < all) response.set_next_page_token(TokenOf(service, until, page));
  return response;
}

}  // namespace

absl::StatusOr<v1::ListCutoffsResponse> ListCutoffs(Service& service, const rpc::Call& call,
                                                    const v1::ListCutoffsRequest& request) {
  const std::string after = request.has_after_event() ? absl::StrCat(request.after_event()) : "";
  const contract::PageCall page = PageCallOf(call, request, absl::StrCat(request.parent(), " ", after));
  ASSIGN_OR_RETURN(const int64_t from, StartOf(service, request.page_token(), page));
  ASSIGN_OR_RETURN(const v1::Round kind, ReadFrozen(service, call, request.parent()));
  v1::ListCutoffsResponse response;
  if (IsOfVisits(kind)) {
    ASSIGN_OR_RETURN(const VisitsAfter round, LoadVisitsAfter(service, call, request.parent(), AfterEventOf(request)));
    const std::vector<Cutoff> rows = CutoffsOf(round.solved);
    response =
        PageOf(service, request, page, from, static_cast<int64_t>(rows.size()), [&](int64_t i) { return rows[i]; });
    response.set_after_event(round.solved.after_event);
    return response;
  }
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.parent(), AfterEventOf(request)));
  const SolvedRound& solved = round.solved;
  std::optional<RoundPrices> prices;
  if (solved.round.objective() == v1::Round::OBJECTIVE_COVERAGE) prices.emplace(solved);
  const auto caps = static_cast<int64_t>(solved.instance.caps.size());
  const int64_t all = caps + static_cast<int64_t>(solved.instance.openings.size());
  response = PageOf(service, request, page, from, all, [&](int64_t i) {
    return i < caps ? CapOf(solved, prices, static_cast<int>(i))
                    : OpeningOf(solved, prices, static_cast<int32_t>(i - caps));
  });
  response.set_after_event(solved.after_event);
  return response;
}

}  // namespace tsunagu::matching
