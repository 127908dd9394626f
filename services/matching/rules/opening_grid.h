#ifndef TSUNAGU_SERVICES_MATCHING_RULES_OPENING_GRID_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_OPENING_GRID_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// An index of openings in strips of latitude (about 5.5 km high), each ordered by longitude. It finds the openings in a
// box without looking at the others. Immutable, hence thread-safe. Keeps no reference to the openings.
class OpeningGrid {
 public:
  explicit OpeningGrid(absl::Span<const Opening> openings);

  // Calls visit(index of the opening, its place) for every opening whose place is in `box`, in unspecified order.
  template <typename Visit>
  void ForEachIn(const Box& box, const Visit& visit) const {
    for (int32_t strip = StripAtOrAfter(box.south_e6); strip <= StripAtOrBefore(box.north_e6); ++strip) {
      for (int32_t i = FirstFrom(strip, box.west_e6); i < begin_[strip + 1]; ++i) {
        const Entry& entry = entries_[i];
        if (entry.place.longitude_e6 > box.east_e6) break;
        if (entry.place.latitude_e6 < box.south_e6 || entry.place.latitude_e6 > box.north_e6) continue;
        visit(entry.opening, entry.place);
      }
    }
  }

 private:
  struct Entry {
    GeoPoint place;
    int32_t opening = -1;
  };

  // Returns the strip of the latitude, or the nearest one to the north; may be past the last strip.
  int32_t StripAtOrAfter(int32_t latitude_e6) const;
  // Returns the strip of the latitude, or the nearest one to the south; -1 if that is before the first.
  int32_t StripAtOrBefore(int32_t latitude_e6) const;
  // Returns the first entry of the strip that is not west of the longitude.
  int32_t FirstFrom(int32_t strip, int32_t longitude_e6) const;

  int32_t southmost_e6_ = 0;
  std::vector<int32_t> begin_ = {0};  // where each strip begins in entries_, and the end of the last
  std::vector<Entry> entries_;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_OPENING_GRID_H_
