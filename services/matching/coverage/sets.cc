#include "services/matching/coverage/sets.h"

#include <algorithm>
#include <cstddef>

namespace tsunagu::matching::coverage {

void CheckSets(const market::Caps& caps, const std::vector<int32_t>& floors, std::vector<Fault>& faults) {
  for (int32_t set = 0; set < static_cast<int32_t>(caps.parent.size()); ++set) {
    const int32_t parent = caps.parent[set];
    if (parent < -1 || parent >= set) faults.push_back({FaultKind::kParentNotBefore, -1, -1, set});
    if (caps.limit[set] < 0) faults.push_back({FaultKind::kNegativeLimit, -1, -1, set});
    if (floors[set] < 0) faults.push_back({FaultKind::kNegativeFloor, -1, -1, set});
  }
}

// Computes, from the innermost sets outwards, what the sets within require and how many they have room for. A set that
// contradicts itself counts with the number that it has room for, so that the sets around it are judged by their own
// numbers.
void CheckFloors(const market::Caps& caps, const std::vector<int32_t>& floors, const std::vector<int32_t>& posts,
                 std::vector<Fault>& faults) {
  std::vector<int64_t> wanted(floors.size(), 0), room(floors.size(), 0);
  for (size_t opening = 0; opening < caps.set_of_opening.size(); ++opening) {
    if (caps.set_of_opening[opening] >= 0) room[caps.set_of_opening[opening]] += posts[opening];
  }
  for (auto set = static_cast<int32_t>(floors.size()) - 1; set >= 0; --set) {
    const int64_t floor = floors[set], limit = caps.limit[set];
    if (floor > limit) {
      faults.push_back({FaultKind::kFloorAboveLimit, -1, -1, set});
    } else if (floor > room[set]) {
      faults.push_back({FaultKind::kFloorAbovePosts, -1, -1, set});
    }
    if (wanted[set] > limit) faults.push_back({FaultKind::kFloorsAboveLimit, -1, -1, set});
    room[set] = std::min(room[set], limit);
    wanted[set] = std::min(std::max(wanted[set], floor), room[set]);
    const int32_t parent = caps.parent[set];
    if (parent < 0) continue;
    room[parent] += room[set];
    wanted[parent] += wanted[set];
  }
}

}  // namespace tsunagu::matching::coverage
