#include "services/matching/rules/opening_grid.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace tsunagu::matching::rules {
namespace {

constexpr int32_t kStripHeight = 50'000;  // microdegrees

}  // namespace

OpeningGrid::OpeningGrid(absl::Span<const Opening> openings) {
  if (openings.empty()) return;
  entries_.reserve(openings.size());
  southmost_e6_ = openings[0].place.latitude_e6;
  for (size_t i = 0; i < openings.size(); ++i) {
    entries_.push_back({openings[i].place, static_cast<int32_t>(i)});
    southmost_e6_ = std::min(southmost_e6_, openings[i].place.latitude_e6);
  }
  const auto strip_of = [this](const Entry& e) { return (e.place.latitude_e6 - southmost_e6_) / kStripHeight; };
  std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
    return std::make_tuple(strip_of(a), a.place.longitude_e6, a.opening) <
           std::make_tuple(strip_of(b), b.place.longitude_e6, b.opening);
  });
  begin_.assign(strip_of(entries_.back()) + 2, 0);
  for (const Entry& entry : entries_) ++begin_[strip_of(entry) + 1];
  for (size_t strip = 1; strip < begin_.size(); ++strip) begin_[strip] += begin_[strip - 1];
}

int32_t OpeningGrid::StripAtOrAfter(int32_t latitude_e6) const {
  if (latitude_e6 <= southmost_e6_) return 0;
  return (latitude_e6 - southmost_e6_) / kStripHeight;
}

int32_t OpeningGrid::StripAtOrBefore(int32_t latitude_e6) const {
  const int32_t last = static_cast<int32_t>(begin_.size()) - 2;
  if (latitude_e6 < southmost_e6_) return -1;
  return std::min(last, (latitude_e6 - southmost_e6_) / kStripHeight);
}

int32_t OpeningGrid::FirstFrom(int32_t strip, int32_t longitude_e6) const {
  const auto first =
      std::partition_point(entries_.begin() + begin_[strip], entries_.begin() + begin_[strip + 1],
                           [longitude_e6](const Entry& entry) { return entry.place.longitude_e6 < longitude_e6; });
  return static_cast<int32_t>(first - entries_.begin());
}

}  // namespace tsunagu::matching::rules
