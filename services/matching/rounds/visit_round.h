#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// After rounds and visit contracts.
void BindVisitRounds(Service& service);

// A solved round of visits with all it was solved from.
struct SolvedVisits {
  v1::Round round;
  v1::Snapshot snapshot;
  std::vector<v1::VisitRow> rows;
  v1::Certificate certificate;
};
// ROUND_NOT_OF_VISITS, ROUND_NOT_SOLVED, SNAPSHOT_CHANGED; ROUND_OF_OTHER_RULES where it was not solved by those of today.
absl::StatusOr<SolvedVisits> LoadVisitsOfToday(store::View& view, const std::string& name);

// VerifySolution of a round of visits.
absl::StatusOr<v1::VerifySolutionResponse> VerifyVisitRound(Service& service, const rpc::Call& call,
                                                            const std::string& name);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_ROUND_H_
