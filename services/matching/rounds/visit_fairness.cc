#include "services/matching/rounds/visit_fairness.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/round_after.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/fairness.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_objective.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/visits.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/visit_report.pb.h"

namespace tsunagu::matching {
namespace {

constexpr GotMeasures<v1::VisitFairnessMeasure> kGot = {v1::VISIT_FAIRNESS_MEASURE_FIRST_CHOICE_SHARE,
                                                        v1::VISIT_FAIRNESS_MEASURE_THIRD_CHOICE_SHARE,
                                                        v1::VISIT_FAIRNESS_MEASURE_CHOICE_MEAN,
                                                        v1::VISIT_FAIRNESS_MEASURE_WAY_MEAN,
                                                        v1::VISIT_FAIRNESS_MEASURE_WAY_P90,
                                                        v1::VISIT_FAIRNESS_MEASURE_WAY_MAX};
constexpr FillMeasures<v1::VisitFairnessMeasure> kFill = {
    v1::VISIT_FAIRNESS_MEASURE_NUMBER, v1::VISIT_FAIRNESS_MEASURE_COVERED, v1::VISIT_FAIRNESS_MEASURE_COVERED_SHARE,
    v1::VISIT_FAIRNESS_MEASURE_COVERED_WEIGHT};

// The populations of the report for the result of an objective.
struct Populations {
  v1::VisitFairnessPopulation supplies = v1::VISIT_FAIRNESS_POPULATION_SUPPLIES;
  v1::VisitFairnessPopulation visits = v1::VISIT_FAIRNESS_POPULATION_VISITS;
};

Populations IfSolvedFor(v1::Round::Objective objective) {
  if (objective == v1::Round::OBJECTIVE_COVERAGE) {
    return {v1::VISIT_FAIRNESS_POPULATION_SUPPLIES_IF_COVERAGE, v1::VISIT_FAIRNESS_POPULATION_VISITS_IF_COVERAGE};
  }
  return {v1::VISIT_FAIRNESS_POPULATION_SUPPLIES_IF_STABLE, v1::VISIT_FAIRNESS_POPULATION_VISITS_IF_STABLE};
}

// The result of one objective: that of the round, or the other.
struct Given {
  Populations populations;
  std::vector<rules::Cover> covers;
  std::optional<int64_t> blocking_pairs;  // none: not computed

