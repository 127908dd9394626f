#include "services/matching/rounds/visit_explanation.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "services/matching/rounds/visit_prices.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rounds/visit_text.h"
#include "services/matching/rules/distance.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "services/matching/snapshot/within.h"
#include "services/peers/registry_places.h"

namespace tsunagu::matching {
namespace {

using Verdict = v1::ExplainVisitResponse::SupplyVerdict;

constexpr size_t kMostShortages = 5;

// That a supply refuses to go there is private, so the blocker is never that, and without `tells_blocker` there is none
// for any supply.
Verdict VerdictOf(const rules::Visits& visits, const v1::Snapshot& snapshot, int32_t supply, int32_t half_day,
                  int32_t count, const rules::Standing& standing, bool tells_blocker) {
  Verdict verdict;
  const rules::Nurse& one = visits.instance.nurses[supply];
  const rules::Opening& there = visits.instance.openings[half_day];
  verdict.set_supply(snapshot.supplies(supply).name());
  verdict.set_distance_metres(rules::DistanceMetres(one.home, there.place));
  verdict.set_count(count);
  if (standing.is_eligible) {
    verdict.set_standing(verdict.count() > 0   ? v1::ExplainVisitResponse::STANDING_COVERS
                         : standing.would_send ? v1::ExplainVisitResponse::STANDING_OUTRANKED
                                               : v1::ExplainVisitResponse::STANDING_USED_UP);
    return verdict;
  }
  verdict.set_standing(v1::ExplainVisitResponse::STANDING_NOT_ELIGIBLE);
  const v1::Blocker blocker = BlockerOf(visits, supply, half_day);
  if (!tells_blocker || blocker == v1::BLOCKER_EXCLUDED) return verdict;
  verdict.set_blocker(blocker);
  if (blocker == v1::BLOCKER_SKILLS) {
    verdict.set_missing_skill_count(__builtin_popcountll(there.required_skills & ~one.skills));
  } else if (blocker == v1::BLOCKER_DISTANCE) {
    verdict.set_extra_metres(verdict.distance_metres() - one.commute_limit_metres);
  }
  return verdict;
}

// Returns why a half-day is short. The blocker is given only if nobody could come.
std::pair<v1::VisitRow::ShortReason, v1::Blocker> WhyShort(const v1::VisitRow& row) {
  const bool nobody = row.short_reason() == v1::VisitRow::SHORT_REASON_NOBODY_ELIGIBLE;
  return {row.short_reason(), nobody ? row.main_blocker() : v1::BLOCKER_UNSPECIFIED};
}

}  // namespace

VisitExplanation::VisitExplanation(const SolvedVisits& solved, const peers::RegistryPlaces& names)
    : solved_(solved),
      names_(names),
      visits_(ToVisits(solved.snapshot, solved.round.seed())),
      covers_(CoversOf(solved.snapshot, solved.rows)) {}

std::string VisitExplanation::CapAround(int32_t half_day) const {
  std::string innermost;
  for (int i = 0; i < solved_.snapshot.caps_size(); ++i) {  // wider ones first
    const rules::Cap& cap = visits_.instance.caps[i];
    const auto counts = [&](int32_t other) {
      return std::binary_search(cap.openings.begin(), cap.openings.end(), other);
    };
    if (!counts(half_day)) continue;
    int32_t count = 0;
    for (const rules::Cover& cover : covers_) count += counts(cover.half_day) ? cover.count : 0;
    if (count >= cap.limit) innermost = solved_.snapshot.caps(i).place();
  }
  return innermost;
}

v1::ExplainVisitResponse VisitExplanation::Of(int32_t half_day, bool tells_blockers) const {
  v1::ExplainVisitResponse response;
  response.set_after_event(solved_.after_event);
  *response.mutable_visit() = solved_.rows[half_day];
  const std::vector<rules::Standing> standings = rules::StandingsAt(visits_, covers_, half_day);
  std::vector<int32_t> counts(standings.size(), 0);
  for (const rules::Cover& cover : covers_) {
    if (cover.half_day == half_day && cover.supply >= 0) counts[cover.supply] = cover.count;
  }
  for (int32_t supply = 0; supply < solved_.snapshot.supplies_size(); ++supply) {
    *response.add_supplies() =
        VerdictOf(visits_, solved_.snapshot, supply, half_day, counts[supply], standings[supply], tells_blockers);
  }
  if (solved_.round.objective() == v1::Round::OBJECTIVE_COVERAGE) {
    SayByPrices(visits_, solved_.certificate, half_day, response);
  }
  if (response.visit().short_reason() == v1::VisitRow::SHORT_REASON_CAPPED) {
    response.set_cap(CapAround(half_day));
    response.set_cap_display_name(names_.DisplayNameOf(response.cap()));
  }
  *response.mutable_text() = TextOf(response);
  return response;
}

v1::ExplainAreaResponse VisitExplanation::OfArea(const std::string& area) const {
  const Within within(names_, area, jp::DayOf(solved_.round.as_of_date()));
  v1::ExplainAreaResponse response;
  response.set_after_event(solved_.after_event);
  std::set<std::string> openings;
  std::map<std::pair<v1::VisitRow::ShortReason, v1::Blocker>, int32_t> short_visits;
  std::vector<std::tuple<int32_t, int32_t>> shortages;  // largest first, then in the order of the rows
  const std::vector<WantedVisit> wanted = WantedVisitsOf(solved_.snapshot);
  for (int32_t half_day = 0; half_day < static_cast<int32_t>(wanted.size()); ++half_day) {
    const v1::VisitRow& row = solved_.rows[half_day];
    if (!within.Has(solved_.snapshot.openings(wanted[half_day].opening).area())) continue;
    openings.insert(row.opening());
    response.set_post_count(response.post_count() + row.wanted_count());
    response.set_filled_count(response.filled_count() + row.wanted_count() - row.short_count());
    if (row.short_count() == 0) continue;
    short_visits[WhyShort(row)] += row.short_count();
    shortages.emplace_back(-row.short_count(), half_day);
  }
  response.set_opening_count(static_cast<int32_t>(openings.size()));
  for (const auto& [why, count] : short_visits) {
    auto& row = *response.add_short_posts();
    row.set_short_reason(why.first);
    row.set_blocker(why.second);
    row.set_post_count(count);
  }
  std::sort(shortages.begin(), shortages.end());
  if (shortages.size() > kMostShortages) shortages.resize(kMostShortages);
  for (const auto& [left, half_day] : shortages) {
    v1::ExplainVisitResponse visit = Of(half_day, false);
    auto& row = *response.add_shortages();
    row.set_opening(visit.visit().opening());
    row.set_facility(visit.visit().facility());
    row.set_half_day(visit.visit().half_day());
    row.set_holidays(visit.visit().holidays());
    row.set_post_count(visit.visit().wanted_count());
    row.set_filled_count(visit.visit().wanted_count() - visit.visit().short_count());
    row.set_short_reason(visit.visit().short_reason());
    row.mutable_obstacles()->set_main_blocker(visit.visit().main_blocker());
    *row.mutable_text() = std::move(*visit.mutable_text());
  }
  *response.mutable_text() = TextOfVisits(response);
  return response;
}

}  // namespace tsunagu::matching
