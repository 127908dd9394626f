#ifndef TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
#define TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_

#include "absl/status/statusor.h"
#include "tsunagu/training/v1/certificate.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::training {

// Certificates: judged and issued in one transaction, replaced, withdrawn, checked.
void AddCertificates(Service& service);

// The method IssueCertificate, for one of many.
absl::StatusOr<v1::Certificate> IssueCertificate(Service& service, const rpc::Call& call,
                                                 const v1::IssueCertificateRequest& request);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
