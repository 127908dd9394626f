#include "services/matching/rounds/visit_cutoffs.h"

#include <bit>
#include <cstdint>
#include <tuple>

#include "services/matching/coverage/visit_problem.h"
#include "services/matching/rounds/visit_objective.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/distance.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

using Cutoff = v1::ListCutoffsResponse::Cutoff;
using CoversOfHalfDays = std::vector<std::vector<rules::Cover>>;

// Returns the cut-off of the half-days of a cap, or of one half-day.
Cutoff CutoffOf(const rules::Visits& visits, const CoversOfHalfDays& covers, const std::vector<int32_t>& half_days,
                int32_t limit, bool by_priority) {
  Cutoff cutoff;
  std::tuple<int32_t, int64_t> last(-64, -1);  // fewest extra skills, then most metres
  for (const int32_t half_day : half_days) {
    const rules::Opening& there = visits.instance.openings[half_day];
    for (const rules::Cover& cover : covers[half_day]) {
      const rules::Nurse& supply = visits.instance.nurses[cover.supply];
      cutoff.set_filled_count(cutoff.filled_count() + cover.count);
      last = std::max(last, std::tuple(-std::popcount(supply.skills & ~there.required_skills),
                                       rules::DistanceMetres(supply.home, there.place)));
    }
  }
  cutoff.set_limit(limit);
  cutoff.set_full(cutoff.filled_count() >= limit);
  cutoff.set_metres(-1);
  if (!by_priority || !cutoff.full() || cutoff.filled_count() == 0) return cutoff;
  cutoff.set_extra_skills(-std::get<0>(last));
  cutoff.set_metres(std::get<1>(last));
  return cutoff;
}

}  // namespace

std::vector<Cutoff> CutoffsOf(const SolvedVisits& solved) {
  const rules::Visits visits = ToVisits(solved.snapshot, solved.round.seed());
  CoversOfHalfDays covers(visits.slots.size());
  for (const rules::Cover& cover : CoversOf(solved.snapshot, solved.rows)) covers[cover.half_day].push_back(cover);
  const bool by_prices = solved.round.objective() == v1::Round::OBJECTIVE_COVERAGE;
  const coverage::Scale scale = by_prices ? coverage::ScaleOf(ToVisitProblem(visits)) : coverage::Scale();
  std::vector<Cutoff> rows;
  for (int i = 0; i < solved.snapshot.caps_size(); ++i) {
    const rules::Cap& cap = visits.instance.caps[i];
    Cutoff& row = rows.emplace_back(CutoffOf(visits, covers, cap.openings, cap.limit, !by_prices));
    row.set_name(solved.snapshot.caps(i).place());
    row.set_least(cap.least);
    if (by_prices) SetPrices(scale, solved.certificate.limit_prices(i), solved.certificate.floor_prices(i), row);
  }
  for (int32_t half_day = 0; half_day < static_cast<int32_t>(covers.size()); ++half_day) {
    Cutoff& row =
        rows.emplace_back(CutoffOf(visits, covers, {half_day}, visits.instance.openings[half_day].posts, !by_prices));
    row.set_name(solved.rows[half_day].opening());
    row.set_half_day(solved.rows[half_day].half_day());
    row.set_holidays(solved.rows[half_day].holidays());
    if (by_prices) SetPrices(scale, solved.certificate.opening_prices(half_day), 0, row);
  }
  return rows;
}

}  // namespace tsunagu::matching
