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
#include "services/matching/coverage/verify.h"
#include "services/matching/objectives/balanced.h"
#include "services/matching/objectives/least_moves.h"
#include "services/matching/rounds/verdict.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching {
namespace {

using market::Market;

// Whole lists of so many choices are some 320 MB while they are solved.
constexpr size_t kMostChoices = 20'000'000;
// What an objective would have given is worked out where it takes no longer than a second or two.
constexpr size_t kMostToCompare = 500'000;

std::vector<int32_t> FloorsOf(const rules::Instance& instance) {
  std::vector<int32_t> floors;
  for (const rules::Cap& cap : instance.caps) floors.push_back(cap.least);
  return floors;
}

coverage::CoverageProblem ToProblem(const rules::Instance& instance, Market market) {
  coverage::CoverageProblem problem;
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      const int64_t metres = rules::DistanceMetres(instance.nurses[nurse].home, instance.openings[choice.place].place);
      problem.costs.push_back(static_cast<int32_t>(metres));  // below 2^20: within a commute limit
    }
  }
  for (const rules::Opening& opening : instance.openings) problem.weights.push_back(opening.weight);
  problem.market = std::move(market);
  if (instance.caps.empty()) return problem;
  problem.caps = rules::ToCaps(instance);
  problem.floors = FloorsOf(instance);
  return problem;
}

std::string PlacesOf(const v1::Snapshot& snapshot, absl::Span<const int32_t> sets) {
  return absl::StrJoin(sets, ", ", [&](std::string* out, int32_t set) {
    absl::StrAppend(out, snapshot.caps(set).place());
  });
}

// All that is left to be wrong with a snapshot is what its caps and floors ask for.
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

absl::StatusOr<Solved> SolveCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance, Market market) {
  const coverage::CoverageProblem problem = ToProblem(instance, std::move(market));
  RETURN_IF_ERROR(CheckProblem(snapshot, problem));
  const auto found = coverage::SolveCoverage(problem);
  if (const auto* shortage = std::get_if<coverage::Shortage>(&found)) return Refusal(snapshot, *shortage);
  const auto& [assigned, prices] = std::get<coverage::Answer>(found);
  Solved solved;
  solved.opening_of_nurse = assigned;
  solved.certificate.mutable_opening_prices()->Add(prices.places.begin(), prices.places.end());
  solved.certificate.mutable_limit_prices()->Add(prices.limits.begin(), prices.limits.end());
  solved.certificate.mutable_floor_prices()->Add(prices.floors.begin(), prices.floors.end());
  return solved;
}

absl::StatusOr<Solved> SolveBalanced(const v1::Snapshot& snapshot, const rules::Instance& instance,
                                     const Market& market) {
  Solved solved;
  if (instance.caps.empty()) {
    solved.opening_of_nurse = rules::Solve(instance).opening_of_nurse;
    return solved;
  }
  RETURN_IF_ERROR(CheckProblem(snapshot, ToProblem(instance, market)));
  const objectives::Balanced balanced =
      objectives::SolveBalanced(market, rules::ToCaps(instance), FloorsOf(instance));
  if (!balanced.missed.empty()) {
    return Fail("FLOORS_NOT_REACHED"_reason, {{"places", PlacesOf(snapshot, balanced.missed)}});
  }
  solved.opening_of_nurse = balanced.solution.assigned;
  solved.certificate.mutable_limits()->Add(balanced.caps.limit.begin(), balanced.caps.limit.end());
  return solved;
}

Solved SolveWithLeastMoves(const v1::Snapshot& snapshot, const Market& market) {
  std::unordered_map<std::string, int32_t> openings;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) openings[snapshot.openings(i).name()] = i;
  std::vector<int32_t> present;
  for (const v1::SnapshotNurse& nurse : snapshot.nurses()) {
    const auto found = openings.find(nurse.present_opening());
    present.push_back(found == openings.end() ? -1 : found->second);
  }
  Solved solved;
  solved.opening_of_nurse = objectives::SolveWithLeastMoves(market, present).assigned;
  return solved;
}

