#ifndef TSUNAGU_SERVICES_MATCHING_WORTH_H_
#define TSUNAGU_SERVICES_MATCHING_WORTH_H_

#include <cstdint>

#include "services/matching/coverage/problem.h"
#include "services/matching/rounds/round_reads.h"
#include "tsunagu/matching/v1/worth.pb.h"

namespace tsunagu::matching {

// An amount of gain in terms of a person. Ways are differences of somebody's, hence rounded up.
v1::Worth ToWorth(const coverage::Scale& scale, int64_t amount);
// What a post or a limit more brings, and what one more of its floor costs.
void SetPrices(const coverage::Scale& scale, int64_t price, int64_t floor_price,
               v1::ListCutoffsResponse::Cutoff& cutoff);
inline bool IsNothing(const v1::Worth& worth) { return !worth.floor() && worth.weight() == 0 && worth.metres() == 0; }

// What the prices of a solved round of COVERAGE say, in the units of its gain (coverage/problem.h). `solved` outlives
// it.
class RoundPrices {
 public:
  explicit RoundPrices(const SolvedRound& solved);

  // What the round would lose, at least, were the nurse at the opening, for which she is eligible: what she is worth
  // where she is, less what she would be worth there. Never negative.
  int64_t LossOf(int32_t nurse, int32_t opening) const;
  // What one more post would bring: just that where no cap or floor is around it, else at most.
  int64_t OfPost(int32_t opening) const { return solved_.certificate.opening_prices(opening); }
  // What one more nurse would bring at most who lives beside the opening and fits nothing else.
  int64_t OfNurseAt(int32_t opening) const;
  // What one more nurse of the floors around the opening costs.
  int64_t OfFloors(int32_t opening) const { return around_[opening].floors; }

  const coverage::Scale& scale() const { return scale_; }
  v1::Worth Told(int64_t amount) const { return ToWorth(scale_, amount); }

 private:
  // Of the sets around an opening, together.
  struct Around {
    int64_t limits = 0;
    int64_t floors = 0;
  };

  // Her gain at the opening, less what has to be paid there. Nothing where she has none.
  int64_t NetOf(int32_t nurse, int32_t opening) const;

  const SolvedRound& solved_;
  coverage::Scale scale_;
  std::vector<Around> around_;  // by opening
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_WORTH_H_
