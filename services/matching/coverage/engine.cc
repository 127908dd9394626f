#include "services/matching/coverage/engine.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tsunagu::matching::coverage {
namespace {

constexpr int64_t kSampled = 64;

struct Demand {
  int64_t posts = 0;              // posts that some nurse chooses
  int64_t nurses = 0;             // nurses with choices
  int64_t over = 0;               // nurses in excess if each had the choice with the largest gain
  std::vector<int32_t> choosers;  // by opening
};

size_t FavouriteOf(const CoverageProblem& problem, const Scale& scale, int32_t nurse) {
  size_t favourite = problem.market.begin[nurse];
  for (size_t i = favourite; i < problem.market.begin[nurse + 1]; ++i) {
    if (GainOf(problem, scale, i) > GainOf(problem, scale, favourite)) favourite = i;
  }
  return favourite;
}

Demand DemandOf(const CoverageProblem& problem) {
  const market::Market& market = problem.market;
  const Scale scale = ScaleOf(problem);
  Demand demand;
  demand.choosers.assign(market.posts.size(), 0);
  std::vector<int32_t> favours(market.posts.size(), 0);
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    if (market.ChoicesOf(nurse).empty()) continue;
    ++demand.nurses;
    ++favours[market.choices[FavouriteOf(problem, scale, nurse)].opening];
    for (const market::Choice& choice : market.ChoicesOf(nurse)) ++demand.choosers[choice.opening];
  }
  for (int32_t opening = 0; opening < market.opening_count(); ++opening) {
    demand.posts += std::min(market.posts[opening], demand.choosers[opening]);
    demand.over += std::max(0, favours[opening] - market.posts[opening]);
  }
  return demand;
}

// The nurses who choose the sampled openings, and the openings with which these share nurses, each itself included, in
// total.
struct Sample {
  int64_t choosers = 0;
  int64_t neighbours = 0;
};

Sample TakeSample(const market::Market& market, const std::vector<int32_t>& choosers) {
  Sample sample;
  std::vector<int32_t> row(market.posts.size(), -1);  // by opening: row of a sampled opening in `shared`
  std::vector<std::vector<bool>> shared;
  const int64_t openings = market.opening_count();
  for (int64_t i = 0; i < std::min(kSampled, openings); ++i) {
    const auto opening = static_cast<size_t>(i * openings / std::min(kSampled, openings));
    row[opening] = static_cast<int32_t>(shared.size());
    shared.emplace_back(market.posts.size(), false);
    sample.choosers += choosers[opening];
  }
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& sampled : market.ChoicesOf(nurse)) {
      if (row[sampled.opening] < 0) continue;
      for (const market::Choice& other : market.ChoicesOf(nurse)) shared[row[sampled.opening]][other.opening] = true;
    }
  }
  for (const std::vector<bool>& marks : shared) sample.neighbours += std::count(marks.begin(), marks.end(), true);
  return sample;
}

}  // namespace

Engine EngineFor(const CoverageProblem& problem) {
  if (problem.set_count() > 0) return Engine::kNetwork;
  const Demand demand = DemandOf(problem);
  if (demand.nurses == 0) return Engine::kNurses;
  const int64_t percent = 100 * demand.posts / demand.nurses;
  if (percent < 100) {
    const bool crowded = 5 * (demand.over - (demand.nurses - demand.posts)) > demand.nurses;
    const Sample sample = TakeSample(problem.market, demand.choosers);
    return crowded || 4 * sample.neighbours > sample.choosers ? Engine::kNetwork : Engine::kPairs;
  }
  // With a hundred posts for each nurse the permitted excess is almost zero.
  const int64_t times = std::min<int64_t>(percent, 10'000);
  if (demand.over * times * times > demand.nurses * 4'200) return Engine::kNetwork;
  return percent >= 130 ? Engine::kNurses : Engine::kPairs;
}

}  // namespace tsunagu::matching::coverage
