#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_EXPLANATION_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/rounds/visit_round.h"
#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu::matching {

// Explains the result of a round of visits, or of its events, with texts; by its prices if the objective was COVERAGE.
// Keeps references to both arguments, which must outlive this object.
class VisitExplanation {
 public:
  VisitExplanation(const SolvedVisits& solved, const peers::RegistryPlaces& names);

  // Explains one half-day, by its index in the rows. What keeps each supply away, and what would help, is told if
  // `tells_blockers`, else all that are not eligible look the same.
  v1::ExplainVisitResponse Of(int32_t half_day, bool tells_blockers) const;
  // Explains the half-days in `area` (Within), with the largest shortages.
  v1::ExplainAreaResponse OfArea(const std::string& area) const;

 private:
  // Returns the innermost reached cap around a half-day; empty: there is none.
  std::string CapAround(int32_t half_day) const;

  const SolvedVisits& solved_;
  const peers::RegistryPlaces& names_;
  const rules::Visits visits_;
  const std::vector<rules::Cover> covers_;
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_EXPLANATION_H_
