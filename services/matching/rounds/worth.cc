#include "services/matching/rounds/worth.h"

#include <vector>

#include "services/matching/rounds/objective.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching {
namespace {

int64_t InHundreds(int64_t metres) { return (metres > 0 ? metres + 99 : metres) / 100 * 100; }

}  // namespace

RoundPrices::RoundPrices(const SolvedRound& solved)
    : solved_(solved), scale_(CoverageScaleOf(solved.instance)), around_(solved.instance.openings.size()) {
  for (int i = 0; i < solved.snapshot.caps_size(); ++i) {
    for (const int32_t opening : solved.instance.caps[i].openings) {
      around_[opening].limits += solved.certificate.limit_prices(i);
      around_[opening].floors += solved.certificate.floor_prices(i);
    }
  }
}

int64_t RoundPrices::OfNurseAt(int32_t opening) const {
  return solved_.instance.openings[opening].weight * scale_.unit - OfPost(opening) - around_[opening].limits +
         around_[opening].floors;
}

int64_t RoundPrices::NetOf(int32_t nurse, int32_t opening) const {
  if (opening < 0) return 0;
  return OfNurseAt(opening) - rules::WayMetres(solved_.instance.nurses[nurse], solved_.instance.openings[opening]);
}

int64_t RoundPrices::LossOf(int32_t nurse, int32_t opening) const {
  return NetOf(nurse, solved_.opening_of_nurse[nurse]) - NetOf(nurse, opening);
}

v1::Worth ToWorth(const coverage::Scale& scale, int64_t amount) {
  v1::Worth worth;
  worth.set_floor(amount > scale.beyond_price / 2);
  if (worth.floor()) return worth;
  const int64_t weight = (amount + scale.unit / 2) / scale.unit;  // the remainder is a difference of distances
  const int64_t metres = amount - weight * scale.unit;
  worth.set_weight(weight);
  worth.set_metres(InHundreds(metres));
  return worth;
}

void SetPrices(const coverage::Scale& scale, int64_t price, int64_t floor_price,
               v1::ListCutoffsResponse::Cutoff& cutoff) {
  cutoff.set_price(InHundreds(price));
  cutoff.set_floor_price(InHundreds(floor_price));
  *cutoff.mutable_worth() = ToWorth(scale, price);
  *cutoff.mutable_floor_worth() = ToWorth(scale, floor_price);
}

}  // namespace tsunagu::matching
