#ifndef TSUNAGU_SERVICES_SUBSIDY_APPROVAL_H_
#define TSUNAGU_SERVICES_SUBSIDY_APPROVAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

void AddApproval(Service& service);

// Errors: APPROVAL_LIMIT_EXCEEDED if the body has limits, and `maker` has no sufficient limit on that day.
absl::Status CheckApprovalLimit(store::Tx& tx, const std::string& body, const std::string& maker, jp::CivilDay day,
                                int64_t yen);

// Returns an override of the application or commitment that `maker` may use today: approved and unused. O is Override
// or CommitmentOverride.
template <typename O>
absl::StatusOr<absl::optional<O>> FindOverride(store::Tx& tx, const std::string& owner, const std::string& maker,
                                               jp::CivilDay today);

// Records in an override which document used it.
template <typename O>
absl::Status UseOverride(store::Tx& tx, const O& override, const std::string& used_by);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_APPROVAL_H_
