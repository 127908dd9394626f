#ifndef TSUNAGU_SERVICES_MATCHING_HELD_VISITS_H_
#define TSUNAGU_SERVICES_MATCHING_HELD_VISITS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/view.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::matching {

using RoundContracts = google::protobuf::RepeatedPtrField<v1::VisitEvent::RoundContract>;

// The present state of the contracts that a round has proposed, ordered by name.
struct ContractsOfRound {
  RoundContracts held;  // proposed or agreed, and not over
  RoundContracts declined;
};
// Reads the contracts as of `day`, including those that the caller may not see, since they also hold half-days.
absl::StatusOr<ContractsOfRound> ReadContractsOf(store::View& view, const std::string& round, jp::CivilDay day);

// Calls `look` for each half-day of each contract. Each counts as one nurse.
template <typename Look>
void ForEachVisit(const RoundContracts& contracts, Look look) {
  for (const v1::VisitEvent::RoundContract& contract : contracts) {
    for (const int half_day : contract.school_half_days()) look(contract, half_day, false);
    for (const int half_day : contract.holiday_half_days()) look(contract, half_day, true);
  }
}

// Rows less what contracts hold.
struct Rest {
  v1::Snapshot rows;
  int64_t missing = 0;  // visits that contracts hold but that the rows do not have
};
// `whole` must be canonical; the remaining rows are canonical too. A supply that is used up stays, with nothing to
// give.
Rest RestOf(const v1::Snapshot& whole, const RoundContracts& held);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_HELD_VISITS_H_
