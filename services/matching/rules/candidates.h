#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/opening_grid.h"

namespace tsunagu::matching::rules {

// What the nurses of an instance accept, first choice first. A nurse accepts
//   1. her wishes, in her order, as far as she is eligible for them;
//   2. after them, every other opening she is eligible for, by the metres of the way, then by name (bytes).
// Lists are never kept: each call works out what it is asked for. It looks only at the openings near the nurse: time
// grows with the openings inside her commute limit, memory with the openings of the instance. Not thread-safe.
class Candidates {
 public:
  // Keeps a reference to the instance, which must outlive it.
  explicit Candidates(const Instance& instance);

  // All of them.
  std::vector<int32_t> Of(int32_t nurse);

  // Those that `takes` her, and of these the first `most`.
  std::vector<int32_t> First(int32_t nurse, size_t most, absl::FunctionRef<bool(int32_t opening)> takes);

  // Which of her choices an opening that she accepts is, counted from 1.
  int32_t ChoiceOf(int32_t nurse, int32_t opening);

 private:
  struct Choice {
    int32_t metres = 0;
    int32_t name_rank = 0;
    int32_t opening = -1;
    bool operator<(const Choice& other) const;
  };

  // Her wishes that she is eligible for. Marks them, for ReadOthers.
  std::vector<int32_t> ReadWishes(int32_t nurse);
  // The rest of her list, in no order, in others_.
  void ReadOthers(int32_t nurse);

  const Instance& instance_;
  const OpeningGrid grid_;
  const std::vector<int32_t> name_rank_;
  std::vector<int64_t> wished_in_;  // by opening: the last reading whose nurse wished for it
  int64_t reading_ = 0;
  std::vector<Choice> others_;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATES_H_
