#ifndef TSUNAGU_SERVICES_MATCHING_WORTH_H_
#define TSUNAGU_SERVICES_MATCHING_WORTH_H_

#include <cstdint>

#include "services/matching/coverage/problem.h"
#include "services/matching/rounds/round_reads.h"
#include "tsunagu/matching/v1/worth.pb.h"

namespace tsunagu::matching {

// Converts an amount of gain into weight and metres. The metres are differences of somebody's distances, so they are
// rounded up.
v1::Worth ToWorth(const coverage::Scale& scale, int64_t amount);
// Sets what one more post, or a higher limit, brings, and what one more nurse of its floor costs.
void SetPrices(const coverage::Scale& scale, int64_t price, int64_t floor_price,
               v1::ListCutoffsResponse::Cutoff& cutoff);
inline bool IsNothing(const v1::Worth& worth) { return !worth.floor() && worth.weight() == 0 && worth.metres() == 0; }

// The prices of a solved round of COVERAGE, in the units of its gain (coverage/problem.h). `solved` must outlive this
// object.
class RoundPrices {
 public:
  explicit RoundPrices(const SolvedRound& solved);

  // Returns the least loss of the round if the nurse were at the opening, for which she is eligible: her net gain where
  // she is, less her net gain there. Never negative.
  int64_t LossOf(int32_t nurse, int32_t opening) const;
  // Returns what one more post would bring: exactly, if no cap or floor is around it, else at most.
  int64_t OfPost(int32_t opening) const { return solved_.certificate.opening_prices(opening); }
  // Returns the most that one more nurse would bring who lives beside the opening and fits nothing else.
  int64_t OfNurseAt(int32_t opening) const;
  // Returns what one more nurse of the floors around the opening costs.
  int64_t OfFloors(int32_t opening) const { return around_[opening].floors; }

  const coverage::Scale& scale() const { return scale_; }
  v1::Worth Told(int64_t amount) const { return ToWorth(scale_, amount); }

 private:
  // The totals of the sets around an opening.
  struct Around {
    int64_t limits = 0;
    int64_t floors = 0;
  };

  // Returns her gain at the opening, less the prices there; 0 if she has none.
  int64_t NetOf(int32_t nurse, int32_t opening) const;

  const SolvedRound& solved_;
  coverage::Scale scale_;
  std::vector<Around> around_;  // by opening
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_WORTH_H_
