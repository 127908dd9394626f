#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds files that request payments, and the results of these requests.
void AddPaymentBatches(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_
