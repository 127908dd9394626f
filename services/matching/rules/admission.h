#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ADMISSION_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ADMISSION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/priority.h"

namespace tsunagu::matching::rules {

// Computes which nurses the openings would admit in the present state. After events that hold posts, or that stop
// early, an opening may prefer a nurse whom it does not have.
class Admission {
 public:
  // Keeps a reference to the instance, which must outlive this object. `opening_of_nurse` has -1 for a nurse without a
  // post.
  Admission(const Instance& instance, absl::Span<const int32_t> opening_of_nurse);

  // Returns whether the opening has a free post or prefers the nurse to its last one, and whether each cap around it
  // that is reached prefers her to its last one, too. The nurse must be eligible, and must prefer the opening to what
  // she has.
  bool WouldTake(int32_t nurse, int32_t opening) const;
  // Returns whether the nurse prefers some opening to what she has, and that opening would take her.
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
