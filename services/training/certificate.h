#ifndef TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
#define TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Certificates: judged and issued in one transaction, replaced, withdrawn, checked.
void AddCertificates(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
