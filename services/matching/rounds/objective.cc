#include "services/matching/rounds/objective.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/coverage/solve.h"
#include "services/matching/objectives/balanced.h"
#include "services/matching/objectives/least_moves.h"
#include "services/matching/rounds/verdict.h"
#include "services/matching/rounds/verify_coverage.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/verify.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching {
namespace {

using market::Market;
using rules::DrawnMarket;

// Whole lists of this many choices take about 320 MB while they are solved.
constexpr size_t kMostChoices = 20'000'000;
// Other objectives are computed only if that takes no longer than a second or two.
constexpr size_t kMostToCompare = 500'000;

std::vector<int32_t> FloorsOf(const rules::Instance& instance) {
  std::vector<int32_t> floors;
  for (const rules::Cap& cap : instance.caps) floors.push_back(cap.least);
  return floors;
}

coverage::CoverageProblem ToProblem(const rules::Instance& instance, const DrawnMarket& drawn) {
  coverage::CoverageProblem problem;
  problem.market = drawn.market;
  for (int32_t number = 0; number < problem.market.nurse_count(); ++number) {
    const rules::Nurse& nurse = instance.nurses[drawn.nurses[number]];
    for (const market::Choice& choice : problem.market.ChoicesOf(number)) {
      const int64_t metres = rules::WayMetres(nurse, instance.openings[choice.opening]);
      problem.costs.push_back(static_cast<int32_t>(metres));  // below 2^20
    }
  }
  for (const rules::Opening& opening : instance.openings) problem.weights.push_back(opening.weight);
  if (instance.caps.empty()) return problem;
  problem.caps = rules::ToCaps(instance);
  problem.floors = FloorsOf(instance);
  return problem;
}

std::string PlacesOf(const v1::Snapshot& snapshot, absl::Span<const int32_t> sets) {
  return absl::StrJoin(sets, ", ",
                       [&](std::string* out, int32_t set) { absl::StrAppend(out, snapshot.caps(set).place()); });
}

// The only remaining faults of a snapshot are contradictions of its caps and floors.
absl::Status CheckProblem(const v1::Snapshot& snapshot, const coverage::CoverageProblem& problem) {
  Faults faults;
  for (const coverage::Fault& fault : coverage::CheckProblem(problem)) {
    if (fault.set < 0) return Fail("ROUND_LISTS_TOO_LONG"_reason, {{"max", absl::StrCat(kMostChoices)}});
    faults.Add("floors", "CAPS_CONTRADICT"_reason, {{"place", snapshot.caps(fault.set).place()}});
  }
  return faults.ToStatus();
}

absl::Status Refusal(const v1::Snapshot& snapshot, const coverage::Shortage& shortage) {
  return Fail("FLOORS_SHORT"_reason, {{"places", PlacesOf(snapshot, shortage.floors)},
                                      {"wanted", absl::StrCat(shortage.wanted)},
                                      {"held", absl::StrCat(shortage.held)},
                                      {"eligible", absl::StrCat(shortage.eligible)}});
}

absl::StatusOr<Solved> SolveCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance,
                                     const DrawnMarket& drawn) {
  const coverage::CoverageProblem problem = ToProblem(instance, drawn);
  RETURN_IF_ERROR(CheckProblem(snapshot, problem));
  const auto found = coverage::SolveCoverage(problem);
  if (const auto* shortage = std::get_if<coverage::Shortage>(&found)) return Refusal(snapshot, *shortage);
  const auto& [assigned, prices] = std::get<coverage::Answer>(found);
  Solved solved;
  solved.opening_of_nurse = drawn.ByNurse(assigned);
  solved.certificate.mutable_opening_prices()->Add(prices.openings.begin(), prices.openings.end());
  solved.certificate.mutable_limit_prices()->Add(prices.limits.begin(), prices.limits.end());
  solved.certificate.mutable_floor_prices()->Add(prices.floors.begin(), prices.floors.end());
  return solved;
}

absl::StatusOr<Solved> SolveBalanced(const v1::Snapshot& snapshot, const rules::Instance& instance,
                                     const DrawnMarket& drawn) {
  Solved solved;
  if (instance.caps.empty()) {
    solved.opening_of_nurse = rules::Solve(instance).opening_of_nurse;
    return solved;
  }
  RETURN_IF_ERROR(CheckProblem(snapshot, ToProblem(instance, drawn)));
  const objectives::Balanced balanced =
      objectives::SolveBalanced(drawn.market, rules::ToCaps(instance), FloorsOf(instance));
  if (!balanced.missed.empty()) {
    return Fail("FLOORS_NOT_REACHED"_reason, {{"places", PlacesOf(snapshot, balanced.missed)}});
  }
  solved.opening_of_nurse = drawn.ByNurse(balanced.solution.assigned);
  solved.certificate.mutable_limits()->Add(balanced.caps.limit.begin(), balanced.caps.limit.end());
  return solved;
}

