#include "services/matching/coverage/solve.h"

#include <optional>
#include <utility>

#include "services/matching/coverage/network.h"
#include "services/matching/coverage/paths.h"
#include "services/matching/coverage/settle.h"

namespace tsunagu::matching::coverage {
namespace {

std::optional<Found> Find(const CoverageProblem& problem, Engine engine) {
  switch (engine) {
    case Engine::kNurses:
      return FindByNurses(problem);
    case Engine::kPairs:
      return FindByPairs(problem);
    case Engine::kNetwork:
      break;
  }
  return FindByNetwork(problem);
}

}  // namespace

std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem, Engine engine) {
  std::optional<Found> found = Find(problem, engine);
  if (!found.has_value()) return FindShortage(problem);
  return Settle(problem, *std::move(found));
}

std::variant<Answer, Shortage> SolveCoverage(const CoverageProblem& problem) {
  return SolveCoverage(problem, EngineFor(problem));
}

}  // namespace tsunagu::matching::coverage
