#include "services/training/certificate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/clock.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/jp/months.h"
#include "common/records/conflict.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/badge.h"
#include "services/training/carried.h"
#include "services/training/evidence.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/registry_record.h"
#include "services/training/rules/line.h"
#include "services/training/rules/number.h"
#include "services/training/signing_key.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/learner.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using Certificate = v1::Certificate;

constexpr int64_t kMostCertificates = 100'000'000;
constexpr char kOfYear[] = "certificates of year", kOfAll[] = "certificates";  // counters

// Returns the next number, from 1; each is used once. The counter in the database is not signed, but the certificates
// are: if they contradict it, one of them was changed by hand, and a number would be used twice.
absl::StatusOr<int64_t> NextNumber(store::Tx& tx, const char* counter, const std::string& key, int64_t most,
                                   absl::FunctionRef<Where(int64_t)> has) {
  ASSIGN_OR_RETURN(const int64_t number, tx.Count(counter, key, 1, most));
  const auto all = store::Records<Certificate>::All(tx);
  ASSIGN_OR_RETURN(const bool is_taken, all.Any(has(number)));
  bool follows = true;
  if (number > 1) {
    ASSIGN_OR_RETURN(follows, all.Any(has(number - 1)));
  }
  if (is_taken || !follows)
    return Fail("CERTIFICATE_COUNTER_CHANGED"_reason, {{"counter", store::RecordCounter::NameOf(counter, key)}});
  return number;
}

// Sets the number of a certificate, its index in the status list, the learner's present name, and its token.
absl::Status Complete(store::Tx& tx, const CourseRule& rule, jp::CivilDay day, Certificate& certificate) {
  Failpoint("certificate.judged");
  ASSIGN_OR_RETURN(const v1::Learner learner, store::Records<v1::Learner>(tx).Get(certificate.learner()));
  if (learner.display_name().empty()) return Fail("NAME_NOT_READABLE"_reason);
  const int year = jp::FiscalYear::Of(day).year();
  ASSIGN_OR_RETURN(const int64_t serial,
                   NextNumber(tx, kOfYear, absl::StrCat(year), rules::kMostOfYear,
                              [&](int64_t number) { return Where("number", rules::CertificateNumber(year, number)); }));
  ASSIGN_OR_RETURN(const int64_t count, NextNumber(tx, kOfAll, "", kMostCertificates,
                                                   [](int64_t number) { return Where("status_index", number - 1); }));
  certificate.set_number(rules::CertificateNumber(year, serial));
  certificate.set_status_index(count - 1);
  certificate.set_holder(learner.display_name());
  certificate.set_course(rule.course.name());
  certificate.set_course_title(rule.course.display_name());
  certificate.set_state(Certificate::STATE_ISSUED);
  *certificate.mutable_issue_date() = jp::ToDate(day);
  const bool is_first = !certificate.has_completion_date();
  if (is_first) {
    *certificate.mutable_completion_date() = jp::ToDate(day);
    certificate.set_registry_record(RegistryRecordOf(rule.curriculum, learner, certificate.enrollment()));
  }
  Badge badge{certificate.number(),   learner.display_name(),
              IssuerOf(rule.course),  rule.curriculum.display_name(),
              rule.curriculum.name(), day,
              absl::nullopt,          certificate.status_index()};
  if (is_first && rule.curriculum.certificate_months() > 0) {
    *certificate.mutable_expiry_date() = jp::ToDate(jp::MonthsAfter(day, rule.curriculum.certificate_months()) - 1);
  }
  if (certificate.has_expiry_date()) badge.expires = jp::DayOf(certificate.expiry_date());
  ASSIGN_OR_RETURN(const std::string seed, SeedToSignWith(tx));
  certificate.set_token(SignBadge(badge, seed));
  return absl::OkStatus();
}

absl::Status RefuseUnlessComplete(const v1::Progress& progress) {
  Faults faults;
  for (const v1::Progress::Line& line : progress.lines()) {
    if (!line.met())
      faults.Add("enrollment", "REQUIREMENT_MISSING"_reason, {{"line", line.en()}, {"line_ja", line.ja()}});
  }
  return faults.ToStatus();
}

// A certificate as of `day` ends the credit of her minutes in courses that began after it; a certificate of one of
// these may depend on them already.
absl::Status RefuseIfCountedElsewhere(store::Tx& tx, const CourseRule& rule, const v1::Enrollment& enrollment,
                                      jp::CivilDay day) {
  ASSIGN_OR_RETURN(const auto resting, CertificatesResting(tx, rule, enrollment, day));
  if (resting.empty()) return absl::OkStatus();
  return store::Conflict<Certificate>(tx, resting.front().name(), "MINUTES_COUNTED_ELSEWHERE"_reason,
                                      "MINUTES_COUNTED_ELSEWHERE_UNSEEN"_reason);
}

