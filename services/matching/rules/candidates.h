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
// Lists are never kept: each call works out what it is asked for. What is kept is the order of the openings around a
// home, since many nurses live in one mesh: 4 bytes for each of them, 64 MB at most. Only openings that the nurse could
// reach are looked at, and of these no more than it takes. Not thread-safe.
class Candidates {
 public:
  static constexpr size_t kMostKept = 16'000'000;

  // Keeps a reference to the instance, which must outlive it. `most_kept`: of the openings around homes, for tests.
  explicit Candidates(const Instance& instance, size_t most_kept = kMostKept);

  // All of them.
  std::vector<int32_t> Of(int32_t nurse);

  // Those that `takes` her, and of these the first `most`.
  std::vector<int32_t> First(int32_t nurse, size_t most, absl::FunctionRef<bool(int32_t opening)> takes);

  // Which of her choices an opening that she accepts is, counted from 1.
  int32_t ChoiceOf(int32_t nurse, int32_t opening);

 private:
  // The openings around a home, up to so many metres in a straight line, by the metres of the way, then by name.
  struct Around {
    int64_t reach = -1;
    std::vector<int32_t> openings;
  };

  // Her wishes that she is eligible for. Marks them, for ForEachOther.
  std::vector<int32_t> ReadWishes(int32_t nurse);
  // Tells of the rest of her list, in its order, until `goes_on` says no.
  template <typename GoesOn>
  void ForEachOther(int32_t nurse, const GoesOn& goes_on);
  // As far as she comes. Valid until the next call.
  const std::vector<int32_t>& AroundHomeOf(const Nurse& nurse);
  std::vector<int32_t> FindAround(GeoPoint home, int64_t reach);

  const Instance& instance_;
  const size_t most_kept_;
  const OpeningGrid grid_;
  const std::vector<int32_t> by_name_;    // openings in the order of their names
  const std::vector<int32_t> name_rank_;  // by opening: where it stands in that
  std::vector<int32_t> road_factors_;     // by opening, close together
  std::vector<int64_t> wished_in_;        // by opening: the last reading whose nurse wished for it
  int64_t reading_ = 0;
  std::unordered_map<uint64_t, Around> around_;  // by home
  size_t kept_ = 0;                              // openings in around_, at most most_kept_
  Around passing_;                               // around the last home that found no room there
  uint64_t passing_home_ = 0;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
