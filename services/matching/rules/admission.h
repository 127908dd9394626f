#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ADMISSION_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ADMISSION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/priority.h"

namespace tsunagu::matching::rules {

// Who would get in where, as things stand: after events that hold posts, or stop, there may be somebody.
class Admission {
 public:
  // Keeps a reference to the instance, which must outlive it. `opening_of_nurse` has -1 for who has none.
  Admission(const Instance& instance, absl::Span<const int32_t> opening_of_nurse);

  // Whether the opening would rather have the nurse than its last, or has a free post, and the same holds of each cap
  // around it that is reached. She is eligible, and would rather have it than what she has.
  bool WouldTake(int32_t nurse, int32_t opening) const;
  // Whether there is one that she would rather have than what she has, and that would take her.
  bool IsLeftOut(int32_t nurse) const;

 private:
  struct Taken {
    int32_t most = 0, count = 0;
    std::optional<PriorityKey> last;
  };
  static void Add(const PriorityKey& key, Taken& taken);
  static bool Admits(const Taken& taken, const PriorityKey& key);
  PriorityKey KeyOf(int32_t nurse, int32_t opening) const;

  const Instance& instance_;
  const std::vector<int32_t> opening_of_nurse_;
  std::vector<uint64_t> lots_;
  std::vector<Taken> openings_, caps_;
  std::vector<std::vector<int32_t>> caps_of_;  // by opening
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ADMISSION_H_
