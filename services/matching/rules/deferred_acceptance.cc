#include "services/matching/rules/deferred_acceptance.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/deferred_acceptance.h"
#include "services/matching/rules/account.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/priority.h"

namespace tsunagu::matching::rules {
namespace {

// The lists of all nurses, each read from the front and only as far as needed. A reading returns the part of her list
// that would admit her now. The other choices have sent her away already, or would refuse her at once, now and at any
// later time; a proposal that is refused at once changes nothing. So the matching is the same as with whole lists.
template <typename Seats>
class Lists {
 public:
  // Keeps references, which must outlive this object. `nurses` are in the order of their lots, which is their numbering
  // here.
  Lists(const Instance& instance, absl::Span<const int32_t> nurses, const Seats& seats)
      : instance_(instance), candidates_(instance), nurses_(nurses), seats_(seats), lists_(instance.nurses.size()) {}

  market::Choice Next(int32_t number) {
    List& list = lists_[number];
    if (list.next == list.openings.size()) Read(number, list);
    return list.openings.empty() ? market::Choice() : ChoiceOf(number, list.openings[list.next++]);
  }
  void ExpectSoon(int32_t) const {}
  void ExpectNext(int32_t) const {}

 private:
  struct List {
    std::vector<int32_t> openings;  // as far as the last reading
    size_t next = 0;
    bool ends = false;  // nothing follows `openings`
  };
  static constexpr size_t kFirstReading = 32;

  market::Choice ChoiceOf(int32_t number, int32_t opening) const {
    return {opening, MeritOf(instance_.nurses[nurses_[number]], instance_.openings[opening])};
  }

  // Reads twice as many each time, so that few readings are needed. Seats under caps do not report every refusal:
  // choices that she has tried are skipped by where they stand in her order.
  void Read(int32_t number, List& list) {
    const int32_t nurse = nurses_[number];
    const size_t most = std::max(kFirstReading, 2 * list.openings.size());
    const bool has_tried = !list.openings.empty();
    const Taste tried = has_tried ? TasteOf(instance_, nurse, list.openings.back()) : Taste();
    const auto takes = [&](int32_t opening) {
      if (!seats_.WouldAdmit(opening, market::KeyOf(number, ChoiceOf(number, opening)))) return false;
      return !has_tried || tried < TasteOf(instance_, nurse, opening);
    };
    list.next = 0;
    list.openings = list.ends ? std::vector<int32_t>() : candidates_.First(nurse, most, takes);
    list.ends = list.openings.size() < most;
  }

  const Instance& instance_;
  Candidates candidates_;
  const absl::Span<const int32_t> nurses_;
  const Seats& seats_;
  std::vector<List> lists_;
};

template <typename Seats>
market::Solution ProposeAll(const Instance& instance, absl::Span<const int32_t> nurses, Seats seats) {
  Lists<Seats> lists(instance, nurses, seats);
  market::ProposeAll(static_cast<int32_t>(nurses.size()), lists, seats);
  return seats.Result();
}

}  // namespace

Matching Solve(const Instance& instance) {
  const std::vector<int32_t> nurses = NursesByLot(instance);
  const std::vector<int32_t> posts = PostsOf(instance);
  const market::Caps caps = ToCaps(instance);
  const auto count = static_cast<int32_t>(nurses.size());
  const market::Solution solution = caps.parent.empty()
                                        ? ProposeAll(instance, nurses, market::Posts(count, posts))
                                        : ProposeAll(instance, nurses, market::CappedPosts(count, posts, caps));
  Matching matching;
  matching.opening_of_nurse.resize(nurses.size());
  for (size_t i = 0; i < nurses.size(); ++i) matching.opening_of_nurse[nurses[i]] = solution.assigned[i];
  matching.cutoffs.resize(instance.openings.size());
  for (size_t i = 0; i < matching.cutoffs.size(); ++i) {
    const uint64_t key = solution.cutoffs.of_opening[i];
    if (key == market::kNoCutoff) continue;
    const Nurse& last = instance.nurses[nurses[market::NurseOf(key)]];
    matching.cutoffs[i] = PriorityOf(last, instance.openings[i], DrawLot(instance.seed, last.name));
  }
  return matching;
}

}  // namespace tsunagu::matching::rules
