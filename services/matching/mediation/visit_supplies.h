#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_SUPPLIES_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_SUPPLIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/records/tx.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu {
class Service;
namespace store {
template <typename M>
class Records;
}
}  // namespace tsunagu

namespace tsunagu::matching {

void AddVisitSupplies(Service& service);

// A writer that uses a supply, or changes it, locks this guard.
store::GuardKey GuardOfSupply(const std::string& name);

// Returns the contracts, except `own`, that use the supply and hold their half-days.
absl::StatusOr<std::vector<v1::VisitContract>> ContractsOf(const store::Records<v1::VisitContract>& contracts,
                                                           const std::string& supply, const std::string& own);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_SUPPLIES_H_
