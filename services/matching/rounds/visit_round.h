#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "services/matching/rules/visits.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Call it after rounds and visit contracts are bound.
void BindVisitRounds(Service& service, const peers::RegistryPlaces& names);

// A solved round of visits with everything that it was solved from.
struct SolvedVisits {
  v1::Round round;
  v1::Snapshot snapshot;
  std::vector<v1::VisitRow> rows;
  v1::Certificate certificate;  // with the snapshot; as it was solved
  int32_t after_event = 0;      // snapshot and rows are as of this event (events/visits_after)
};
// Returns the round as it was solved, without its snapshot unless `with_snapshot`. Errors: ROUND_NOT_OF_VISITS,
// ROUND_NOT_SOLVED.
absl::StatusOr<SolvedVisits> LoadSolvedVisits(store::View& view, const std::string& name, bool with_snapshot);

// Errors: WHAT_IF_TOO_LARGE if solving it several times would take more than some seconds.
absl::Status CheckMayVary(const rules::Visits& visits, v1::Round::Objective objective);

// VerifySolution of a round of visits.
absl::StatusOr<v1::VerifySolutionResponse> VerifyVisitRound(Service& service, const rpc::Call& call,
                                                            const std::string& name);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
