#include "services/training/replace_certificates.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "services/training/badge.h"
#include "services/training/certificate.h"
#include "services/training/evidence.h"
#include "services/training/names.h"
#include "services/training/signing_key.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/learner.pb.h"

namespace tsunagu::training {
namespace {

using v1::Certificate;

// Returns whether a certificate issued today would be different, or the signing key is retired. Runs in a transaction,
// where names are read without a purpose: nobody is shown them.
absl::StatusOr<bool> IsOutdated(store::Tx& tx, const Certificate& certificate, jp::CivilDay today) {
  const auto learner = store::Records<v1::Learner>(tx).Get(certificate.learner());
  if (absl::IsNotFound(learner.status())) return true;  // out of the caller's scope, which the attempt reports
  RETURN_IF_ERROR(learner.status());
  ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(tx, CourseOf(certificate.enrollment())));
  ASSIGN_OR_RETURN(const auto keys, ReadSigningKeys(tx));
  ASSIGN_OR_RETURN(const Checked checked, CheckBadge(certificate.token(), KeySetOf(keys, today), "", today));
  const auto badge = ReadBadge(certificate.token());
  return checked.verdict == v1::VerifyCertificateResponse::VERDICT_RETIRED_KEY || !badge ||
         certificate.holder() != learner->display_name() || certificate.course_title() != rule.course.display_name() ||
         badge->issuer != IssuerOf(rule.course) || badge->achievement != rule.curriculum.display_name();
}

// Handles one certificate after another, each in its own transaction: completed changes remain, wherever the call ends.
template <typename Request, typename Response>
class Changing : public rpc::Source<Response> {
 public:
  Changing(Service& service, rpc::Call& call, Request request)
      : service_(service), call_(call), request_(std::move(request)) {}

  absl::Status Begin() {
    return service_.Read(call_, [&](store::View& view) -> absl::Status {
      RETURN_IF_ERROR(store::Records<v1::Course>::All(view).Get(request_.course()).status());
      ASSIGN_OR_RETURN(held_, HeldIn(view, request_.course()));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<bool> Next(Response& response) override {
    absl::optional<Chosen> one;
    while (!one && next_ < held_.size()) {
      if (call_.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
      ASSIGN_OR_RETURN(one, Choose(held_[next_++]));
    }
    if (!one) return false;
    response.set_certificate(one->name);
    if (request_.validate_only()) return true;
    const absl::Status changed = Change(*one, response);
    if (changed.ok()) return true;
    // Any other error ends the whole call. That another call was faster concerns only this certificate.
    const bool concerns_one = absl::IsInvalidArgument(changed) || absl::IsFailedPrecondition(changed) ||
                              absl::IsNotFound(changed) || ReasonOf(changed) == "ETAG_MISMATCH"_reason;
    if (!concerns_one) return changed;
    const Fault fault = FaultOf(changed);
    auto& refusal = *response.add_refusals();
    refusal.set_reason(ReasonWord(fault));
    refusal.set_text(Text(fault, call_.headers.language));
    return true;
  }

 private:
  struct Chosen {
    std::string name;
    std::string etag;
  };

  // Returns the present certificate, if it is valid and must be changed.
  absl::StatusOr<absl::optional<Chosen>> Choose(const std::string& name) const {
    constexpr bool kOnlyOutdated = std::is_same_v<Request, v1::ReissueCertificatesRequest>;
    absl::optional<Chosen> chosen;
    Response none;
    const absl::Status read = service_.Change(
        ActorOf(call_), call_.deadline, {"", /*validate_only=*/true}, none, [&](store::Tx& tx) -> absl::Status {
          chosen.reset();
          ASSIGN_OR_RETURN(const Certificate now, store::Records<Certificate>(tx).Get(name));
          if (now.state() != Certificate::STATE_ISSUED) return absl::OkStatus();
          ASSIGN_OR_RETURN(const bool outdated, IsOutdated(tx, now, service_.Today()));
          if (outdated || !kOnlyOutdated) chosen = Chosen{name, now.etag()};
          return absl::OkStatus();
        });
    RETURN_IF_ERROR(read);
    return chosen;
  }

  template <typename One>
  One RequestFor(const Chosen& chosen) const {
    One one;
    one.set_name(chosen.name);
    one.set_etag(chosen.etag);
    one.set_reason(request_.reason());
    return one;
  }
  absl::Status Change(const Chosen& chosen, v1::ReissueCertificatesResponse& response) const {
    ASSIGN_OR_RETURN(const Certificate successor,
                     ReissueCertificate(service_, call_, RequestFor<v1::ReissueCertificateRequest>(chosen)));
    response.set_successor(successor.name());
    return absl::OkStatus();
  }
  absl::Status Change(const Chosen& chosen, v1::RevokeCertificatesResponse&) const {
    return RevokeCertificate(service_, call_, RequestFor<v1::RevokeCertificateRequest>(chosen)).status();
  }

  Service& service_;
  rpc::Call& call_;
  const Request request_;
  std::vector<std::string> held_;
  size_t next_ = 0;
};

template <typename Request, typename Response>
absl::StatusOr<std::unique_ptr<Changing<Request, Response>>> Begin(Service& service, rpc::Call& call,
                                                                   const Request& request) {
  auto changing = std::make_unique<Changing<Request, Response>>(service, call, request);
  RETURN_IF_ERROR(changing->Begin());
  return changing;
}

}  // namespace

void AddReplacing(Service& service) {
  rpc::Binder(service.module(), "tsunagu.training.v1.CertificateService")
      .ServerStream("ReissueCertificates",
                    [&](rpc::Call& call, const v1::ReissueCertificatesRequest& request) {
                      return Begin<v1::ReissueCertificatesRequest, v1::ReissueCertificatesResponse>(service, call,
                                                                                                    request);
                    })
      .ServerStream("RevokeCertificates", [&](rpc::Call& call, const v1::RevokeCertificatesRequest& request) {
        return Begin<v1::RevokeCertificatesRequest, v1::RevokeCertificatesResponse>(service, call, request);
      });
}

}  // namespace tsunagu::training
