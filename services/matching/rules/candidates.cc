#include "services/matching/rules/candidates.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "services/matching/rules/opening_grid.h"

namespace tsunagu::matching::rules {
namespace {

// What the rules other than the distance see of an opening.
struct Demand {
  Opening sample;
  int32_t count = 0;
};

// Groups openings that differ in name and place only: there are few such groups, however many openings.
std::vector<Demand> GroupByDemand(const Instance& instance) {
  std::map<std::tuple<bool, uint32_t, uint64_t, int32_t>, Demand> groups;
  for (const Opening& opening : instance.openings) {
    Demand& group =
        groups[{opening.posts > 0, opening.licences, opening.required_skills, opening.weekly_minutes}];
    if (group.count++ == 0) group.sample = opening;
  }
  std::vector<Demand> demands;
  for (auto& [key, group] : groups) demands.push_back(std::move(group));
  return demands;
}

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

class Builder {
 public:
  // Keeps a reference to the instance, which must outlive it.
  explicit Builder(const Instance& instance)
      : instance_(instance),
        grid_(instance.openings),
        demands_(GroupByDemand(instance)),
        name_rank_(RankByName(instance.openings)),
        wished_by_(instance.openings.size(), -1) {}

  Candidates Build() {
    const int32_t count = static_cast<int32_t>(instance_.nurses.size());
    for (int32_t nurse = 0; nurse < count; ++nurse) Add(nurse);
    return std::move(candidates_);
  }

 private:
  struct Choice {
    int32_t metres = 0;
    int32_t name_rank = 0;
    int32_t opening = -1;
    bool operator<(const Choice& other) const {
      return std::tie(metres, name_rank) < std::tie(other.metres, other.name_rank);
    }
  };

  void Add(int32_t index) {
    const Nurse& nurse = instance_.nurses[index];
    BlockerCounts counts = CountAnywhere(nurse);
    FindReachable(nurse);
    const int32_t eligible = static_cast<int32_t>(reachable_.size());
    CountOf(counts, Blocker::kDistance) = CountOf(counts, Blocker::kNone) - eligible;
    CountOf(counts, Blocker::kNone) = eligible;
    AppendWishes(index);
    AppendNearest(index);
    candidates_.begin.push_back(candidates_.openings.size());
    candidates_.blocked.push_back(counts);
  }

  // The blockers that do not depend on the place, for all openings. Nurses alike share the answer.
  BlockerCounts CountAnywhere(const Nurse& nurse) {
    const auto [at, fresh] = counted_.try_emplace({nurse.licences, nurse.skills, nurse.weekly_minutes});
    if (fresh) {
      for (const Demand& demand : demands_) {
        CountOf(at->second, FirstBlockerAnywhere(nurse, demand.sample)) += demand.count;
      }
    }
    return at->second;
  }

  void FindReachable(const Nurse& nurse) {
    reachable_.clear();
    grid_.ForEachIn(BoxAround(nurse.home, nurse.commute_limit_metres), [&](int32_t index) {
      const Opening& opening = instance_.openings[index];
      if (FirstBlockerAnywhere(nurse, opening) != Blocker::kNone) return;
      const int64_t metres = DistanceMetres(nurse.home, opening.place);
      if (metres > nurse.commute_limit_metres) return;
      reachable_.push_back({static_cast<int32_t>(metres), name_rank_[index], index});
    });
  }

  void AppendWishes(int32_t index) {
    const int32_t count = static_cast<int32_t>(instance_.openings.size());
    const Nurse& nurse = instance_.nurses[index];
    for (const int32_t wish : nurse.wishes) {
      if (wish < 0 || wish >= count || wished_by_[wish] == index) continue;
      wished_by_[wish] = index;
      if (FirstBlocker(nurse, instance_.openings[wish]) == Blocker::kNone) candidates_.openings.push_back(wish);
    }
  }

  void AppendNearest(int32_t index) {
    const auto rest = std::remove_if(reachable_.begin(), reachable_.end(),
                                     [&](const Choice& choice) { return wished_by_[choice.opening] == index; });
    const auto taken = reachable_.begin() + std::min<ptrdiff_t>(kMaxCandidates, rest - reachable_.begin());
    std::partial_sort(reachable_.begin(), taken, rest);
    for (auto choice = reachable_.begin(); choice != taken; ++choice) {
      candidates_.openings.push_back(choice->opening);
    }
  }

  const Instance& instance_;
  const OpeningGrid grid_;
  const std::vector<Demand> demands_;
  const std::vector<int32_t> name_rank_;
  std::vector<int32_t> wished_by_;  // by opening: the last nurse seen who wishes it
  std::vector<Choice> reachable_;   // of the nurse at hand
  std::map<std::tuple<uint32_t, uint64_t, int32_t>, BlockerCounts> counted_;
  Candidates candidates_;
};

}  // namespace

Candidates BuildCandidates(const Instance& instance) { return Builder(instance).Build(); }

}  // namespace tsunagu::matching::rules
