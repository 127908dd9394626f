#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Indexes a market by place: the applicants of each place, in the place's order. Twelve bytes a choice.
class PlaceIndex {
 public:
  struct Applicant {
    int32_t nurse = -1;
    int32_t rank = 0;  // the position of the place on her list, 0 for the first choice
  };

  explicit PlaceIndex(const Market& market);

  // Returns the index of the first applicant of the place among the applicants of all places.
  size_t begin(int32_t place) const { return begin_[place]; }
  // Returns the applicants of the place, in the place's order.
  absl::Span<const Applicant> Of(int32_t place) const {
    return absl::MakeConstSpan(applicants_).subspan(begin_[place], begin_[place + 1] - begin_[place]);
  }
  // Returns the position, in the order of its place, of the nurse who has this choice (an index of market.choices).
  int32_t PositionOf(size_t choice) const { return positions_[choice]; }

 private:
  std::vector<size_t> begin_;  // by place, plus one
  std::vector<Applicant> applicants_;
  std::vector<int32_t> positions_;  // by choice
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_PLACE_INDEX_H_
