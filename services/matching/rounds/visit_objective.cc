#include "services/matching/rounds/visit_objective.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/coverage/visit_solve.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/visit_verify.h"

namespace tsunagu::matching {
namespace {

// Each visit takes about 40 bytes while STABLE is solved; each pair about 90 while COVERAGE is solved.
constexpr size_t kMostVisits = 20'000'000;
constexpr size_t kMostPairs = 2'000'000;
// The other objective is computed only if that takes no longer than a second or two.
constexpr size_t kMostToCompare = 200'000;

absl::StatusOr<std::vector<rules::Cover>> SolveStable(const rules::Visits& visits) {
  auto covers = rules::SolveVisits(visits, kMostVisits);
  if (covers) return *std::move(covers);
  return Fail("ROUND_TOO_LARGE"_reason, {{"count", absl::StrCat(kMostVisits + 1)}, {"max", absl::StrCat(kMostVisits)}});
}

absl::Status TooMany() { return Fail("VISIT_PAIRS_TOO_MANY"_reason, {{"max", absl::StrCat(kMostPairs)}}); }

// The only remaining faults of a snapshot are contradictions of its caps and floors, and its size.
absl::Status CheckProblem(const v1::Snapshot& snapshot, const coverage::VisitProblem& problem) {
  if (problem.pairs.size() > kMostPairs) return TooMany();
  Faults faults;
  for (const coverage::Fault& fault : coverage::CheckVisitProblem(problem)) {
    if (fault.set < 0) return TooMany();
    faults.Add("floors", "CAPS_CONTRADICT"_reason, {{"place", snapshot.caps(fault.set).place()}});
  }
  return faults.ToStatus();
}

absl::Status Refusal(const v1::Snapshot& snapshot, const coverage::VisitShortage& shortage) {
  const std::string places = absl::StrJoin(
      shortage.floors, ", ", [&](std::string* out, int32_t set) { absl::StrAppend(out, snapshot.caps(set).place()); });
  return Fail("VISIT_FLOORS_SHORT"_reason, {{"places", places},
                                            {"wanted", absl::StrCat(shortage.wanted)},
                                            {"held", absl::StrCat(shortage.held)},
                                            {"supplied", absl::StrCat(shortage.supplied)}});
}

v1::Certificate ToCertificate(const coverage::VisitPrices& prices) {
  v1::Certificate certificate;
  const auto write = [](const std::vector<int64_t>& from, auto& to) { to.Add(from.begin(), from.end()); };
  write(prices.openings, *certificate.mutable_opening_prices());
  write(prices.limits, *certificate.mutable_limit_prices());
  write(prices.floors, *certificate.mutable_floor_prices());
  write(prices.supplies, *certificate.mutable_supply_prices());
  write(prices.weeks, *certificate.mutable_supply_week_prices());
  write(prices.slots, *certificate.mutable_supply_half_day_prices());
  return certificate;
}

absl::StatusOr<SolvedCovers> SolveCoverage(const v1::Snapshot& snapshot, const rules::Visits& visits) {
  const coverage::VisitProblem problem = ToVisitProblem(visits);
  RETURN_IF_ERROR(CheckProblem(snapshot, problem));
  const auto found = coverage::SolveVisitCoverage(problem);
  if (const auto* shortage = std::get_if<coverage::VisitShortage>(&found)) return Refusal(snapshot, *shortage);
  const auto& [counts, prices] = std::get<coverage::VisitAnswer>(found);
  SolvedCovers solved;
  solved.certificate = ToCertificate(prices);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) solved.covers.push_back({problem.pairs[i].supply, problem.pairs[i].opening, counts[i]});
  }
  std::sort(solved.covers.begin(), solved.covers.end(), [](const rules::Cover& a, const rules::Cover& b) {
    return std::tie(a.half_day, a.supply) < std::tie(b.half_day, b.supply);
  });
  return solved;
}

