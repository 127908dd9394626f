#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_CONTRACTS_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_CONTRACTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu {
class Service;
namespace store {
template <typename M>
class Decision;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// After openings.
void AddVisitContracts(Service& service);

// Whether a contract of the opening goes on. After GuardOfOpening.
absl::StatusOr<bool> HasContracts(const store::Decision<v1::Opening>& decision);

// Adds what contracts hold of an opening that would not offer it any more. After GuardOfOpening.
absl::Status CheckHeldHalfDays(const store::Decision<v1::Opening>& decision);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_CONTRACTS_H_