// Ends a valid certificate. `change` sets its new state.
absl::Status End(store::Tx& tx, const std::string& name, const std::string& etag, const std::string& reason,
                 absl::FunctionRef<absl::Status(Certificate&)> change) {
  const store::Records<Certificate> certificates(tx);
  ASSIGN_OR_RETURN(const Certificate seen, certificates.Get(name));
  RETURN_IF_ERROR(GuardLearner(tx, seen.learner()));
  ASSIGN_OR_RETURN(const Certificate before, certificates.Get(name));
  if (!etag.empty() && etag != before.etag()) return Fail("ETAG_MISMATCH"_reason);
  if (before.state() != Certificate::STATE_ISSUED) return Fail("CERTIFICATE_NOT_VALID"_reason);
  Certificate after = before;
  after.set_reason(reason);
  RETURN_IF_ERROR(change(after));
  return store::Records<Certificate>::Update(tx, before, after);
}

absl::StatusOr<Certificate> TellRegistry(Service& service, const rpc::Call& call,
                                         const v1::TellRegistryRequest& request) {
  Certificate after;
  RETURN_IF_ERROR(service.Change(call, request, after, [&](store::Tx& tx) -> absl::Status {
    const store::Records<Certificate> certificates(tx);
    ASSIGN_OR_RETURN(const Certificate seen, certificates.Get(request.name()));
    RETURN_IF_ERROR(GuardLearner(tx, seen.learner()));
    ASSIGN_OR_RETURN(const Certificate before, certificates.Get(request.name()));
    if (before.state() != Certificate::STATE_ISSUED) return Fail("CERTIFICATE_NOT_VALID"_reason);
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(tx, CourseOf(before.enrollment())));
    ASSIGN_OR_RETURN(const v1::Learner learner, store::Records<v1::Learner>(tx).Get(before.learner()));
    after = before;
    after.set_registry_record(RegistryRecordOf(rule.curriculum, learner, before.enrollment()));
    if (after.registry_record().empty()) return Fail("LEARNER_NOT_IN_REGISTRY"_reason);
    RETURN_IF_ERROR(store::Records<Certificate>::Update(tx, before, after));
    if (before.registry_record() != after.registry_record()) {
      Certificate of_another = before;
      of_another.set_state(Certificate::STATE_REVOKED);
      RETURN_IF_ERROR(training::TellRegistry(service, tx, rule, of_another));
    }
    return training::TellRegistry(service, tx, rule, after);
  }));
  return after;
}

}  // namespace

absl::StatusOr<Certificate> IssueCertificate(Service& service, const rpc::Call& call,
                                             const v1::IssueCertificateRequest& request, AfterRevocation after) {
  const jp::CivilDay today = service.Today();
  const jp::CivilDay day = request.has_issue_date() ? jp::DayOf(request.issue_date()) : today;
  if (day > today) return FailAt("issue_date", "DAY_TO_COME"_reason);
  Certificate certificate;
  RETURN_IF_ERROR(service.Change(call, request, certificate, [&](store::Tx& tx) -> absl::Status {
    certificate.Clear();
    const store::Records<v1::Enrollment> enrollments(tx);
    ASSIGN_OR_RETURN(const auto seen, enrollments.Get(request.enrollment()));
    RETURN_IF_ERROR(GuardLearner(tx, seen.learner()));
    RETURN_IF_ERROR(GuardStart(tx, ParentOf(request.enrollment())));
    // Another writer may have changed what was read before the guards.
    ASSIGN_OR_RETURN(const auto enrollment, enrollments.Get(request.enrollment()));
    if (enrollment.state() != v1::Enrollment::STATE_ACCEPTED) return Fail("NOT_ENROLLED"_reason);
    const auto earlier = store::Records<Certificate>::All(tx);
    const Where hers = Where("enrollment", enrollment.name());
    ASSIGN_OR_RETURN(const auto issued, earlier.Find(hers && Where("state", Certificate::STATE_ISSUED)));
    if (issued) {
      return store::Conflict<Certificate>(tx, issued->name(), "CERTIFICATE_ISSUED"_reason,
                                          "CERTIFICATE_ISSUED_UNSEEN"_reason);
    }
    if (after == AfterRevocation::kRefused) {
      ASSIGN_OR_RETURN(const bool revoked, earlier.Any(hers && Where("state", Certificate::STATE_REVOKED)));
      if (revoked) return Fail("CERTIFICATE_WAS_REVOKED"_reason);
    }
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(tx, ParentOf(enrollment.name())));
    ASSIGN_OR_RETURN(const v1::Progress progress, ReadProgress(tx, rule, enrollment, day));
    RETURN_IF_ERROR(RefuseUnlessComplete(progress));
    RETURN_IF_ERROR(RefuseIfCountedElsewhere(tx, rule, enrollment, day));
    certificate.set_learner(enrollment.learner());
    certificate.set_body(enrollment.nominating_body());
    certificate.set_enrollment(enrollment.name());
    certificate.set_curriculum(rule.curriculum.name());
    *certificate.mutable_judgement() = progress.lines();
    RETURN_IF_ERROR(Complete(tx, rule, day, certificate));
    RETURN_IF_ERROR(store::Records<Certificate>::Insert(tx, certificate.number(), certificate));
    return training::TellRegistry(service, tx, rule, certificate);
  }));
  return certificate;
}

