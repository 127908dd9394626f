#include "services/matching/rounds/cutoffs.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "services/matching/events/round_after.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rules/account.h"

namespace tsunagu::matching {
namespace {

using Cutoff = v1::ListCutoffsResponse::Cutoff;
using rules::Account;

// Rounded up, since a price is the difference of somebody's ways to work. 0 where there are no prices at all.
int64_t PriceAt(const google::protobuf::RepeatedField<int64_t>& prices, int64_t index) {
  return index < prices.size() ? (prices.Get(static_cast<int>(index)) + 99) / 100 * 100 : 0;
}

// What the openings of a cap, or one opening alone, got together.
Cutoff CutoffOf(const SolvedRound& solved, const std::vector<int32_t>& openings, int32_t limit, int64_t price,
                int64_t floor_price) {
  Cutoff cutoff;
  int32_t eligible = 0;  // at one of them: who could have come to several counts once
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
  if (eligible < solved.round.least_count()) return cutoff;
  cutoff.set_price(price);
  cutoff.set_floor_price(floor_price);
  if (!CheckGoesByPriority(solved.round).ok() || !cutoff.full() || cutoff.filled_count() == 0) return cutoff;
  cutoff.set_extra_skills(-std::get<0>(last));
  cutoff.set_metres(std::get<1>(last));
  return cutoff;
}

}  // namespace

absl::StatusOr<v1::ListCutoffsResponse> ListCutoffs(Service& service, const rpc::Call& call,
                                                    const v1::ListCutoffsRequest& request) {
  const std::string after = request.has_after_event() ? absl::StrCat(request.after_event()) : "";
  const records::PageCall page = PageCallOf(call, request, absl::StrCat(request.parent(), " ", after));
  ASSIGN_OR_RETURN(const int64_t from, PlaceOf(service.store(), request.page_token(), page));
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(service, call, request.parent(), AfterEventOf(request)));
  const SolvedRound& solved = round.solved;
  const auto caps = static_cast<int64_t>(solved.instance.caps.size());
  const int64_t all = caps + static_cast<int64_t>(solved.instance.openings.size());
  const int64_t until = std::min(all, from + PageSize(request));
  v1::ListCutoffsResponse response;
  response.set_after_event(solved.after_event);
  for (int64_t i = from; i < until; ++i) {
    Cutoff& row = *response.add_cutoffs();
    if (i < caps) {
      const rules::Cap& cap = solved.instance.caps[i];
      row = CutoffOf(solved, cap.openings, cap.limit, PriceAt(solved.certificate.limit_prices(), i),
                     PriceAt(solved.certificate.floor_prices(), i));
      row.set_name(solved.snapshot.caps(static_cast<int>(i)).place());
      row.set_least(cap.least);
    } else {
      const auto opening = static_cast<int32_t>(i - caps);
      row = CutoffOf(solved, {opening}, solved.instance.openings[opening].posts,
                     PriceAt(solved.certificate.opening_prices(), opening), 0);
      row.set_name(solved.instance.openings[opening].name);
    }
  }
  if (until < all) response.set_next_page_token(TokenOf(service.store(), until, page));
  return response;
}

}  // namespace tsunagu::matching
