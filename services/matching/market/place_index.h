#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// A market seen from its places: who wants each, in its order. Twelve bytes a choice.
class PlaceIndex {
 public:
  struct Applicant {
    int32_t nurse = -1;
    int32_t rank = 0;  // which of her choices the place is, 0 for the first
  };

  explicit PlaceIndex(const Market& market);

  // Where the applicants of the place begin among those of all places.
  size_t begin(int32_t place) const { return begin_[place]; }
  // Who wants the place; whoever it takes first comes first.
  absl::Span<const Applicant> Of(int32_t place) const {
    return absl::MakeConstSpan(applicants_).subspan(begin_[place], begin_[place + 1] - begin_[place]);
  }
  // Where the nurse whose choice this is (an index of market.choices) stands in the order of its place.
  int32_t PositionOf(size_t choice) const { return positions_[choice]; }

 private:
  std::vector<size_t> begin_;  // by place, and one more
  std::vector<Applicant> applicants_;
  std::vector<int32_t> positions_;  // by choice
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_