// Pairs that would both rather have each other, whatever limits there are around them.
int64_t BlockingPairs(const Market& market, absl::Span<const int32_t> assigned) {
  std::vector<int32_t> filled(market.posts.size(), 0);
  std::vector<uint64_t> last(market.posts.size(), 0);
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      if (choice.place != assigned[nurse]) continue;
      ++filled[choice.place];
      last[choice.place] = std::max(last[choice.place], market.KeyOf(nurse, choice));
    }
  }
  int64_t pairs = 0;
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) {
    for (const market::Choice& choice : market.ChoicesOf(nurse)) {
      if (choice.place == assigned[nurse]) break;
      const bool free = filled[choice.place] < market.posts[choice.place];
      pairs += free || market.KeyOf(nurse, choice) < last[choice.place];
    }
  }
  return pairs;
}

v1::Round::Outcome OutcomeOf(v1::Round::Objective objective, const v1::Round& round, const rules::Instance& instance,
                             const Market& market, absl::Span<const int32_t> assigned) {
  v1::Round::Outcome outcome;
  int64_t metres = 0;
  outcome.set_objective(objective);
  outcome.set_blocking_pair_count(BlockingPairs(market, assigned));
  for (size_t nurse = 0; nurse < assigned.size(); ++nurse) {
    if (assigned[nurse] < 0) continue;
    const rules::Opening& opening = instance.openings[assigned[nurse]];
    outcome.set_matched_count(outcome.matched_count() + 1);
    outcome.set_weight(outcome.weight() + opening.weight);
    metres += rules::DistanceMetres(instance.nurses[nurse].home, opening.place);
  }
  // Of few, a mean would tell where somebody lives.
  const int32_t matched = outcome.matched_count();
  if (matched > 0 && matched >= round.least_count()) outcome.set_mean_metres((metres / matched + 50) / 100 * 100);
  return outcome;
}

// The objective itself first, then the two between which a price is paid.
void AddOutcomes(v1::Round::Objective objective, const v1::Round& round, const v1::Snapshot& snapshot,
                 const rules::Instance& instance, const Market& market, Solved& solved) {
  solved.outcomes.push_back(OutcomeOf(objective, round, instance, market, solved.opening_of_nurse));
  if (objective != v1::Round::OBJECTIVE_STABLE) {
    solved.outcomes.push_back(
        OutcomeOf(v1::Round::OBJECTIVE_STABLE, round, instance, market, rules::Solve(instance).opening_of_nurse));
  }
  if (objective == v1::Round::OBJECTIVE_COVERAGE) return;
  const auto coverage = SolveCoverage(snapshot, instance, market);
  if (!coverage.ok()) return;  // floors that nobody can meet
  solved.outcomes.push_back(
      OutcomeOf(v1::Round::OBJECTIVE_COVERAGE, round, instance, market, coverage->opening_of_nurse));
}

v1::VerifySolutionResponse Refused(const char* kind, std::string cap = "") {
  v1::VerifySolutionResponse response;
  auto& finding = *response.add_findings();
  finding.set_kind(kind);
  finding.set_cap(std::move(cap));
  return response;
}

absl::string_view Word(coverage::FindingKind kind) {
  switch (kind) {
    case coverage::FindingKind::kWrongSize:
      return "WRONG_SIZE";
    case coverage::FindingKind::kNotChosen:
      return "NOT_ELIGIBLE";
    case coverage::FindingKind::kOverPosts:
      return "OVER_CAPACITY";
    case coverage::FindingKind::kOverLimit:
      return "OVER_CAP";
    case coverage::FindingKind::kUnderFloor:
      return "UNDER_FLOOR";
    case coverage::FindingKind::kWrongPrice:
      return "WRONG_PRICE";
    case coverage::FindingKind::kPriceNotFull:
      return "PRICE_NOT_FULL";
    case coverage::FindingKind::kPriceNotTight:
      return "PRICE_NOT_TIGHT";
    case coverage::FindingKind::kBetterChoice:
      return "BETTER_CHOICE";
    case coverage::FindingKind::kEarlierChoice:
      return "EARLIER_CHOICE";
    case coverage::FindingKind::kPriceNotLeast:
      return "PRICE_NOT_LEAST";
    case coverage::FindingKind::kSumsDiffer:
      return "SUMS_DIFFER";
  }
  return "";
}

