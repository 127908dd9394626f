#ifndef TSUNAGU_SERVICES_SUBSIDY_USAGE_CLAIM_STEPS_H_
#define TSUNAGU_SERVICES_SUBSIDY_USAGE_CLAIM_STEPS_H_

#include <string>

#include "absl/status/status.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "common/rpc/bind.h"

namespace tsunagu {
class Service;
struct Resource;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Binds what becomes of a claim of hours once it is filed: FILED ⇄ APPROVED → PAID, FILED → WITHDRAWN.
void BindClaimSteps(Service& service, Resource& claims, rpc::Binder& binder);

// Pays what was approved, as a result of a batch says: unless it is this payment that somebody has recorded already.
// CLAIM_NOT_APPROVED, PAID_ALREADY, DUTIES_OF_ONE_PERSON, DOCUMENT_TO_COME, DOCUMENT_OUT_OF_ORDER, and what postings
// fail with.
absl::Status TakeClaimPayment(store::Tx& tx, const std::string& claim, jp::CivilDay day, const std::string& voucher,
                              jp::CivilDay today);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_USAGE_CLAIM_STEPS_H_
