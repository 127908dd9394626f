#ifndef TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_
#define TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Whether a token is one of ours and holds, and what others need to find out themselves.
void AddVerification(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_VERIFICATION_H_
