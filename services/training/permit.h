#ifndef TSUNAGU_SERVICES_TRAINING_PERMIT_H_
#define TSUNAGU_SERVICES_TRAINING_PERMIT_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Permits of care workers: how prefectures give them, applications, what offices file, and the question whether
// somebody may act.
void AddPermits(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PERMIT_H_
