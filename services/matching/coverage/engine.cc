#include "services/matching/coverage/engine.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tsunagu::matching::coverage {
namespace {

constexpr int64_t kSampled = 64;

// By place: how many nurses choose it.
std::vector<int32_t> CountChoosers(const market::Market& market) {
  std::vector<int32_t> choosers(market.posts.size(), 0);
  for (const market::Choice& choice : market.choices) ++choosers[choice.place];
  return choosers;
}

// The places at hand, and with how many others these share nurses, in all.
struct Sample {
  int64_t choosers = 0;
  int64_t neighbours = 0;
};

Sample TakeSample(const market::Market& market, const std::vector<int32_t>& choosers) {
  Sample sample;
  std::vector<int32_t> row(market.posts.size(), -1);  // of a sampled place in `shared`
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
  for (const std::vector<bool>& marks : shared) sample.neighbours += std::count(marks.begin(), marks.end(), true);
  return sample;
}

}  // namespace

Engine EngineFor(const CoverageProblem& problem) {
  if (problem.set_count() > 0) return Engine::kNetwork;
  const market::Market& market = problem.market;
  const std::vector<int32_t> choosers = CountChoosers(market);
  int64_t posts = 0, nurses = 0;
  for (int32_t place = 0; place < market.place_count(); ++place) {
    posts += std::min(market.posts[place], choosers[place]);
  }
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) nurses += !market.ChoicesOf(nurse).empty();
  if (10 * posts >= 13 * nurses) return Engine::kNurses;
  if (posts >= nurses) return Engine::kPairs;
  const Sample sample = TakeSample(market, choosers);
  return 4 * sample.neighbours <= sample.choosers ? Engine::kPairs : Engine::kNetwork;
}

}  // namespace tsunagu::matching::coverage
