#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Files that ask for payments, and the results that come back.
void AddPaymentBatches(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_BATCH_H_
