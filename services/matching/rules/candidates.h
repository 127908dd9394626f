#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/opening_grid.h"

namespace tsunagu::matching::rules {

// What the nurses of an instance accept, first choice first. A nurse accepts
//   1. her wishes, in her order, as far as she is eligible for them;
//   2. after them, every other opening she is eligible for, by the metres of the way, then by name (bytes).
// No list is stored: each call computes what it returns. The class caches the order of the openings around each home,
// since many nurses live in the same mesh: 4 bytes an opening, 64 MB at most. A call looks only at openings that the
// nurse can reach, and stops as soon as it has enough of them. Not thread-safe.
class Candidates {
 public:
  static constexpr size_t kMostKept = 16'000'000;

  // Keeps a reference to the instance, which must outlive this object. `most_kept`: limit of the cache, in openings; a
  // parameter for tests.
  explicit Candidates(const Instance& instance, size_t most_kept = kMostKept);

  // Returns her whole list.
  std::vector<int32_t> Of(int32_t nurse);

  // Returns the first `most` openings of her list for which `takes` returns true.
  std::vector<int32_t> First(int32_t nurse, size_t most, absl::FunctionRef<bool(int32_t opening)> takes);

  // Returns the rank, counted from 1, of an opening on her list. The opening must be on her list.
  int32_t ChoiceOf(int32_t nurse, int32_t opening);

 private:
  // The openings within `reach` metres of a home in a straight line, ordered by the metres of the way, then by name.
  struct Around {
    int64_t reach = -1;
    std::vector<int32_t> openings;
  };

  // Returns the wishes that she is eligible for. Marks them, for ForEachOther.
  std::vector<int32_t> ReadWishes(int32_t nurse);
  // Calls `goes_on` for the rest of her list, in its order, until it returns false.
  template <typename GoesOn>
  void ForEachOther(int32_t nurse, const GoesOn& goes_on);
  // Returns the openings around her home, as far as her commute limit reaches. Valid until the next call.
  const std::vector<int32_t>& AroundHomeOf(const Nurse& nurse);
  std::vector<int32_t> FindAround(GeoPoint home, int64_t reach);

  const Instance& instance_;
  const size_t most_kept_;
  const OpeningGrid grid_;
  const std::vector<int32_t> by_name_;    // openings in the order of their names
  const std::vector<int32_t> name_rank_;  // by opening: its rank in by_name_
  std::vector<int32_t> road_factors_;     // by opening; a separate array, for locality
  std::vector<int64_t> wished_in_;        // by opening: the last value of reading_ for which the nurse wished for it
  int64_t reading_ = 0;
  std::unordered_map<uint64_t, Around> around_;  // by home
  size_t kept_ = 0;                              // openings in around_, at most most_kept_
  Around passing_;                               // around the last home that did not fit into around_
  uint64_t passing_home_ = 0;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
