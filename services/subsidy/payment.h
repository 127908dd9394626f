#ifndef TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds payments and returned payments.
void AddPayments(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PAYMENT_H_