  int64_t visiting = 0;  // supplies with a visit
  Got got;
  Fills fills;
};

std::vector<Given> AllGiven(const SolvedVisits& solved, const rules::Visits& visits, std::vector<rules::Cover> own) {
  std::vector<Given> all(1);
  for (CoverAlternative& one : AlternativesFor(solved.round, solved.snapshot, visits, own)) {
    const bool is_own = !all.front().blocking_pairs;  // the round's own result is first
    Given& given = is_own ? all.front() : all.emplace_back();
    given.blocking_pairs = one.outcome.blocking_pair_count();
    if (is_own) continue;
    given.populations = IfSolvedFor(one.outcome.objective());
    given.covers = std::move(one.covers);
  }
  all.front().covers = std::move(own);
  return all;
}

// By half-day: the rank of its facility among the supply's choices, from 1; 0: the supply may not visit it.
std::vector<int64_t> ChoicesOf(const rules::Visits& visits, rules::Candidates& candidates, int32_t supply) {
  std::vector<int64_t> choices(visits.slots.size(), 0);
  std::map<int32_t, int64_t> by_facility;
  for (const int32_t half_day : rules::ListOf(visits, candidates, supply)) {
    const auto next = static_cast<int64_t>(by_facility.size()) + 1;
    choices[half_day] = by_facility.emplace(visits.instance.openings[half_day].facility, next).first->second;
  }
  return choices;
}

void CountWays(const rules::Visits& visits, Given& given) {
  std::vector<std::vector<rules::Cover>> of_supply(visits.kinds.size());
  for (const rules::Cover& cover : given.covers) of_supply[cover.supply].push_back(cover);
  rules::Candidates candidates(visits.instance);
  for (int32_t supply = 0; supply < static_cast<int32_t>(of_supply.size()); ++supply) {
    if (of_supply[supply].empty()) continue;
    ++given.visiting;
    const std::vector<int64_t> choices = ChoicesOf(visits, candidates, supply);
    for (const rules::Cover& cover : of_supply[supply]) {
      const int64_t metres =
          rules::DistanceMetres(visits.instance.nurses[supply].home, visits.instance.openings[cover.half_day].place);
      given.got.Add(choices[cover.half_day], metres, cover.count);
    }
  }
}

void CountFill(const SolvedVisits& solved, const rules::Visits& visits, Given& given) {
  std::vector<int64_t> covered(visits.slots.size(), 0);
  for (const rules::Cover& cover : given.covers) covered[cover.half_day] += cover.count;
  const std::vector<WantedVisit> wanted = WantedVisitsOf(solved.snapshot);
  for (size_t half_day = 0; half_day < wanted.size(); ++half_day) {
    const rules::Opening& there = visits.instance.openings[half_day];
    given.fills.Add(solved.snapshot.openings(wanted[half_day].opening).area(),
                    {there.posts, covered[half_day], covered[half_day] * there.weight});
  }
}

// Returns the most visits in both kinds of week that a supply could make.
int64_t RoomOf(const market::VisitLimits& limits) {
  int64_t room = 0;
  for (int32_t week = 0; week < 2; ++week) {
    int64_t at_once = 0;
    for (int32_t slot = 0; slot < market::kSlotsOfWeek; ++slot)
      at_once += limits.at_once[week * market::kSlotsOfWeek + slot];
    room += std::min<int64_t>(at_once, limits.weekly[week]);
  }
  return std::min<int64_t>(room, limits.all);
}

void AddSupplies(ReportRun& run, const Given& given, const rules::Visits& visits, int64_t least) {
  const v1::VisitFairnessPopulation population = given.populations.supplies;
  const auto supplies = static_cast<int64_t>(visits.kinds.size());
  int64_t room = 0;
  for (const market::VisitLimits& limits : visits.limits) room += RoomOf(limits);
  run.Add(population, v1::VISIT_FAIRNESS_MEASURE_NUMBER, {supplies});
  run.Add(population, v1::VISIT_FAIRNESS_MEASURE_VISITING, {given.visiting});
  run.Add(population, v1::VISIT_FAIRNESS_MEASURE_VISITING_SHARE, {given.visiting, supplies});
  run.Add(population, v1::VISIT_FAIRNESS_MEASURE_USED_SHARE, {given.got.count(), room});
  // With few supplies, a choice would reveal what one of them wished for or excluded. The distance that a supply
  // travels is not secret.
  const Got& got = given.got;
  if (given.visiting >= least) AddGot(run, population, kGot, got, {got.metres(), 1000 * got.count()}, 1);
  if (given.blocking_pairs) run.Add(population, v1::VISIT_FAIRNESS_MEASURE_BLOCKING_PAIRS, {*given.blocking_pairs});
}

absl::Status ReportFairness(const peers::RegistryPlaces& names, ReportRun& run,
                            const v1::GetVisitsFairnessReportRequest& request) {
  ASSIGN_OR_RETURN(const int32_t event, EventToReport(run, request.round(), true, AfterEventOf(request)));
  ASSIGN_OR_RETURN(const VisitsAfter after, LoadVisitsOfToday(run.view(), request.round(), event));
  const SolvedVisits& solved = after.solved;
  run.SetDayTold(jp::DayOf(solved.round.as_of_date()));
  const rules::Visits visits = ToVisits(solved.snapshot, solved.round.seed());
  std::vector<rules::Cover> own = CoversOf(solved.snapshot, solved.rows);
  const bool is_whole =
      solved.rows.size() == visits.slots.size() &&
      std::none_of(own.begin(), own.end(), [](const rules::Cover& cover) { return cover.supply < 0; });
  if (!is_whole) return absl::DataLossError("round result");
  const int64_t least = solved.round.least_count() > 0 ? solved.round.least_count() : kLeastCount;
  const bool has_weights = solved.round.weights_size() > 0;
  std::vector<Given> all = AllGiven(solved, visits, std::move(own));
  for (Given& given : all) {
    CountWays(visits, given);
    CountFill(solved, visits, given);
    AddSupplies(run, given, visits, least);
  }
  if (solved.after_event > 0) {
    run.Add(v1::VISIT_FAIRNESS_POPULATION_VISITS, v1::VISIT_FAIRNESS_MEASURE_AFTER_EVENT, {solved.after_event});
  }
  for (const Given& given : all) AddFill(run, given.populations.visits, kFill, given.fills.all(), has_weights);
  if (request.group_by() != v1::VISIT_FAIRNESS_GROUPING_AREAS) return absl::OkStatus();
  for (const auto& [area, fill] : all.front().fills.by_area()) {
    const Group group = {area, names.DisplayNameOf(area)};
    for (const Given& given : all) {
      AddFill(run, Slice(Slice(given.populations.visits).population, &group), kFill, given.fills.by_area().at(area),
              has_weights);
    }
  }
  return absl::OkStatus();
}

}  // namespace

void AddVisitFairness(Service& service, const peers::RegistryPlaces& names) {
  BindReport<v1::GetVisitsFairnessReportRequest>(
      service, "tsunagu.matching.v1.VisitReportService/GetVisitsFairnessReport",
      [&names](ReportRun& run, const v1::GetVisitsFairnessReportRequest& request) {
        return ReportFairness(names, run, request);
      });
}

}  // namespace tsunagu::matching
