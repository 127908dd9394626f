#include "services/training/registry_record.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::training {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

// Sets the fields that both kinds of training have.
template <typename Training>
void Fill(const CourseRule& rule, const v1::Certificate& certificate, Training& training) {
  training.set_name(certificate.registry_record());
  training.set_display_name(rule.curriculum.display_name());
  *training.mutable_completion_date() = certificate.completion_date();
  if (certificate.has_expiry_date()) *training.mutable_expiry_date() = certificate.expiry_date();
  training.set_issuer(IssuerOf(rule.course));
  training.set_certificate_number(certificate.number());
  training.set_revoked(certificate.state() != v1::Certificate::STATE_ISSUED);
}

// Messages about one enrollment are sent in order.
absl::Status Owe(Service& service, store::Tx& tx, const std::string& enrollment, absl::string_view method,
                 const google::protobuf::Message& request) {
  return service.outbox().Add(tx, enrollment, "registry", absl::StrCat("tsunagu.registry.v1.", method), request);
}

}  // namespace

std::string RegistryRecordOf(const v1::Curriculum& curriculum, const v1::Learner& learner,
                             const std::string& enrollment) {
  const std::string id = contract::OwnId(enrollment);
  if (curriculum.trains() == v1::Curriculum::TRAINS_NURSES && !learner.nurse().empty()) {
    return absl::StrCat(learner.nurse(), "/nurseTrainings/", id);
  }
  if (curriculum.trains() == v1::Curriculum::TRAINS_COORDINATORS && !learner.coordinator().empty()) {
    return absl::StrCat(learner.coordinator(), "/coordinatorTrainings/", id);
  }
  return "";
}

absl::Status TellRegistry(Service& service, store::Tx& tx, const CourseRule& rule, const v1::Certificate& certificate) {
  if (certificate.registry_record().empty()) return absl::OkStatus();
  if (absl::StartsWith(certificate.registry_record(), "nurses/")) {
    registry_v1::RecordNurseTrainingRequest request;
    Fill(rule, certificate, *request.mutable_nurse_training());
    *request.mutable_nurse_training()->mutable_skills() = rule.curriculum.skills();
    return Owe(service, tx, certificate.enrollment(), "NurseTrainingService/RecordNurseTraining", request);
  }
  registry_v1::RecordCoordinatorTrainingRequest request;
  Fill(rule, certificate, *request.mutable_coordinator_training());
  return Owe(service, tx, certificate.enrollment(), "CoordinatorTrainingService/RecordCoordinatorTraining", request);
}

}  // namespace tsunagu::training
