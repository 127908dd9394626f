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

// Call it after AddOpenings.
void AddVisitContracts(Service& service);

// Returns whether some contract of the opening goes on. GuardOfOpening must be locked.
absl::StatusOr<bool> HasContracts(const store::Decision<v1::Opening>& decision);

// Adds a fault for each thing that contracts hold of an opening and that the opening would no longer offer.
// GuardOfOpening must be locked.
absl::Status CheckHeldHalfDays(const store::Decision<v1::Opening>& decision);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_CONTRACTS_H_
