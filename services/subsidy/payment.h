#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_

#include "absl/status/status.h"
#include "common/service/due.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// What is paid, and what comes back.
void AddPayments(Service& service);

// What is committed and not paid, by 31 May after its year: of grants, of contracts and of own work.
absl::Status CollectDuePayments(DueRun& run);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_
