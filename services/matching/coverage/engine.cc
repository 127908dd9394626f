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
  std::vector<int32_t> choosers;  // by place
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
    ++favours[market.choices[FavouriteOf(problem, scale, nurse)].place];
    for (const market::Choice& choice : market.ChoicesOf(nurse)) ++demand.choosers[choice.place];
  }
  for (int32_t place = 0; place < market.place_count(); ++place) {
    demand.posts += std::min(market.posts[place], demand.choosers[place]);
    demand.over += std::max(0, favours[place] - market.posts[place]);
  }
  return demand;
}

struct Sample {
  int64_t choosers = 0;  // nurses who choose a sampled place, added up over the sampled places
  // Places that a nurse chooses together with a sampled place, added up likewise. A sampled place that somebody chooses
  // counts as one of its own: the factor in EngineFor was measured with that.
  int64_t places_shared = 0;
};

Sample TakeSample(const market::Market& market, const std::vector<int32_t>& choosers) {
  Sample sample;
  std::vector<int32_t> row(market.posts.size(), -1);  // by place: row of a sampled place in `shared`
  std::vector<std::vector<bool>> shared;
  const int64_t places = market.place_count();
  for (int64_t i = 0; i < std::min(kSampled, places); ++i) {
    const auto place = static_cast<size_t>(i * places / std::min(kSampled, places));
    row[place] = static_cast<int32_t>(shared.size());
    shared.emplace_back(market.posts.size(), false);
    sample.choosers += choosers[place];
  }
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& sampled : market.ChoicesOf(nurse)) {
      if (row[sampled.place] < 0) continue;
      for (const market::Choice& other : market.ChoicesOf(nurse)) shared[row[sampled.place]][other.place] = true;
    }
  }
  for (const std::vector<bool>& marks : shared) sample.places_shared += std::count(marks.begin(), marks.end(), true);
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
    return crowded || 4 * sample.places_shared > sample.choosers ? Engine::kNetwork : Engine::kPairs;
  }
  // With a hundred posts for each nurse the permitted excess is almost zero.
  const int64_t times = std::min<int64_t>(percent, 10'000);
  if (demand.over * times * times > demand.nurses * 4'200) return Engine::kNetwork;
  return percent >= 130 ? Engine::kNurses : Engine::kPairs;
}

}  // namespace tsunagu::matching::coverage
