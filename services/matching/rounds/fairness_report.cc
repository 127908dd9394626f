#include "services/matching/rounds/fairness_report.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/round_after.h"
#include "services/matching/rounds/alternatives.h"
#include "services/matching/rounds/result.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/round_report.pb.h"

namespace tsunagu::matching {
namespace {

// Under which words the result of an objective stands.
struct Populations {
  v1::FairnessPopulation nurses = v1::FAIRNESS_POPULATION_NURSES;
  v1::FairnessPopulation posts = v1::FAIRNESS_POPULATION_POSTS;
};

Populations IfSolvedFor(v1::Round::Objective objective) {
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    return {v1::FAIRNESS_POPULATION_NURSES_IF_COVERAGE, v1::FAIRNESS_POPULATION_POSTS_IF_COVERAGE};
  }
  return {v1::FAIRNESS_POPULATION_NURSES_IF_STABLE, v1::FAIRNESS_POPULATION_POSTS_IF_STABLE};
}

void AddNurses(ReportRun& run, v1::FairnessPopulation population, const SolvedRound& solved,
               const std::vector<v1::Assignment>& rows) {
  const auto nurses = static_cast<int64_t>(rows.size());
  std::vector<int64_t> kilometres;
  int64_t first = 0, third = 0, choices = 0, metres = 0;
  for (const v1::Assignment& row : rows) {
    if (row.opening().empty()) continue;
    first += row.choice() == 1 ? 1 : 0;
    third += row.choice() <= 3 ? 1 : 0;
    choices += row.choice();
    kilometres.push_back((row.distance_metres() + 999) / 1000);
    metres += row.distance_metres();
  }
  const auto placed = static_cast<int64_t>(kilometres.size());
  run.Add(population, v1::FAIRNESS_MEASURE_NUMBER, {nurses});
  run.Add(population, v1::FAIRNESS_MEASURE_PLACED, {placed});
  run.Add(population, v1::FAIRNESS_MEASURE_PLACED_SHARE, {placed, nurses});
  if (placed < std::max(1, solved.round.least_count())) return;
  std::sort(kilometres.begin(), kilometres.end());
  run.Add(population, v1::FAIRNESS_MEASURE_FIRST_CHOICE_SHARE, {first, placed});
  run.Add(population, v1::FAIRNESS_MEASURE_THIRD_CHOICE_SHARE, {third, placed});
  run.Add(population, v1::FAIRNESS_MEASURE_CHOICE_MEAN, {choices, placed});
  run.Add(population, v1::FAIRNESS_MEASURE_COMMUTE_MEAN, {metres, 1000 * placed});
  run.Add(population, v1::FAIRNESS_MEASURE_COMMUTE_P90, {kilometres[(placed * 9 + 9) / 10 - 1]});
  run.Add(population, v1::FAIRNESS_MEASURE_COMMUTE_MAX, {kilometres.back()});
}

struct Fill {
  int64_t posts = 0, filled = 0, weight = 0;
};
using Fills = std::map<std::string, Fill>;  // by area; all together without a name

Fills FillsOf(const SolvedRound& solved, absl::Span<const int32_t> opening_of_nurse) {
  const std::vector<int32_t> filled = FilledOf(solved.instance, opening_of_nurse);
  Fills fills = {{"", {}}};
  for (size_t i = 0; i < filled.size(); ++i) {
    const rules::Opening& opening = solved.instance.openings[i];
    const std::string& area = solved.snapshot.openings(static_cast<int>(i)).area();
    for (Fill* fill : {&fills[""], area.empty() ? nullptr : &fills[area]}) {
      if (fill == nullptr) continue;
      fill->posts += opening.posts;
      fill->filled += filled[i];
      fill->weight += int64_t{filled[i]} * opening.weight;
    }
  }
  return fills;
}

void AddFill(ReportRun& run, v1::FairnessPopulation population, const Group* group, const Fill& fill, bool has_weights) {
  const Slice slice(v1::FairnessPopulation_descriptor()->FindValueByNumber(population), group);
  run.Add(slice, v1::FAIRNESS_MEASURE_NUMBER, {fill.posts});
  run.Add(slice, v1::FAIRNESS_MEASURE_FILLED, {fill.filled});
  run.Add(slice, v1::FAIRNESS_MEASURE_FILLED_SHARE, {fill.filled, fill.posts});
  if (has_weights) run.Add(slice, v1::FAIRNESS_MEASURE_FILLED_WEIGHT, {fill.weight});
}

// What one objective gives: the round itself, or another.
struct Given {
  Populations populations;
  std::vector<v1::Assignment> rows;
  Fills fills;
  std::vector<int64_t> blocking_pairs;  // none: not worked out
};

std::vector<Given> AllGiven(const SolvedRound& solved) {
  std::vector<Given> all = {{{}, solved.assignments, FillsOf(solved, solved.opening_of_nurse), {}}};
  for (const Alternative& one : AlternativesTo(solved)) {
    const bool is_own = all.front().blocking_pairs.empty();  // comes first
    Given& given = is_own ? all.front() : all.emplace_back();
    given.blocking_pairs = {one.outcome.blocking_pair_count()};
    if (is_own) continue;
    given.populations = IfSolvedFor(one.outcome.objective());
    given.fills = FillsOf(solved, one.opening_of_nurse);
    ResultRows rows(solved.snapshot, solved.round, solved.instance, one.opening_of_nurse);
    for (int32_t nurse = 0; nurse < solved.snapshot.nurses_size(); ++nurse) given.rows.push_back(rows.Of(nurse, false));
  }
  return all;
}

absl::Status ReportFairness(const peers::RegistryPlaces& names, ReportRun& run,
                            const v1::GetFairnessReportRequest& request) {
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(run.view(), request.round(), AfterEventOf(request)));
  const SolvedRound& solved = round.solved;
  run.SetDayTold(jp::DayOf(solved.round.as_of_date()));
  const bool has_weights = solved.round.weights_size() > 0;
  const std::vector<Given> all = AllGiven(solved);
  for (const Given& given : all) {
    AddNurses(run, given.populations.nurses, solved, given.rows);
    for (const int64_t pairs : given.blocking_pairs) {
      run.Add(given.populations.nurses, v1::FAIRNESS_MEASURE_BLOCKING_PAIRS, {pairs});
    }
  }
  if (solved.after_event > 0) {
    run.Add(v1::FAIRNESS_POPULATION_POSTS, v1::FAIRNESS_MEASURE_AFTER_EVENT, {solved.after_event});
  }
  for (const auto& [area, own] : all.front().fills) {
    if (!area.empty() && request.group_by() != v1::FAIRNESS_GROUPING_AREAS) continue;
    const Group group = {area, names.DisplayNameOf(area)};
    for (const Given& given : all) {
      AddFill(run, given.populations.posts, area.empty() ? nullptr : &group, given.fills.at(area), has_weights);
    }
  }
  return absl::OkStatus();
}

}  // namespace

void AddFairnessReport(Service& service, const peers::RegistryPlaces& names) {
  BindReport<v1::GetFairnessReportRequest>(
      service, "tsunagu.matching.v1.RoundReportService/GetFairnessReport",
      [&names](ReportRun& run, const v1::GetFairnessReportRequest& request) {
        return ReportFairness(names, run, request);
      });
}

}  // namespace tsunagu::matching
