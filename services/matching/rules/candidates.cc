#include "services/matching/rules/candidates.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

std::vector<int32_t> SortByName(const std::vector<Opening>& openings) {
  std::vector<int32_t> order(openings.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return openings[a].name < openings[b].name; });
  return order;
}

std::vector<int32_t> RanksIn(const std::vector<int32_t>& order) {
  std::vector<int32_t> rank(order.size());
  for (size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<int32_t>(i);
  return rank;
}

uint64_t KeyOf(GeoPoint home) {
  return uint64_t{static_cast<uint32_t>(home.latitude_e6)} << 32 | static_cast<uint32_t>(home.longitude_e6);
}

}  // namespace

Candidates::Candidates(const Instance& instance, size_t most_kept)
    : instance_(instance),
      most_kept_(most_kept),
      grid_(instance.openings),
      by_name_(SortByName(instance.openings)),
      name_rank_(RanksIn(by_name_)),
      wished_in_(instance.openings.size(), 0) {
  for (const Opening& opening : instance.openings) road_factors_.push_back(opening.road_factor_permille);
}

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
  ForEachOther(nurse, [&](int32_t opening) {
    if (takes(opening)) list.push_back(opening);
    return list.size() < most;
  });
  return list;
}

int32_t Candidates::ChoiceOf(int32_t nurse, int32_t opening) {
  const std::vector<int32_t> wishes = ReadWishes(nurse);
  const auto wish = std::find(wishes.begin(), wishes.end(), opening);
  auto choice = static_cast<int32_t>(wish - wishes.begin()) + 1;
  if (wish != wishes.end()) return choice;
  ForEachOther(nurse, [&](int32_t other) {
    choice += other != opening;
    return other != opening;
  });
  return choice;
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

template <typename GoesOn>
void Candidates::ForEachOther(int32_t index, const GoesOn& goes_on) {
  const Nurse& nurse = instance_.nurses[index];
  const std::vector<int32_t>& around = AroundHomeOf(nurse);
  // If only metres count, the openings within her limit come first; otherwise each must be checked.
  const bool by_metres = GoesByMetres(nurse);
  const auto reaches = [&](int32_t i) { return WayMetres(nurse, instance_.openings[i]) <= nurse.commute_limit_metres; };
  const auto end = by_metres ? std::partition_point(around.begin(), around.end(), reaches) : around.end();
  for (auto next = around.begin(); next != end; ++next) {
    const Opening& opening = instance_.openings[*next];
    if (wished_in_[*next] == reading_ || FirstBlockerAnywhere(nurse, opening) != Blocker::kNone) continue;
    const bool is_sure = by_metres && nurse.cut == nullptr;
    if (!is_sure && FirstBlocker(nurse, opening) != Blocker::kNone) continue;
    if (!goes_on(*next)) return;
  }
}

// The first homes are cached, which is where many nurses live; a home for which there is no space is kept only until
// the next one.
const std::vector<int32_t>& Candidates::AroundHomeOf(const Nurse& nurse) {
  const uint64_t home = KeyOf(nurse.home);
  const int64_t reach = StraightReach(nurse);
  const auto known = around_.find(home);
  if (known != around_.end() && known->second.reach >= reach) return known->second.openings;
  if (passing_home_ == home && passing_.reach >= reach) return passing_.openings;
  Around found = {reach, FindAround(nurse.home, reach)};
  const size_t kept = kept_ - (known != around_.end() ? known->second.openings.size() : 0) + found.openings.size();
  if (kept > most_kept_) {
    passing_home_ = home;
    passing_ = std::move(found);
    return passing_.openings;
  }
  kept_ = kept;
  return (around_[home] = std::move(found)).openings;
}

std::vector<int32_t> Candidates::FindAround(GeoPoint home, int64_t reach) {
  std::vector<uint64_t> order;  // metres, then the rank of the name
  grid_.ForEachIn(BoxAround(home, reach), [&](int32_t i, GeoPoint place) {
    const int64_t straight = DistanceMetres(home, place);
    if (straight > reach) return;
    const int64_t metres = RoadMetres(straight, road_factors_[i]);
    order.push_back(static_cast<uint64_t>(metres) << 32 | static_cast<uint32_t>(name_rank_[i]));
  });
  std::sort(order.begin(), order.end());
  std::vector<int32_t> openings;
  openings.reserve(order.size());
  for (const uint64_t key : order) openings.push_back(by_name_[static_cast<uint32_t>(key)]);
  return openings;
}

}  // namespace tsunagu::matching::rules