// As for employments, pairs that prefer each other are counted regardless of the caps around them.
v1::Round::Outcome OutcomeOf(v1::Round::Objective objective, const v1::Round& round, const rules::Visits& visits,
                             const std::vector<rules::Cover>& covers) {
  v1::Round::Outcome outcome;
  outcome.set_objective(objective);
  int64_t metres = 0;
  for (const rules::Cover& cover : covers) {
    const rules::Opening& there = visits.instance.openings[cover.half_day];
    outcome.set_matched_count(outcome.matched_count() + cover.count);
    outcome.set_weight(outcome.weight() + int64_t{there.weight} * cover.count);
    metres += rules::DistanceMetres(visits.instance.nurses[cover.supply].home, there.place) * cover.count;
  }
  rules::Visits uncapped = visits;
  uncapped.instance.caps.clear();
  outcome.set_blocking_pair_count(rules::VerifyVisits(uncapped, covers).finding_count);
  const int32_t matched = outcome.matched_count();
  if (matched > 0 && matched >= round.least_count()) outcome.set_mean_metres((metres / matched + 50) / 100 * 100);
  return outcome;
}

}  // namespace

coverage::VisitProblem ToVisitProblem(const rules::Visits& visits) {
  const rules::Instance& instance = visits.instance;
  coverage::VisitProblem problem;
  const std::vector<int32_t> lots = rules::RankLots(instance);
  std::vector<int32_t> turns(lots.size());
  for (size_t supply = 0; supply < lots.size(); ++supply) turns[lots[supply]] = static_cast<int32_t>(supply);
  rules::Candidates candidates(instance);
  for (const int32_t supply : turns) {
    for (const int32_t half_day : rules::ListOf(visits, candidates, supply)) {
      if (rules::MostAt(visits, supply, half_day) == 0) continue;
      const int64_t metres = rules::DistanceMetres(instance.nurses[supply].home, instance.openings[half_day].place);
      problem.pairs.push_back({supply, half_day, static_cast<int32_t>(metres)});  // within the supply's reach
    }
    if (problem.pairs.size() > kMostPairs) break;  // is refused
  }
  problem.limits = visits.limits;
  problem.slots = visits.slots;
  problem.posts = rules::PostsOf(instance);
  for (const rules::Opening& half_day : instance.openings) problem.weights.push_back(half_day.weight);
  if (instance.caps.empty()) return problem;
  problem.caps = rules::ToCaps(instance);
  for (const rules::Cap& cap : instance.caps) problem.floors.push_back(cap.least);
  return problem;
}

absl::StatusOr<std::vector<rules::Cover>> CoversFor(v1::Round::Objective objective, const v1::Snapshot& snapshot,
                                                    const rules::Visits& visits) {
  if (objective != v1::Round::OBJECTIVE_COVERAGE) return SolveStable(visits);
  ASSIGN_OR_RETURN(SolvedCovers solved, SolveCoverage(snapshot, visits));
  return std::move(solved.covers);
}

std::vector<CoverAlternative> AlternativesFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                              const rules::Visits& visits, const std::vector<rules::Cover>& covers) {
  if (visits.kinds.size() * visits.slots.size() > kMostToCompare) return {};
  const bool by_coverage = round.objective() == v1::Round::OBJECTIVE_COVERAGE;
  const auto own = by_coverage ? v1::Round::OBJECTIVE_COVERAGE : v1::Round::OBJECTIVE_STABLE;
  const auto other = by_coverage ? v1::Round::OBJECTIVE_STABLE : v1::Round::OBJECTIVE_COVERAGE;
  std::vector<CoverAlternative> all = {{OutcomeOf(own, round, visits, covers), covers}};
  auto by_other = CoversFor(other, snapshot, visits);
  if (by_other.ok()) all.push_back({OutcomeOf(other, round, visits, *by_other), *std::move(by_other)});
  return all;
}

absl::StatusOr<SolvedCovers> SolveVisitsFor(const v1::Round& round, const v1::Snapshot& snapshot,
                                            const rules::Visits& visits) {
  if (round.objective() == v1::Round::OBJECTIVE_COVERAGE) return SolveCoverage(snapshot, visits);
  SolvedCovers solved;
  ASSIGN_OR_RETURN(solved.covers, SolveStable(visits));
  return solved;
}

}  // namespace tsunagu::matching
