#include "services/matching/market/opening_index.h"

#include <algorithm>
#include <utility>

namespace tsunagu::matching::market {

// Groups choices by opening, then sorts each opening by itself.
OpeningIndex::OpeningIndex(const Market& market)
    : begin_(market.posts.size() + 1, 0), applicants_(market.choices.size()), indexes_(market.choices.size()) {
  for (const Choice& choice : market.choices) ++begin_[choice.opening + 1];
  for (size_t opening = 0; opening < market.posts.size(); ++opening) begin_[opening + 1] += begin_[opening];
  std::vector<size_t> next(begin_.begin(), begin_.end() - 1);
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    int32_t rank = 0;
    for (const Choice& choice : market.ChoicesOf(nurse)) applicants_[next[choice.opening]++] = {nurse, rank++};
  }
  std::vector<std::pair<uint64_t, Applicant>> ordered;
  for (int32_t opening = 0; opening < market.opening_count(); ++opening) {
    ordered.clear();
    for (const Applicant& applicant : Of(opening)) {
      const Choice& choice = market.choices[market.begin[applicant.nurse] + applicant.rank];
      ordered.emplace_back(KeyOf(applicant.nurse, choice), applicant);
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t index = 0; index < ordered.size(); ++index) {
      const Applicant applicant = applicants_[begin_[opening] + index] = ordered[index].second;
      indexes_[market.begin[applicant.nurse] + applicant.rank] = static_cast<int32_t>(index);
    }
  }
}

}  // namespace tsunagu::matching::market
