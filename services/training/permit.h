#ifndef TSUNAGU_SERVICES_TRAINING_PERMIT_H_
#define TSUNAGU_SERVICES_TRAINING_PERMIT_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds permits of care workers: the rules of prefectures, applications, the filings of offices, and the check whether a
// worker may act.
void AddPermits(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PERMIT_H_
