#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_PROBLEM_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_PROBLEM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

// SplitMix64: the same numbers from the same seed on every machine.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Returns a number in [0, bound).
  int32_t Below(int64_t bound) { return static_cast<int32_t>(Next() % static_cast<uint64_t>(bound)); }
  int32_t Between(int32_t low, int32_t high) { return low + Below(int64_t{high} - low + 1); }
  bool OneIn(int32_t times) { return Below(times) == 0; }

 private:
  uint64_t state_;
};

// The parameters of a random problem. For tests and benchmarks only.
struct Shape {
  int32_t nurses = 0;
  int32_t openings = 0;
  int32_t choices = 10;         // the most choices of a nurse
  int32_t posts_percent = 100;  // the posts of all openings for every 100 nurses
  int32_t most_cost = 1000;
  int32_t most_weight = 1;
};

// Spreads the posts evenly over all openings; some have one more than others.
inline void SpreadPosts(CoverageProblem& problem, const Shape& shape, Dice& dice) {
  const int64_t total = int64_t{shape.nurses} * shape.posts_percent / 100;
  for (int32_t opening = 0; opening < shape.openings; ++opening) {
    problem.market.posts.push_back(static_cast<int32_t>(total / shape.openings + (opening < total % shape.openings)));
    problem.weights.push_back(dice.Between(1, shape.most_weight));
  }
}

// Gives every nurse random choices at random costs.
inline CoverageProblem RandomProblem(const Shape& shape, uint64_t seed) {
  Dice dice(seed);
  CoverageProblem problem;
  SpreadPosts(problem, shape, dice);
  std::vector<int32_t> seen(static_cast<size_t>(shape.openings), -1);
  for (int32_t nurse = 0; nurse < shape.nurses; ++nurse) {
    for (int32_t i = 0; i < std::min(shape.choices, shape.openings); ++i) {
      int32_t opening = dice.Below(shape.openings);
      while (seen[opening] == nurse) opening = dice.Below(shape.openings);
      seen[opening] = nurse;
      problem.market.choices.push_back({opening});
      problem.costs.push_back(dice.Between(1, shape.most_cost));
    }
    problem.market.begin.push_back(problem.market.choices.size());
  }
  return problem;
}

// Homes and openings in towns of size 1/rank: six in a prefecture, 47 in a country of more than 50,000 nurses. The
// skills of a home are those of its nurse; the skills of a site are those that it requires.
class Country {
 public:
  struct Site {
    int32_t x = 0, y = 0;  // metres
    uint8_t skills = 0;
  };

  Country(const Shape& shape, uint64_t seed) : dice_(seed) {
    const int32_t towns = shape.nurses > 50'000 ? 47 : 6;
    const int32_t side = shape.nurses > 50'000 ? 1'000'000 : 80'000;
    for (int32_t i = 0; i < towns; ++i) {
      towns_.push_back({dice_.Below(side), dice_.Below(side), 5'000 + dice_.Below(15'000)});
      people_ += kPeople / (i + 1);
    }
    for (int32_t i = 0; i < shape.nurses; ++i) {
      homes.push_back(Settle());
      homes.back().skills = static_cast<uint8_t>(dice_.Next() | dice_.Next());
    }
    for (int32_t i = 0; i < shape.openings; ++i) {
      sites.push_back(Settle());
      sites.back().skills = static_cast<uint8_t>(dice_.Next() & dice_.Next() & dice_.Next());
    }
  }

  std::vector<Site> homes, sites;

 private:
  static constexpr int64_t kPeople = 1'000'000;
  struct Town {
    int32_t x = 0, y = 0, spread = 0;
  };

  // The sum of three random numbers: most people live near the middle.
  int32_t Off(int32_t spread) {
    return dice_.Below(spread) + dice_.Below(spread) + dice_.Below(spread) - 3 * spread / 2;
  }

  Site Settle() {
    int64_t person = static_cast<int64_t>(dice_.Next() % static_cast<uint64_t>(people_));
    size_t town = 0;
    while (person >= kPeople / static_cast<int64_t>(town + 1)) person -= kPeople / static_cast<int64_t>(++town);
    const int32_t spread = dice_.OneIn(7) ? 40'000 : towns_[town].spread;
    return {towns_[town].x + Off(spread), towns_[town].y + Off(spread)};
  }

  Dice dice_;
  std::vector<Town> towns_;
  int64_t people_ = 0;
};

