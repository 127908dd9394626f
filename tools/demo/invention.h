#ifndef TSUNAGU_TOOLS_DEMO_INVENTION_H_
#define TSUNAGU_TOOLS_DEMO_INVENTION_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "tools/demo/places.h"

// Data for demonstrations, as CSV files in the layout of the contract. The same seed and places give the same bytes.
// All records are marked as invented: openings in source and name, nurses by their names and keys (demo-<seed>-<n>).
namespace tsunagu::demo {

// Returns one opening of 1 to 3 posts for about two of three places. The openings of a place depend only on the seed
// and its key.
std::string InventOpenings(absl::Span<const Place> places, int64_t seed);

// Returns `count` nurses who live within about 15 km of one of `homes` and wish for up to five of `wishable` near them.
// Returns none if `homes` is empty.
std::string InventNurses(absl::Span<const Place> homes, absl::Span<const Place> wishable, int64_t seed, int64_t count);

// Returns the source of an invented opening: "invented from seed 1".
std::string InventedSource(int64_t seed);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_INVENTION_H_
