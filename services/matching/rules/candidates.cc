#include "services/matching/rules/candidates.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

// The position of each opening in the order of names.
std::vector<int32_t> RankByName(const std::vector<Opening>& openings) {
  std::vector<int32_t> order(openings.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return openings[a].name < openings[b].name; });
  std::vector<int32_t> rank(openings.size());
  for (size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<int32_t>(i);
  return rank;
}

}  // namespace

bool Candidates::Choice::operator<(const Choice& other) const {
  return std::tie(metres, name_rank) < std::tie(other.metres, other.name_rank);
}

Candidates::Candidates(const Instance& instance)
    : instance_(instance),
      grid_(instance.openings),
      name_rank_(RankByName(instance.openings)),
      wished_in_(instance.openings.size(), 0) {}

std::vector<int32_t> Candidates::Of(int32_t nurse) {
  return First(nurse, std::numeric_limits<size_t>::max(), [](int32_t) { return true; });
}

std::vector<int32_t> Candidates::First(int32_t nurse, size_t most, absl::FunctionRef<bool(int32_t)> takes) {
  std::vector<int32_t> list = ReadWishes(nurse);
  const auto refuses = [&](int32_t opening) { return !takes(opening); };
  list.erase(std::remove_if(list.begin(), list.end(), refuses), list.end());
  if (list.size() >= most) {
    list.resize(most);
    return list;
  }
  ReadOthers(nurse);
  const auto end = std::remove_if(others_.begin(), others_.end(), [&](const Choice& c) { return refuses(c.opening); });
  const size_t taken = std::min<size_t>(most - list.size(), end - others_.begin());
  std::partial_sort(others_.begin(), others_.begin() + taken, end);
  for (size_t i = 0; i < taken; ++i) list.push_back(others_[i].opening);
  return list;
}

int32_t Candidates::ChoiceOf(int32_t nurse, int32_t opening) {
  const std::vector<int32_t> wishes = ReadWishes(nurse);
  const auto wish = std::find(wishes.begin(), wishes.end(), opening);
  const auto before = static_cast<int32_t>(wish - wishes.begin());
  if (wish != wishes.end()) return before + 1;
  const int64_t metres = WayMetres(instance_.nurses[nurse], instance_.openings[opening]);
  const Choice sought = {static_cast<int32_t>(metres), name_rank_[opening], opening};
  ReadOthers(nurse);
  const auto nearer = std::count_if(others_.begin(), others_.end(), [&](const Choice& c) { return c < sought; });
  return before + static_cast<int32_t>(nearer) + 1;
}

std::vector<int32_t> Candidates::ReadWishes(int32_t index) {
  ++reading_;
  const int32_t count = static_cast<int32_t>(instance_.openings.size());
  const Nurse& nurse = instance_.nurses[index];
  std::vector<int32_t> wishes;
  for (const int32_t wish : nurse.wishes) {
    if (wish < 0 || wish >= count || wished_in_[wish] == reading_) continue;
    wished_in_[wish] = reading_;
    if (FirstBlocker(nurse, instance_.openings[wish]) == Blocker::kNone) wishes.push_back(wish);
  }
  return wishes;
}

void Candidates::ReadOthers(int32_t index) {
  const Nurse& nurse = instance_.nurses[index];
  others_.clear();
  grid_.ForEachIn(BoxAround(nurse.home, StraightReach(nurse)), [&](int32_t i) {
    const Opening& opening = instance_.openings[i];
    if (wished_in_[i] == reading_ || FirstBlockerAnywhere(nurse, opening) != Blocker::kNone) return;
    const int64_t metres = WayMetres(nurse, opening);
    const bool reaches = GoesByMinutes(nurse, opening) ? WayMinutes(nurse, opening) <= nurse.commute_limit_minutes
                                                       : metres <= nurse.commute_limit_metres;
    if (!reaches || (nurse.cut != nullptr && FirstBlocker(nurse, opening) != Blocker::kNone)) return;
    others_.push_back({static_cast<int32_t>(metres), name_rank_[i], i});
  });
}

}  // namespace tsunagu::matching::rules
