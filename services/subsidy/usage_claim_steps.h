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

// Binds the steps of a filed claim of hours: FILED ⇄ APPROVED → PAID, FILED → WITHDRAWN.
void BindClaimSteps(Service& service, Resource& claims, rpc::Binder& binder);

// Pays what was approved, as the result of a batch states, unless this payment has been recorded already. Errors:
// CLAIM_NOT_APPROVED, PAID_ALREADY, DUTIES_OF_ONE_PERSON, DOCUMENT_TO_COME, DOCUMENT_OUT_OF_ORDER, and those of
// postings.
absl::Status TakeClaimPayment(store::Tx& tx, const std::string& claim, jp::CivilDay day, const std::string& voucher,
                              jp::CivilDay today);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_USAGE_CLAIM_STEPS_H_
