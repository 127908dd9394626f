#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_INDEX_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// Indexes a market by opening: the applicants of each opening, in the opening's order. Twelve bytes a choice.
class OpeningIndex {
 public:
  struct Applicant {
    int32_t nurse = -1;
    int32_t rank = 0;  // the index of the opening on her list, 0 for the first choice
  };

  explicit OpeningIndex(const Market& market);

  // Returns the index of the first applicant of the opening among the applicants of all openings.
  size_t begin(int32_t opening) const { return begin_[opening]; }
  // Returns the applicants of the opening, in the opening's order.
  absl::Span<const Applicant> Of(int32_t opening) const {
    return absl::MakeConstSpan(applicants_).subspan(begin_[opening], begin_[opening + 1] - begin_[opening]);
  }
  // Returns the index, in the order of its opening, of the nurse who has this choice (an index of market.choices).
  int32_t IndexOf(size_t choice) const { return indexes_[choice]; }

 private:
  std::vector<size_t> begin_;  // by opening, plus one
  std::vector<Applicant> applicants_;
  std::vector<int32_t> indexes_;  // by choice
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_OPENING_INDEX_H_
