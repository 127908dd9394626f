#include "services/training/print_certificates.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/print/document.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "common/service/sight.h"
#include "services/training/certificate.h"
#include "services/training/paper/certificate_page.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"

namespace tsunagu::training {
namespace {

using Certificate = v1::Certificate;

constexpr size_t kPagesAtOnce = 10;

// A caller who may not see names must not get them on paper either.
absl::Status CheckMayKnowNames(const rpc::Call& call) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  if (call.principal.May("certificates.identity")) return absl::OkStatus();
  return Fail("PERMISSION_DENIED"_reason, {{"permission", "certificates.identity"}});
}

// Drawing takes milliseconds a page, and no database connection: everything is read before.
absl::Status Draw(const rpc::Call& call, const Certificate& certificate, print::Document& document) {
  if (call.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
  return DrawCertificate(certificate, document);
}

absl::StatusOr<v1::DownloadCertificateResponse> Download(Service& service, const rpc::Call& call,
                                                         const v1::DownloadCertificateRequest& request) {
  RETURN_IF_ERROR(CheckMayKnowNames(call));
  Certificate certificate;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(certificate, store::Records<Certificate>(view).Get(request.name()));
    return absl::OkStatus();
  }));
  if (certificate.state() != Certificate::STATE_ISSUED) return Fail("CERTIFICATE_NOT_VALID"_reason);
  ASSIGN_OR_RETURN(const std::vector<std::string> visible, Sight(call, service.store()).Hide(certificate));
  if (visible.empty()) return Fail("PERMISSION_DENIED"_reason, {{"permission", "certificates.identity"}});
  if (certificate.holder().empty()) return Fail("NAME_NOT_READABLE"_reason);  // her data was erased
  ASSIGN_OR_RETURN(const auto document,
                   print::Document::Begin("修了証 " + certificate.number(), jp::DayOf(certificate.issue_date())));
  RETURN_IF_ERROR(Draw(call, certificate, *document));
  document->Keywords(certificate.token());  // so that the file can be checked without a camera
  RETURN_IF_ERROR(document->Finish());
  RETURN_IF_ERROR(service.LogAccess(call, visible));
  v1::DownloadCertificateResponse response;
  response.set_data(document->Take());
  return response;
}

// Prints the certificates of one course, some pages at a time.
class Printing : public rpc::Source<v1::DownloadCertificatesResponse> {
 public:
  Printing(Service& service, rpc::Call& call) : service_(service), call_(call), sight_(call, service.store()) {}

  absl::Status Begin(const std::string& course_name) {
    v1::Course course;
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) -> absl::Status {
      names_.clear();
      ASSIGN_OR_RETURN(course, store::Records<v1::Course>::All(view).Get(course_name));
      ASSIGN_OR_RETURN(names_, HeldIn(view, course_name));
      return absl::OkStatus();
    }));
    std::sort(names_.begin(), names_.end());
    if (names_.empty()) return Fail("NO_CERTIFICATE_TO_PRINT"_reason);
    ASSIGN_OR_RETURN(document_,
                     print::Document::Begin("修了証 " + course.display_name(), jp::DayOf(course.end_date())));
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(v1::DownloadCertificatesResponse& response) override {
    if (finished_) return false;
    ASSIGN_OR_RETURN(std::vector<Certificate> page, ReadSome());
    std::vector<std::string> visible;
    for (Certificate& certificate : page) {
      ASSIGN_OR_RETURN(const std::vector<std::string> seen, sight_.Hide(certificate));
      if (seen.empty() || certificate.holder().empty()) continue;
      visible.insert(visible.end(), seen.begin(), seen.end());
      const absl::Status drawn = Draw(call_, certificate, *document_);
      if (absl::IsFailedPrecondition(drawn)) {
        Faults faults;
        faults.Add(certificate.name(), drawn);
        return faults.ToStatus();
      }
      RETURN_IF_ERROR(drawn);
      ++pages_;
    }
    if (!visible.empty()) RETURN_IF_ERROR(service_.LogAccess(call_, visible));
    if (next_ == names_.size()) {
      if (pages_ == 0) return Fail("NO_CERTIFICATE_TO_PRINT"_reason);
      RETURN_IF_ERROR(document_->Finish());
      finished_ = true;
    }
    response.set_data(document_->Take());
    response.set_page_count(pages_);
    return true;
  }

 private:
  absl::StatusOr<std::vector<Certificate>> ReadSome() {
    std::vector<Certificate> read;
    const size_t end = std::min(names_.size(), next_ + kPagesAtOnce);
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) -> absl::Status {
      read.clear();
      for (size_t i = next_; i < end; ++i) {
        ASSIGN_OR_RETURN(Certificate certificate, store::Records<Certificate>(view).Get(names_[i]));
        // Skips those that were revoked meanwhile.
        if (certificate.state() == Certificate::STATE_ISSUED) read.push_back(std::move(certificate));
      }
      return absl::OkStatus();
    }));
    next_ = end;
    return read;
  }

  Service& service_;
  rpc::Call& call_;
  Sight sight_;
  std::vector<std::string> names_;
  size_t next_ = 0;
  int32_t pages_ = 0;
  bool finished_ = false;
  std::unique_ptr<print::Document> document_;
};

absl::StatusOr<std::unique_ptr<Printing>> BeginPrinting(Service& service, rpc::Call& call,
                                                        const v1::DownloadCertificatesRequest& request) {
  RETURN_IF_ERROR(CheckMayKnowNames(call));
  auto printing = std::make_unique<Printing>(service, call);
  RETURN_IF_ERROR(printing->Begin(request.course()));
  return printing;
}

}  // namespace

void AddPrinting(Service& service) {
  rpc::Binder(service.module(), "tsunagu.training.v1.CertificateService")
      .Unary("DownloadCertificate",
             [&](rpc::Call& call, const v1::DownloadCertificateRequest& request) {
               return Download(service, call, request);
             })
      .ServerStream("DownloadCertificates", [&](rpc::Call& call, const v1::DownloadCertificatesRequest& request) {
        return BeginPrinting(service, call, request);
      });
}

}  // namespace tsunagu::training
