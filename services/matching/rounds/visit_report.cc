#include "services/matching/rounds/visit_report.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/visit_objective.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rounds/visit_round.h"
#include "services/matching/rules/account.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/visits.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/visit_report.pb.h"

namespace tsunagu::matching {
namespace {

int64_t CoveredBy(const std::vector<rules::Cover>& covers) {
  int64_t covered = 0;
  for (const rules::Cover& cover : covers) covered += cover.count;
  return covered;
}

void AddCovered(ReportRun& run, v1::VisitMeans means, const rules::Visits& visits,
                const std::vector<rules::Cover>& covers) {
  std::vector<int32_t> left = rules::PostsOf(visits.instance);
  for (const rules::Cover& cover : covers) left[cover.half_day] -= cover.count;
  const int64_t covered = CoveredBy(covers);
  const int64_t missing = std::accumulate(left.begin(), left.end(), int64_t{0});
  run.Add(means, v1::VISIT_MEASURE_WANTED, {covered + missing});
  run.Add(means, v1::VISIT_MEASURE_COVERED, {covered});
  run.Add(means, v1::VISIT_MEASURE_SHORT, {missing});
  run.Add(means, v1::VISIT_MEASURE_SHORT_HALF_DAYS,
          {std::count_if(left.begin(), left.end(), [](int32_t count) { return count > 0; })});
}

// Adds the result of the other objective for the same rows. Adds nothing if that would take too long, or its floors
// cannot be met.
void AddOther(ReportRun& run, const SolvedVisits& solved, const rules::Visits& visits) {
  const bool by_coverage = solved.round.objective() == v1::Round::OBJECTIVE_COVERAGE;
  const auto other = by_coverage ? v1::Round::OBJECTIVE_STABLE : v1::Round::OBJECTIVE_COVERAGE;
  if (!CheckMayVary(visits, other).ok()) return;
  const auto covers = CoversFor(other, solved.snapshot, visits);
  const auto means = by_coverage ? v1::VISIT_MEANS_IF_STABLE : v1::VISIT_MEANS_IF_COVERAGE;
  if (covers.ok()) AddCovered(run, means, visits, *covers);
}

absl::Status ReportVisits(ReportRun& run, const v1::GetVisitsReportRequest& request) {
  ASSIGN_OR_RETURN(const int32_t event, EventToReport(run, request.round(), true, std::nullopt));
  ASSIGN_OR_RETURN(const VisitsAfter after, LoadVisitsOfToday(run.view(), request.round(), event));
  const SolvedVisits& solved = after.solved;
  run.SetDayTold(jp::DayOf(solved.round.as_of_date()));
  const rules::Visits visits = ToVisits(solved.snapshot, solved.round.seed());
  const v1::Round::Objective objective = solved.round.objective();
  RETURN_IF_ERROR(CheckMayVary(visits, objective));
  const std::vector<rules::Cover> now = CoversOf(solved.snapshot, solved.rows);
  const int64_t covered = CoveredBy(now);
  AddCovered(run, v1::VISIT_MEANS_AS_IT_IS, visits, now);
  AddOther(run, solved, visits);
  // Returns the visits covered beyond those of the round if it were solved with `change`.
  const auto closed = [&](v1::VisitMeans means, const auto& change) -> absl::Status {
    rules::Visits changed = visits;
    change(changed);
    ASSIGN_OR_RETURN(const auto covers, CoversFor(objective, solved.snapshot, changed));
    run.Add(means, v1::VISIT_MEASURE_CLOSED, {CoveredBy(covers) - covered});
    return absl::OkStatus();
  };
  for (int means = v1::VISIT_MEANS_TRAINING_SUCTION; means <= v1::VISIT_MEANS_TRAINING_SEIZURE; ++means) {
    const int skill = means - v1::VISIT_MEANS_TRAINING_SUCTION + registry::v1::SKILL_SUCTION;
    RETURN_IF_ERROR(closed(static_cast<v1::VisitMeans>(means), [&](rules::Visits& changed) {
      for (rules::Nurse& supply : changed.instance.nurses) supply.skills |= uint64_t{1} << skill;
    }));
  }
  RETURN_IF_ERROR(closed(v1::VISIT_MEANS_LONGER_WAY, [](rules::Visits& changed) {
    for (rules::Nurse& supply : changed.instance.nurses) {
      supply.commute_limit_metres = std::min(1'000'000, supply.commute_limit_metres + rules::kFurtherMetres);
    }
  }));
  RETURN_IF_ERROR(closed(v1::VISIT_MEANS_MORE_VISITS, [](rules::Visits& changed) {
    for (market::VisitLimits& limits : changed.limits) {
      for (int32_t& week : limits.weekly) ++week;
      limits.all += 2;
    }
  }));
  return closed(v1::VISIT_MEANS_MORE_NURSES, [](rules::Visits& changed) {
    for (market::VisitLimits& limits : changed.limits) {
      for (int32_t& slot : limits.at_once) slot += slot > 0;
    }
  });
}

}  // namespace

void AddVisitReport(Service& service) {
  BindReport(service, "tsunagu.matching.v1.VisitReportService/GetVisitsReport", ReportVisits);
}

}  // namespace tsunagu::matching