v1::VerifySolutionResponse VerifyCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance,
                                          absl::Span<const int32_t> assigned, const v1::Certificate& certificate) {
  std::optional<Market> market = rules::ToMarket(instance, kMostChoices);
  if (!market) return Refused("WRONG_SIZE");
  const coverage::CoverageProblem problem = ToProblem(instance, *std::move(market));
  const auto read = [](const auto& prices) { return std::vector<int64_t>(prices.begin(), prices.end()); };
  const coverage::Verdict verdict =
      coverage::VerifyCoverage(problem, {assigned.begin(), assigned.end()},
                               {read(certificate.opening_prices()), read(certificate.limit_prices()),
                                read(certificate.floor_prices())});
  v1::VerifySolutionResponse response;
  response.set_stable(verdict.best);
  response.set_checked_pair_count(static_cast<int64_t>(problem.market.choices.size()));
  for (const coverage::Finding& finding : verdict.findings) {
    auto& row = *response.add_findings();
    row.set_kind(std::string(Word(finding.kind)));
    if (finding.nurse >= 0 && finding.nurse < snapshot.nurses_size()) row.set_nurse(snapshot.nurses(finding.nurse).name());
    if (finding.place >= 0 && finding.place < snapshot.openings_size()) {
      row.set_opening(snapshot.openings(finding.place).name());
    }
    if (finding.set >= 0 && finding.set < snapshot.caps_size()) row.set_cap(snapshot.caps(finding.set).place());
  }
  return response;
}

// Stable under the limits of the certificate, none of which is higher than the round allows; and floors are met.
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

absl::StatusOr<Solved> SolveFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                const rules::Instance& instance) {
  Solved solved;
  v1::Round::Objective objective = round.objective();
  if (objective == v1::Round::OBJECTIVE_UNSPECIFIED) objective = v1::Round::OBJECTIVE_STABLE;
  const bool is_stable = objective == v1::Round::OBJECTIVE_STABLE;
  if (is_stable) solved.opening_of_nurse = rules::Solve(instance).opening_of_nurse;
  const std::optional<Market> market = rules::ToMarket(instance, is_stable ? kMostToCompare : kMostChoices);
  if (!market) {
    if (is_stable) return solved;
    return Fail("ROUND_LISTS_TOO_LONG"_reason, {{"max", absl::StrCat(kMostChoices)}});
  }
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    ASSIGN_OR_RETURN(solved, SolveCoverage(snapshot, instance, *market));
  } else if (objective == v1::Round::OBJECTIVE_BALANCED) {
    ASSIGN_OR_RETURN(solved, SolveBalanced(snapshot, instance, *market));
  } else if (objective == v1::Round::OBJECTIVE_MIN_DISRUPTION) {
    solved = SolveWithLeastMoves(snapshot, *market);
  }
  if (market->choices.size() <= kMostToCompare) AddOutcomes(objective, round, snapshot, instance, *market, solved);
  return solved;
}

coverage::Scale CoverageScaleOf(const rules::Instance& instance) {
  return coverage::ScaleOf(ToProblem(instance, *rules::ToMarket(instance, kMostChoices)));
}

v1::VerifySolutionResponse VerifyFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                     const rules::Instance& instance, int rule_table,
                                     absl::Span<const int32_t> opening_of_nurse, const v1::Certificate& certificate) {
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    return VerifyCoverage(snapshot, instance, opening_of_nurse, certificate);
  }
  if (objective == v1::Round::OBJECTIVE_BALANCED && snapshot.caps_size() > 0) {
    return VerifyBalanced(snapshot, instance, rule_table, opening_of_nurse, certificate);
  }
  return ToResponse(rules::VerifyMatching(instance, opening_of_nurse, rule_table), snapshot);
}

}  // namespace tsunagu::matching