absl::StatusOr<Certificate> ReissueCertificate(Service& service, const rpc::Call& call,
                                               const v1::ReissueCertificateRequest& request) {
  Certificate successor;
  RETURN_IF_ERROR(service.Change(call, request, successor, [&](store::Tx& tx) -> absl::Status {
    return End(tx, request.name(), request.etag(), request.reason(), [&](Certificate& before) -> absl::Status {
      successor.Clear();
      successor.set_learner(before.learner());
      successor.set_body(before.body());
      successor.set_enrollment(before.enrollment());
      successor.set_curriculum(before.curriculum());
      successor.set_reason(request.reason());
      *successor.mutable_completion_date() = before.completion_date();
      if (before.has_expiry_date()) *successor.mutable_expiry_date() = before.expiry_date();
      successor.set_registry_record(before.registry_record());
      *successor.mutable_judgement() = before.judgement();
      ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(tx, CourseOf(before.enrollment())));
      RETURN_IF_ERROR(Complete(tx, rule, service.Today(), successor));
      before.set_state(Certificate::STATE_SUPERSEDED);
      before.set_successor(absl::StrCat("certificates/", successor.number()));
      RETURN_IF_ERROR(store::Records<Certificate>::Insert(tx, successor.number(), successor));
      return training::TellRegistry(service, tx, rule, successor);
    });
  }));
  return successor;
}

absl::StatusOr<Certificate> RevokeCertificate(Service& service, const rpc::Call& call,
                                              const v1::RevokeCertificateRequest& request) {
  Certificate revoked;
  RETURN_IF_ERROR(service.Change(call, request, revoked, [&](store::Tx& tx) -> absl::Status {
    RETURN_IF_ERROR(End(tx, request.name(), request.etag(), request.reason(), [&](Certificate& after) {
      after.set_state(Certificate::STATE_REVOKED);
      return absl::OkStatus();
    }));
    ASSIGN_OR_RETURN(revoked, store::Records<Certificate>(tx).Get(request.name()));
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(tx, CourseOf(revoked.enrollment())));
    return training::TellRegistry(service, tx, rule, revoked);
  }));
  return revoked;
}

absl::StatusOr<std::vector<std::string>> HeldIn(store::View& view, const std::string& course) {
  std::vector<std::string> held;
  RETURN_IF_ERROR(store::Records<v1::Certificate>(view).ForEach(
      contract::Where("course", course) && contract::Where("state", v1::Certificate::STATE_ISSUED),
      [&](const v1::Certificate& certificate) {
        held.push_back(certificate.name());
        return absl::OkStatus();
      }));
  return held;
}

std::vector<store::RecordCounter> CertificateCounters() {
  return {{"training", kOfYear, "certificates", "number"}, {"training", kOfAll, "certificates", ""}};
}

void AddCertificates(Service& service) {
  BindStandard(service, "tsunagu.training.v1.CertificateService", service.Add<Certificate>())
      .Unary("IssueCertificate",
             [&](rpc::Call& call, const v1::IssueCertificateRequest& request) {
               return IssueCertificate(service, call, request, AfterRevocation::kIssued);
             })
      .Unary("ReissueCertificate",
             [&](rpc::Call& call, const v1::ReissueCertificateRequest& request) {
               return ReissueCertificate(service, call, request);
             })
      .Unary("RevokeCertificate",
             [&](rpc::Call& call, const v1::RevokeCertificateRequest& request) {
               return RevokeCertificate(service, call, request);
             })
      .Unary("TellRegistry", [&](rpc::Call& call, const v1::TellRegistryRequest& request) {
        return TellRegistry(service, call, request);
      });
}

}  // namespace tsunagu::training
