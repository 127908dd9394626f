#ifndef TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
#define TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/records/verify_tables.h"
#include "common/records/view.h"
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

// What their numbers and their places in the status list are counted with, for who verifies the database.
std::vector<store::RecordCounter> CertificateCounters();

// The certificates of a course that hold, by name.
absl::StatusOr<std::vector<std::string>> HeldIn(store::View& view, const std::string& course);

// Whether somebody whose certificate was revoked gets another. Issuing for all does not undo a decision against her.
enum class AfterRevocation { kIssued, kRefused };

// The method IssueCertificate, for one of many. With kRefused also CERTIFICATE_WAS_REVOKED.
absl::StatusOr<v1::Certificate> IssueCertificate(Service& service, const rpc::Call& call,
                                                 const v1::IssueCertificateRequest& request, AfterRevocation after);

// The methods ReissueCertificate and RevokeCertificate, for one of many.
absl::StatusOr<v1::Certificate> ReissueCertificate(Service& service, const rpc::Call& call,
                                                   const v1::ReissueCertificateRequest& request);
absl::StatusOr<v1::Certificate> RevokeCertificate(Service& service, const rpc::Call& call,
                                                  const v1::RevokeCertificateRequest& request);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
