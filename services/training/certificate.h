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

// Adds certificates: they are judged and issued in one transaction, replaced, revoked and checked.
void AddCertificates(Service& service);

// Returns the counters of certificate numbers and of indexes in the status list, for the verification of the database.
std::vector<store::RecordCounter> CertificateCounters();

// Returns the valid certificates of a course, by name.
absl::StatusOr<std::vector<std::string>> HeldIn(store::View& view, const std::string& course);

// Whether a learner whose certificate was revoked gets another one. Issuing certificates for a whole course does not
// undo a revocation.
enum class AfterRevocation { kIssued, kRefused };

// IssueCertificate as a part of a batch. Errors with kRefused in addition: CERTIFICATE_WAS_REVOKED.
absl::StatusOr<v1::Certificate> IssueCertificate(Service& service, const rpc::Call& call,
                                                 const v1::IssueCertificateRequest& request, AfterRevocation after);

// ReissueCertificate and RevokeCertificate as parts of a batch.
absl::StatusOr<v1::Certificate> ReissueCertificate(Service& service, const rpc::Call& call,
                                                   const v1::ReissueCertificateRequest& request);
absl::StatusOr<v1::Certificate> RevokeCertificate(Service& service, const rpc::Call& call,
                                                  const v1::RevokeCertificateRequest& request);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CERTIFICATE_H_
