#include "services/matching/coverage/visit_solve.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "services/matching/coverage/visit_levels.h"
#include "services/matching/coverage/visit_network.h"
#include "services/matching/coverage/visit_nodes.h"
#include "services/matching/coverage/visit_turns.h"

namespace tsunagu::matching::coverage {

std::variant<VisitAnswer, VisitShortage> SolveVisitCoverage(const VisitProblem& problem) {
  const VisitNodes nodes(problem);
  std::optional<std::vector<int32_t>> found = FindBestVisits(problem, nodes);
  if (!found.has_value()) return FindVisitShortage(problem, nodes);
  const std::vector<int64_t> levels = LevelsOf(problem, nodes, *found);
  return VisitAnswer{ChooseByPairs(problem, nodes, *std::move(found), levels), PricesOf(problem, nodes, levels)};
}

}  // namespace tsunagu::matching::coverage
