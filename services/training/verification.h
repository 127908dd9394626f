#ifndef TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_
#define TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds the check whether a token is one of ours and valid, and the data that others need to check tokens themselves.
void AddVerification(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_
