#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_COMPARISON_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_COMPARISON_H_

#include <cstdint>
#include <vector>

#include "services/matching/rounds/held_visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// A result of a round of visits as one side of a comparison.
struct VisitOutcome {
  const v1::Snapshot& snapshot;  // including what contracts from the round hold
  const std::vector<v1::VisitRow>& rows;
  const RoundContracts& held;
};

struct VisitComparison {
  v1::VisitDifference difference;
  std::vector<v1::VisitRowChange> half_days;  // those that differ, in the order of ListVisits
  std::vector<v1::SupplyChange> supplies;     // those with other visits, by name
};
VisitComparison Compare(const VisitOutcome& before, const VisitOutcome& after);

// Adds whether the supplies that are in both would prefer the change, by the orders of today's rules.
void AddLikings(const VisitOutcome& before, const VisitOutcome& after, int64_t seed, VisitComparison& comparison);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_COMPARISON_H_
