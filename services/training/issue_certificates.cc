#include "services/training/issue_certificates.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/refusals.h"
#include "common/service/service.h"
#include "services/training/certificate.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;

// Handles one enrollment after another, each in its own transaction: issued certificates remain, wherever the call
// ends.
class Issuing : public rpc::Source<v1::IssueCertificatesResponse> {
 public:
  Issuing(Service& service, rpc::Call& call, v1::IssueCertificatesRequest request)
      : service_(service), call_(call), request_(std::move(request)) {}

  absl::Status Begin() {
    if (request_.has_issue_date() && jp::DayOf(request_.issue_date()) > service_.Today()) {
      return FailAt("issue_date", "DAY_TO_COME"_reason);
    }
    return service_.Read(call_, [&](store::View& view) -> absl::Status {
      enrollments_.clear();
      RETURN_IF_ERROR(store::Records<v1::Course>::All(view).Get(request_.course()).status());
      return store::Records<v1::Enrollment>(view).ForEach(
          Where::Under(request_.course()) && Where("state", v1::Enrollment::STATE_ACCEPTED),
          [&](const v1::Enrollment& enrollment) {
            enrollments_.push_back(enrollment.name());
            return absl::OkStatus();
          });
    });
  }

  absl::StatusOr<bool> Next(v1::IssueCertificatesResponse& response) override {
    if (next_ == enrollments_.size()) return false;
    if (call_.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    response.set_enrollment(enrollments_[next_++]);
    v1::IssueCertificateRequest one;
    one.set_enrollment(response.enrollment());
    one.set_validate_only(request_.validate_only());
    if (request_.has_issue_date()) *one.mutable_issue_date() = request_.issue_date();
    const auto issued = IssueCertificate(service_, call_, one, AfterRevocation::kRefused);
    if (issued.ok()) {
      if (!request_.validate_only()) response.set_certificate(issued->name());
      return true;
    }
    if (ReasonWord(FaultOf(issued.status())) == "CERTIFICATE_ISSUED") return ReadIssued(response);
    RETURN_IF_ERROR(AddRefusals(issued.status(), call_.headers.language, response));
    return true;
  }

 private:
  absl::StatusOr<bool> ReadIssued(v1::IssueCertificatesResponse& response) {
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(const auto certificate,
                       store::Records<v1::Certificate>::All(view).Find(Where("enrollment", response.enrollment()) &&
                                                                       Where("state", v1::Certificate::STATE_ISSUED)));
      if (certificate) response.set_certificate(certificate->name());
      return absl::OkStatus();
    }));
    return true;
  }

  Service& service_;
  rpc::Call& call_;
  const v1::IssueCertificatesRequest request_;
  std::vector<std::string> enrollments_;
  size_t next_ = 0;
};

absl::StatusOr<std::unique_ptr<Issuing>> Begin(Service& service, rpc::Call& call,
                                               const v1::IssueCertificatesRequest& request) {
  auto issuing = std::make_unique<Issuing>(service, call, request);
  RETURN_IF_ERROR(issuing->Begin());
  return issuing;
}

}  // namespace

void AddIssuing(Service& service) {
  rpc::Binder(service.module(), "tsunagu.training.v1.CertificateService")
      .ServerStream("IssueCertificates", [&](rpc::Call& call, const v1::IssueCertificatesRequest& request) {
        return Begin(service, call, request);
      });
}

}  // namespace tsunagu::training
