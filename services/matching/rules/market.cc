#include "services/matching/rules/market.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/priority.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {

// Metres are below 2^20 (kFarthestMetres).
uint32_t MeritOf(const Nurse& nurse, const Opening& opening) {
  const auto extra = static_cast<uint32_t>(std::popcount(nurse.skills & ~opening.required_skills));
  return (63 - extra) << 20 | static_cast<uint32_t>(WayMetres(nurse, opening));
}

std::vector<int32_t> NursesByLot(const Instance& instance) {
  std::vector<std::pair<uint64_t, int32_t>> drawn;
  for (const Nurse& nurse : instance.nurses) {
    drawn.emplace_back(DrawLot(instance.seed, nurse.name), static_cast<int32_t>(drawn.size()));
  }
  std::sort(drawn.begin(), drawn.end(), [&](const auto& a, const auto& b) {
    return std::tie(a.first, instance.nurses[a.second].name) < std::tie(b.first, instance.nurses[b.second].name);
  });
  std::vector<int32_t> nurses;
  for (const auto& [lot, nurse] : drawn) nurses.push_back(nurse);
  return nurses;
}

std::vector<int32_t> RankLots(const Instance& instance) {
  const std::vector<int32_t> nurses = NursesByLot(instance);
  std::vector<int32_t> ranks(nurses.size());
  for (size_t rank = 0; rank < nurses.size(); ++rank) ranks[nurses[rank]] = static_cast<int32_t>(rank);
  return ranks;
}

market::Caps ToCaps(const Instance& instance) {
  market::Caps caps;
  caps.set_of_opening.assign(instance.openings.size(), -1);
  for (const Cap& cap : instance.caps) {
    // Wider caps come first, so the set that its openings have by now is the one around it.
    caps.parent.push_back(cap.openings.empty() ? -1 : caps.set_of_opening[cap.openings.front()]);
    caps.limit.push_back(cap.limit);
    for (const int32_t opening : cap.openings)
      caps.set_of_opening[opening] = static_cast<int32_t>(caps.parent.size()) - 1;
  }
  return caps;
}

std::vector<int32_t> PostsOf(const Instance& instance) {
  std::vector<int32_t> posts;
  for (const Opening& opening : instance.openings) posts.push_back(std::max(opening.posts, 0));
  return posts;
}

std::vector<int32_t> DrawnMarket::ByNurse(absl::Span<const int32_t> by_number) const {
  std::vector<int32_t> by_nurse(nurses.size());
  for (size_t number = 0; number < nurses.size(); ++number) by_nurse[nurses[number]] = by_number[number];
  return by_nurse;
}

std::vector<int32_t> DrawnMarket::ByNumber(absl::Span<const int32_t> by_nurse) const {
  std::vector<int32_t> by_number;
  for (const int32_t nurse : nurses) by_number.push_back(by_nurse[nurse]);
  return by_number;
}

std::optional<DrawnMarket> ToMarket(const Instance& instance, size_t most) {
  DrawnMarket drawn = {.nurses = NursesByLot(instance)};
  market::Market& market = drawn.market;
  market.posts = PostsOf(instance);
  Candidates candidates(instance);
  for (const int32_t nurse : drawn.nurses) {
    for (const int32_t opening : candidates.Of(nurse)) {
      market.choices.push_back({opening, MeritOf(instance.nurses[nurse], instance.openings[opening])});
    }
    if (market.choices.size() > most) return std::nullopt;
    market.begin.push_back(market.choices.size());
  }
  return drawn;
}

}  // namespace tsunagu::matching::rules