inline constexpr int32_t kReachMetres = 20'000;

inline int64_t IntegerRoot(int64_t square) {
  int64_t root = 0;
  for (int64_t bit = int64_t{1} << 30; bit > 0; bit /= 2) {
    if ((root + bit) * (root + bit) <= square) root += bit;
  }
  return root;
}

// Openings grouped into squares with the side of the reach, so that only nine squares have to be searched.
class Squares {
 public:
  explicit Squares(const std::vector<Country::Site>& sites) {
    for (size_t i = 0; i < sites.size(); ++i) {
      sorted_.push_back({Square(sites[i].x), Square(sites[i].y), static_cast<int32_t>(i)});
    }
    std::sort(sorted_.begin(), sorted_.end());
  }

  template <typename Look>
  void Around(const Country::Site& home, Look look) const {
    for (int32_t x = Square(home.x) - 1; x <= Square(home.x) + 1; ++x) {
      auto next = std::lower_bound(sorted_.begin(), sorted_.end(), Entry{x, Square(home.y) - 1, -1});
      for (; next != sorted_.end() && next->x == x && next->y <= Square(home.y) + 1; ++next) look(next->site);
    }
  }

 private:
  struct Entry {
    int32_t x = 0, y = 0, site = 0;
    auto operator<=>(const Entry&) const = default;
  };
  static int32_t Square(int32_t metres) { return (metres + 10'000'000) / kReachMetres; }
  std::vector<Entry> sorted_;
};

// A nurse chooses the nearest openings whose skills she has, up to 20 km away; costs are distances in units of 100 m.
inline CoverageProblem GeographicProblem(const Shape& shape, uint64_t seed) {
  const Country country(shape, seed);
  const Squares squares(country.sites);
  Dice dice(seed + 1);
  CoverageProblem problem;
  SpreadPosts(problem, shape, dice);
  std::vector<std::pair<int64_t, int32_t>> near;
  for (const Country::Site& home : country.homes) {
    near.clear();
    squares.Around(home, [&](int32_t opening) {
      const Country::Site& site = country.sites[opening];
      const int64_t dx = site.x - home.x, dy = site.y - home.y, square = dx * dx + dy * dy;
      const bool fits = (site.skills & ~home.skills) == 0 && square <= int64_t{kReachMetres} * kReachMetres;
      if (fits) near.emplace_back(square, opening);
    });
    const size_t count = std::min(near.size(), static_cast<size_t>(shape.choices));
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), near.end());
    for (size_t i = 0; i < count; ++i) {
      problem.market.choices.push_back({near[i].second});
      problem.costs.push_back(static_cast<int32_t>(IntegerRoot(near[i].first) / 100));
    }
    problem.market.begin.push_back(problem.market.choices.size());
  }
  return problem;
}

// A small problem with every feature: equal costs and weights, openings without posts, nested sets with limits and
// floors that may or may not be met.
inline CoverageProblem TinyProblem(Dice& dice) {
  CoverageProblem problem;
  const int32_t openings = dice.Between(1, 3), nurses = dice.Between(1, 5), most_cost = dice.OneIn(2) ? 2 : 9;
  for (int32_t opening = 0; opening < openings; ++opening) {
    problem.market.posts.push_back(dice.Between(0, 2));
    problem.weights.push_back(dice.Between(0, 2));
  }
  for (int32_t nurse = 0; nurse < nurses; ++nurse) {
    const int32_t first = dice.Below(openings);
    for (int32_t i = 0; i < openings; ++i) {
      if (dice.OneIn(3)) continue;
      problem.market.choices.push_back({(first + i) % openings});
      problem.costs.push_back(dice.Between(0, most_cost));
    }
    problem.market.begin.push_back(problem.market.choices.size());
  }
  const int32_t sets = dice.OneIn(3) ? 0 : dice.Between(1, 3);
  for (int32_t set = 0; set < sets; ++set) {
    problem.caps.parent.push_back(dice.Below(set + 1) - 1);
    problem.caps.limit.push_back(dice.Between(0, 4));
    problem.floors.push_back(dice.OneIn(2) ? 0 : dice.Between(0, problem.caps.limit.back()));
  }
  if (sets > 0) {
    for (int32_t opening = 0; opening < openings; ++opening)
      problem.caps.set_of_opening.push_back(dice.Below(sets + 1) - 1);
  }
  return problem;
}

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_TESTING_RANDOM_PROBLEM_H_
