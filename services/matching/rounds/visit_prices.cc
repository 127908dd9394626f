#include "services/matching/rounds/visit_prices.h"

#include <algorithm>

#include "services/matching/coverage/visit_problem.h"
#include "services/matching/rounds/visit_objective.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/distance.h"

namespace tsunagu::matching {
namespace {

using Verdict = v1::ExplainVisitResponse::SupplyVerdict;

// Returns the total price of one more nurse of the supply in that half-day.
int64_t PriceOf(const v1::Certificate& certificate, int32_t supply, int32_t slot) {
  return certificate.supply_prices(supply) + certificate.supply_week_prices(2 * supply + slot / market::kSlotsOfWeek) +
         certificate.supply_half_day_prices(market::kSlots * supply + slot);
}

// As PriceOf, for one more nurse at the half-day, including the sets around it.
int64_t PriceAt(const rules::Visits& visits, const v1::Certificate& certificate, int32_t half_day) {
  int64_t price = certificate.opening_prices(half_day);
  for (size_t set = 0; set < visits.instance.caps.size(); ++set) {
    const std::vector<int32_t>& within = visits.instance.caps[set].openings;
    if (!std::binary_search(within.begin(), within.end(), half_day)) continue;
    const auto index = static_cast<int>(set);
    price += certificate.limit_prices(index) - certificate.floor_prices(index);
  }
  return price;
}

}  // namespace

void SayByPrices(const rules::Visits& visits, const v1::Certificate& certificate, int32_t half_day,
                 v1::ExplainVisitResponse& explained) {
  const coverage::Scale scale = coverage::ScaleOf(ToVisitProblem(visits));
  const rules::Opening& there = visits.instance.openings[half_day];
  const int64_t price_there = PriceAt(visits, certificate, half_day);
  *explained.mutable_post_worth() = ToWorth(scale, certificate.opening_prices(half_day));
  for (int32_t supply = 0; supply < explained.supplies_size(); ++supply) {
    Verdict& verdict = *explained.mutable_supplies(supply);
    const bool goes_first = verdict.standing() == v1::ExplainVisitResponse::STANDING_OUTRANKED ||
                            verdict.standing() == v1::ExplainVisitResponse::STANDING_USED_UP;
    if (!goes_first) continue;
    verdict.set_standing(v1::ExplainVisitResponse::STANDING_NOT_BETTER);
    const int64_t metres = rules::DistanceMetres(visits.instance.nurses[supply].home, there.place);
    const int64_t costs = PriceOf(certificate, supply, visits.slots[half_day]) + price_there;
    *verdict.mutable_loss() = ToWorth(scale, costs - (there.weight * scale.unit - metres));
  }
}

}  // namespace tsunagu::matching
