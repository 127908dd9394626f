#include "services/matching/rules/deferred_acceptance.h"

#include <algorithm>
#include <cstddef>

#include "services/matching/rules/candidates.h"

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

  // Whether a proposal of hers would not be refused at once. Once false, it stays so: whom an opening sends away last
  // only ever goes further ahead.
  bool WouldAdmit(int32_t nurse, int32_t opening) const {
    const std::vector<Admission>& heap = admitted_[opening];
    const Opening& wanted = instance_.openings[opening];
    if (static_cast<int64_t>(heap.size()) < wanted.posts) return true;
    return !heap.empty() && PriorityOf(instance_.nurses[nurse], wanted, lots_[nurse]) < heap.front().key;
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

// The lists of all nurses, each read from the front and only as far as it is needed. What is read next is the part of
// her list that would admit her now. The rest, which is left out, has sent her away already or would do so at once, and
// would at any later time; a proposal that is refused at once changes nothing. So whoever reads the whole list makes the
// same matching.
class Lists {
 public:
  // Keeps references, which must outlive it.
  Lists(const Instance& instance, const Admissions& admissions)
      : candidates_(instance), admissions_(admissions), lists_(instance.nurses.size()) {}

  // Where she proposes next; -1 when nobody is left who could take her.
  int32_t Next(int32_t nurse) {
    List& list = lists_[nurse];
    if (list.next == list.openings.size()) Read(nurse, list);
    return list.openings.empty() ? -1 : list.openings[list.next++];
  }

 private:
  struct List {
    std::vector<int32_t> openings;  // as far as it was read last
    size_t next = 0;
    bool ends = false;  // nothing comes after `openings`
  };
  static constexpr size_t kFirstReading = 32;

  // Twice as many each time, so that few readings are enough.
  void Read(int32_t nurse, List& list) {
    const size_t most = std::max(kFirstReading, 2 * list.openings.size());
    list.next = 0;
    list.openings = list.ends ? std::vector<int32_t>() : candidates_.First(nurse, most, [&](int32_t opening) {
      return admissions_.WouldAdmit(nurse, opening);
    });
    list.ends = list.openings.size() < most;
  }

  Candidates candidates_;
  const Admissions& admissions_;
  std::vector<List> lists_;
};

}  // namespace

Matching Solve(const Instance& instance) {
  const int32_t count = static_cast<int32_t>(instance.nurses.size());
  Admissions admissions(instance);
  Lists lists(instance, admissions);
  Matching matching;
  matching.opening_of_nurse.assign(count, -1);
  for (int32_t first = 0; first < count; ++first) {
    for (int32_t nurse = first; nurse >= 0;) {
      const int32_t opening = lists.Next(nurse);
      matching.opening_of_nurse[nurse] = opening;
      nurse = opening < 0 ? -1 : admissions.Propose(nurse, opening);
    }
  }
  matching.cutoffs = admissions.Cutoffs();
  return matching;
}

}  // namespace tsunagu::matching::rules