// Returns, by nurse, what she has now; -1: none.
std::vector<int32_t> PresentOf(const v1::Snapshot& snapshot) {
  std::unordered_map<std::string, int32_t> openings;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) openings[snapshot.openings(i).name()] = i;
  std::vector<int32_t> present;
  for (const v1::SnapshotNurse& nurse : snapshot.nurses()) {
    const auto found = openings.find(nurse.present_opening());
    present.push_back(found == openings.end() ? -1 : found->second);
  }
  return present;
}

Solved SolveWithLeastMoves(const v1::Snapshot& snapshot, const rules::Instance& instance, const DrawnMarket& drawn) {
  const market::Caps caps = instance.caps.empty() ? market::Caps() : rules::ToCaps(instance);
  const std::vector<int32_t> present = drawn.ByNumber(PresentOf(snapshot)), turns = rules::RankLots(instance);
  const objectives::LeastMoves found = objectives::SolveWithLeastMoves(drawn.market, caps, present, turns);
  Solved solved;
  solved.opening_of_nurse = drawn.ByNurse(found.assigned);
  solved.nearness = found.is_least ? v1::Round::NEARNESS_EXACT : v1::Round::NEARNESS_ONE_WAY;
  return solved;
}

int32_t MovedFrom(absl::Span<const int32_t> present, absl::Span<const int32_t> assigned) {
  int32_t moved = 0;
  for (size_t nurse = 0; nurse < present.size(); ++nurse) {
    moved += present[nurse] >= 0 && assigned[nurse] != present[nurse];
  }
  return moved;
}

// Counts pairs that prefer each other, regardless of limits around them. `assigned` is by number.
int64_t BlockingPairs(const Market& market, absl::Span<const int32_t> assigned) {
  std::vector<int32_t> filled(market.posts.size(), 0);
  std::vector<uint64_t> last(market.posts.size(), 0);
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      if (choice.opening != assigned[nurse]) continue;
      ++filled[choice.opening];
      last[choice.opening] = std::max(last[choice.opening], market::KeyOf(nurse, choice));
    }
  }
  int64_t pairs = 0;
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      if (choice.opening == assigned[nurse]) break;
      const bool free = filled[choice.opening] < market.posts[choice.opening];
      pairs += free || market::KeyOf(nurse, choice) < last[choice.opening];
    }
  }
  return pairs;
}

v1::Round::Outcome OutcomeOf(v1::Round::Objective objective, const v1::Round& round, const rules::Instance& instance,
                             const DrawnMarket& drawn, absl::Span<const int32_t> assigned) {
  v1::Round::Outcome outcome;
  int64_t metres = 0;
  outcome.set_objective(objective);
  outcome.set_blocking_pair_count(BlockingPairs(drawn.market, drawn.ByNumber(assigned)));
  for (size_t nurse = 0; nurse < assigned.size(); ++nurse) {
    if (assigned[nurse] < 0) continue;
    const rules::Opening& opening = instance.openings[assigned[nurse]];
    outcome.set_matched_count(outcome.matched_count() + 1);
    outcome.set_weight(outcome.weight() + opening.weight);
    metres += rules::WayMetres(instance.nurses[nurse], opening);
  }
  // With few nurses, a mean would reveal where somebody lives.
  const int32_t matched = outcome.matched_count();
  if (matched > 0 && matched >= round.least_count()) outcome.set_mean_metres((metres / matched + 50) / 100 * 100);
  return outcome;
}

v1::Round::Objective ObjectiveOf(const v1::Round& round) {
  const bool unsaid = round.objective() == v1::Round::OBJECTIVE_UNSPECIFIED;
  return unsaid ? v1::Round::OBJECTIVE_STABLE : round.objective();
}

// The round's own objective first, then the two between which a price is compared.
std::vector<Alternative> Compare(const v1::Round& round, const v1::Snapshot& snapshot, const rules::Instance& instance,
                                 const DrawnMarket& drawn, absl::Span<const int32_t> own) {
  const v1::Round::Objective objective = ObjectiveOf(round);
  std::vector<Alternative> all;
  const auto add = [&](v1::Round::Objective of, std::vector<int32_t> assigned) {
    Alternative& one = all.emplace_back();
    one.outcome = OutcomeOf(of, round, instance, drawn, assigned);
    if (objective == v1::Round::OBJECTIVE_MIN_DISRUPTION) {
      one.outcome.set_moved_count(MovedFrom(PresentOf(snapshot), assigned));
    }
    one.opening_of_nurse = std::move(assigned);
  };
  add(objective, {own.begin(), own.end()});
  if (objective != v1::Round::OBJECTIVE_STABLE) {
    add(v1::Round::OBJECTIVE_STABLE, rules::Solve(instance).opening_of_nurse);
  }
  if (objective == v1::Round::OBJECTIVE_COVERAGE) return all;
  auto coverage = SolveCoverage(snapshot, instance, drawn);
  if (coverage.ok()) add(v1::Round::OBJECTIVE_COVERAGE, std::move(coverage->opening_of_nurse));
  return all;
}

v1::VerifySolutionResponse Refused(const char* kind, std::string cap = "") {
  v1::VerifySolutionResponse response;
  auto& finding = *response.add_findings();
  finding.set_kind(kind);
  finding.set_cap(std::move(cap));
  return response;
}

