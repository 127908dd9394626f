#include "services/matching/rules/deferred_acceptance.h"

#include <algorithm>
#include <cstddef>

#include "absl/types/span.h"

namespace tsunagu::matching::rules {
namespace {

struct Admission {
  PriorityKey key;
  int32_t nurse = -1;
  bool operator<(const Admission& other) const { return key < other.key; }
};

// Every opening's admitted nurses, the last of them on top of a heap.
class Admissions {
 public:
  // Keeps a reference to the instance, which must outlive it.
  explicit Admissions(const Instance& instance) : instance_(instance), admitted_(instance.openings.size()) {
    lots_.reserve(instance.nurses.size());
    for (const Nurse& nurse : instance.nurses) lots_.push_back(DrawLot(instance.seed, nurse.name));
  }

  // Admits the nurse for now. Returns whom the opening sends away for it: -1 for nobody, perhaps herself.
  int32_t Propose(int32_t nurse, int32_t opening) {
    std::vector<Admission>& heap = admitted_[opening];
    const Opening& wanted = instance_.openings[opening];
    const Admission fresh = {PriorityOf(instance_.nurses[nurse], wanted, lots_[nurse]), nurse};
    const size_t posts = static_cast<size_t>(std::max(wanted.posts, 0));
    if (heap.size() >= posts && (posts == 0 || heap.front() < fresh)) return nurse;
    heap.push_back(fresh);
    std::push_heap(heap.begin(), heap.end());
    if (heap.size() <= posts) return -1;
    std::pop_heap(heap.begin(), heap.end());
    const int32_t displaced = heap.back().nurse;
    heap.pop_back();
    return displaced;
  }

  std::vector<std::optional<PriorityKey>> Cutoffs() const {
    std::vector<std::optional<PriorityKey>> cutoffs(admitted_.size());
    for (size_t i = 0; i < admitted_.size(); ++i) {
      const auto admitted = static_cast<int64_t>(admitted_[i].size());
      if (admitted > 0 && admitted == instance_.openings[i].posts) cutoffs[i] = admitted_[i].front().key;
    }
    return cutoffs;
  }

 private:
  const Instance& instance_;
  std::vector<uint64_t> lots_;
  std::vector<std::vector<Admission>> admitted_;
};

}  // namespace

Matching Solve(const Instance& instance, const Candidates& candidates) {
  const int32_t count = static_cast<int32_t>(instance.nurses.size());
  Admissions admissions(instance);
  Matching matching;
  matching.opening_of_nurse.assign(count, -1);
  std::vector<int32_t> proposed(count, 0);  // how far each nurse has come in her list
  for (int32_t first = 0; first < count; ++first) {
    int32_t nurse = first;
    while (nurse >= 0) {
      const absl::Span<const int32_t> list = candidates.Of(nurse);
      matching.opening_of_nurse[nurse] = -1;
      if (proposed[nurse] == static_cast<int32_t>(list.size())) break;
      const int32_t opening = list[proposed[nurse]++];
      matching.opening_of_nurse[nurse] = opening;
      nurse = admissions.Propose(nurse, opening);
    }
  }
  matching.cutoffs = admissions.Cutoffs();
  return matching;
}

}  // namespace tsunagu::matching::rules
