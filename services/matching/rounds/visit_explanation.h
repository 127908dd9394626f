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

// Why a round of visits came out as it did, or what its events have made of it, with texts: by its prices where it was
// solved for COVERAGE. Keeps references to both, which must outlive it.
class VisitExplanation {
 public:
  VisitExplanation(const SolvedVisits& solved, const peers::RegistryPlaces& names);

  // Of one half-day: its index in the rows.
  v1::ExplainVisitResponse Of(int32_t place) const;
  // Of the half-days in `area` (Within), with the largest shortages.
  v1::ExplainAreaResponse OfArea(const std::string& area) const;

 private:
  // The innermost cap around a half-day that is reached; empty: none is.
  std::string CapAround(int32_t place) const;

  const SolvedVisits& solved_;
  const peers::RegistryPlaces& names_;
  const rules::Visits visits_;
  const std::vector<rules::Cover> covers_;
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_EXPLANATION_H_