// Checks that the result is stable under the limits of the certificate, that none of these is higher than the round's,
// and that floors are met.
v1::VerifySolutionResponse VerifyBalanced(const v1::Snapshot& snapshot, rules::Instance instance, int rule_table,
                                          absl::Span<const int32_t> assigned, const v1::Certificate& certificate) {
  if (certificate.limits_size() != snapshot.caps_size()) return Refused("WRONG_SIZE");
  for (int i = 0; i < snapshot.caps_size(); ++i) {
    const std::string& place = snapshot.caps(i).place();
    if (certificate.limits(i) > snapshot.caps(i).limit()) return Refused("OVER_CAP", place);
    instance.caps[i].limit = certificate.limits(i);
    int32_t there = 0;
    for (const int32_t opening : assigned) {
      there += std::binary_search(instance.caps[i].openings.begin(), instance.caps[i].openings.end(), opening);
    }
    if (there < instance.caps[i].least) return Refused("UNDER_FLOOR", place);
  }
  return ToResponse(rules::VerifyMatching(instance, assigned, rule_table), snapshot);
}

}  // namespace

absl::StatusOr<Solved> SolveFor(const v1::Round& round, const v1::Snapshot& snapshot, const rules::Instance& instance) {
  Solved solved;
  const v1::Round::Objective objective = ObjectiveOf(round);
  const bool is_stable = objective == v1::Round::OBJECTIVE_STABLE;
  if (is_stable) solved.opening_of_nurse = rules::Solve(instance).opening_of_nurse;
  const std::optional<DrawnMarket> drawn = rules::ToMarket(instance, is_stable ? kMostToCompare : kMostChoices);
  if (!drawn) {
    if (is_stable) return solved;
    return Fail("ROUND_LISTS_TOO_LONG"_reason, {{"max", absl::StrCat(kMostChoices)}});
  }
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    ASSIGN_OR_RETURN(solved, SolveCoverage(snapshot, instance, *drawn));
  } else if (objective == v1::Round::OBJECTIVE_BALANCED) {
    ASSIGN_OR_RETURN(solved, SolveBalanced(snapshot, instance, *drawn));
  } else if (objective == v1::Round::OBJECTIVE_MIN_DISRUPTION) {
    solved = SolveWithLeastMoves(snapshot, instance, *drawn);
  }
  if (drawn->market.choices.size() > kMostToCompare) return solved;
  for (Alternative& one : Compare(round, snapshot, instance, *drawn, solved.opening_of_nurse)) {
    solved.outcomes.push_back(std::move(one.outcome));
  }
  return solved;
}

std::vector<Alternative> AlternativesOf(const v1::Round& round, const v1::Snapshot& snapshot,
                                        const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse) {
  const std::optional<DrawnMarket> drawn = rules::ToMarket(instance, kMostToCompare);
  return drawn ? Compare(round, snapshot, instance, *drawn, opening_of_nurse) : std::vector<Alternative>();
}

absl::StatusOr<std::vector<int32_t>> AssignFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                               const rules::Instance& instance) {
  const bool is_coverage = objective == v1::Round::OBJECTIVE_COVERAGE;
  const bool is_stable = objective != v1::Round::OBJECTIVE_BALANCED && objective != v1::Round::OBJECTIVE_MIN_DISRUPTION;
  // Without caps, every stable assignment places the same nurses and fills the same posts.
  if (!is_coverage && (is_stable || instance.caps.empty())) return rules::Solve(instance).opening_of_nurse;
  const std::optional<DrawnMarket> drawn = rules::ToMarket(instance, kMostChoices);
  if (!drawn) return Fail("ROUND_LISTS_TOO_LONG"_reason, {{"max", absl::StrCat(kMostChoices)}});
  if (is_coverage) {
    ASSIGN_OR_RETURN(Solved solved, SolveCoverage(snapshot, instance, *drawn));
    return std::move(solved.opening_of_nurse);
  }
  if (objective == v1::Round::OBJECTIVE_MIN_DISRUPTION) {
    return SolveWithLeastMoves(snapshot, instance, *drawn).opening_of_nurse;
  }
  const objectives::Balanced balanced =
      objectives::SolveBalanced(drawn->market, rules::ToCaps(instance), FloorsOf(instance));
  return drawn->ByNurse(balanced.solution.assigned);
}

coverage::Scale CoverageScaleOf(const rules::Instance& instance) {
  return coverage::ScaleOf(ToProblem(instance, *rules::ToMarket(instance, kMostChoices)));
}

v1::VerifySolutionResponse VerifyFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                     const rules::Instance& instance, int rule_table,
                                     absl::Span<const int32_t> opening_of_nurse, const v1::Certificate& certificate) {
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    return VerifyCoverage(snapshot, instance, rule_table, opening_of_nurse, certificate);
  }
  if (objective == v1::Round::OBJECTIVE_BALANCED && snapshot.caps_size() > 0) {
    return VerifyBalanced(snapshot, instance, rule_table, opening_of_nurse, certificate);
  }
  return ToResponse(rules::VerifyMatching(instance, opening_of_nurse, rule_table), snapshot);
}

}  // namespace tsunagu::matching
