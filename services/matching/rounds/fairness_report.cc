#include "services/matching/rounds/fairness_report.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/round_after.h"
#include "services/matching/rounds/alternatives.h"
#include "services/matching/rounds/fairness.h"
#include "services/matching/rounds/result.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/round_report.pb.h"

namespace tsunagu::matching {
namespace {

// The populations of the report for the result of an objective.
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

constexpr GotMeasures<v1::FairnessMeasure> kGot = {
    v1::FAIRNESS_MEASURE_FIRST_CHOICE_SHARE, v1::FAIRNESS_MEASURE_THIRD_CHOICE_SHARE, v1::FAIRNESS_MEASURE_CHOICE_MEAN,
    v1::FAIRNESS_MEASURE_COMMUTE_MEAN,       v1::FAIRNESS_MEASURE_COMMUTE_P90,        v1::FAIRNESS_MEASURE_COMMUTE_MAX};
constexpr FillMeasures<v1::FairnessMeasure> kFill = {v1::FAIRNESS_MEASURE_NUMBER, v1::FAIRNESS_MEASURE_FILLED,
                                                     v1::FAIRNESS_MEASURE_FILLED_SHARE,
                                                     v1::FAIRNESS_MEASURE_FILLED_WEIGHT};

void AddNurses(ReportRun& run, v1::FairnessPopulation population, const SolvedRound& solved,
               const std::vector<v1::Assignment>& rows) {
  const auto nurses = static_cast<int64_t>(rows.size());
  Got got;
  for (const v1::Assignment& row : rows) {
    if (!row.opening().empty()) got.Add(row.choice(), row.distance_metres());
  }
  run.Add(population, v1::FAIRNESS_MEASURE_NUMBER, {nurses});
  run.Add(population, v1::FAIRNESS_MEASURE_PLACED, {got.count()});
  run.Add(population, v1::FAIRNESS_MEASURE_PLACED_SHARE, {got.count(), nurses});
  // With and without the nurse of an event, these are her way and her choice. Of rounds that differ in one nurse, the
  // rounded sum leaves a kilometre of doubt.
  if (solved.after_event > 0 && !run.sees_people()) return;
  const int64_t least = std::max(1, solved.round.least_count());
  if (got.count() >= least) AddGot(run, population, kGot, got, {(got.metres() + 500) / 1000, got.count()}, least);
}

Fills FillsOf(const SolvedRound& solved, absl::Span<const int32_t> opening_of_nurse) {
  const std::vector<int32_t> filled = FilledOf(solved.instance, opening_of_nurse);
  Fills fills;
  for (size_t i = 0; i < filled.size(); ++i) {
    const rules::Opening& opening = solved.instance.openings[i];
    fills.Add(solved.snapshot.openings(static_cast<int>(i)).area(),
              {opening.posts, filled[i], int64_t{filled[i]} * opening.weight});
  }
  return fills;
}

// The result of one objective: that of the round, or another.
struct Given {
  Populations populations;
  std::vector<v1::Assignment> rows;
  Fills fills;
  std::vector<int64_t> blocking_pairs;  // none: not computed
};

std::vector<Given> AllGiven(const SolvedRound& solved) {
  std::vector<Given> all = {{{}, solved.assignments, FillsOf(solved, solved.opening_of_nurse), {}}};
  for (const Alternative& one : AlternativesTo(solved)) {
    const bool is_own = all.front().blocking_pairs.empty();  // the round's own result is first
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

// Returns the nurses who have something else because of the events, each once.
std::vector<std::string> MovedBy(const std::vector<v1::RoundEvent>& log) {
  std::set<std::string> nurses;
  for (const v1::RoundEvent& event : log) {
    for (const v1::NurseMove& move : event.moves()) nurses.insert(move.nurse());
  }
  return {nurses.begin(), nurses.end()};
}

absl::Status ReportFairness(const peers::RegistryPlaces& names, ReportRun& run,
                            const v1::GetFairnessReportRequest& request) {
  ASSIGN_OR_RETURN(const int32_t event, EventToReport(run, request.round(), false, AfterEventOf(request)));
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(run.view(), request.round(), event));
  const SolvedRound& solved = round.solved;
  run.SetDayTold(jp::DayOf(solved.round.as_of_date()));
  if (run.sees_people()) run.seen = MovedBy(round.log);
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
  for (const Given& given : all) AddFill(run, given.populations.posts, kFill, given.fills.all(), has_weights);
  if (request.group_by() != v1::FAIRNESS_GROUPING_AREAS) return absl::OkStatus();
  for (const auto& [area, own] : all.front().fills.by_area()) {
    const Group group = {area, names.DisplayNameOf(area)};
    for (const Given& given : all) {
      AddFill(run, Slice(Slice(given.populations.posts).population, &group), kFill, given.fills.by_area().at(area),
              has_weights);
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
      },
      [&service](const rpc::Call& call, const v1::GetFairnessReportRequest& request) {
        return MaySeeNurses(service, call, request.round());
      });
}

}  // namespace tsunagu::matching
