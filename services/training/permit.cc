#include "services/training/permit.h"

#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/rule.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/evidence.h"
#include "services/training/filing.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/judge.h"
#include "services/training/rules/permit.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using Application = v1::PermitApplication;

bool MaySee(store::Tx& tx, const std::string& certificate) {
  const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading("certificates"));
  return store::Records<v1::Certificate>(tx).Get(certificate).ok();
}

// The certificate of an application must be hers, valid, and for these acts. Its client is not compared: the
// application's client comes from it.
absl::Status CheckCertificate(const store::Decision<Application>& decision) {
  const Application& application = decision.after();
  if (application.certificate().empty()) return absl::OkStatus();
  const bool named = decision.before() == nullptr || decision.before()->certificate() != application.certificate();
  // If the caller may not see the certificate, the error is that it does not exist, and nothing more.
  if (named && !MaySee(decision.tx(), application.certificate())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto certificate, decision.all<v1::Certificate>().Get(application.certificate()));
  if (certificate.learner() != application.learner()) {
    decision.faults().Add("certificate", "CERTIFICATE_OF_ANOTHER"_reason);
    return absl::OkStatus();
  }
  const bool over = certificate.has_expiry_date() && jp::DayOf(certificate.expiry_date()) < decision.today();
  if (over || certificate.state() != v1::Certificate::STATE_ISSUED) {
    decision.faults().Add("certificate", "CERTIFICATE_NOT_VALID"_reason);
  }
  ASSIGN_OR_RETURN(const auto enrollment, decision.all<v1::Enrollment>().Get(certificate.enrollment()));
  ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(decision.tx(), ParentOf(enrollment.name())));
  std::vector<v1::Act> chosen;
  for (const int act : enrollment.acts()) chosen.push_back(static_cast<v1::Act>(act));
  rules::CheckLearned(application, rules::ActsOf(rule.curriculum, chosen), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideApplication(const store::Decision<Application>& decision) {
  const Application& application = decision.after();
  rules::CheckApplication(application, decision.faults());
  if (jp::CheckDate(application.application_date()).ok() &&
      jp::DayOf(application.application_date()) > decision.today()) {
    decision.faults().Add("application_date", "DAY_TO_COME"_reason);
  }
  if (decision.before() != nullptr && decision.before()->state() != Application::STATE_APPLIED) {
    if (!rules::AppliesForTheSame(*decision.before(), application)) {
      decision.faults().Add("", "APPLICATION_DECIDED"_reason);
    }
    return absl::OkStatus();
  }
  return application.state() == Application::STATE_REFUSED ? absl::OkStatus() : CheckCertificate(decision);
}

void MakeApplied(Application& application) { application.set_state(Application::STATE_APPLIED); }

absl::StatusOr<std::string> ClientOf(store::Tx& tx, const Application& application) {
  if (application.certificate().empty()) return application.client();
  ASSIGN_OR_RETURN(const auto certificate, store::Records<v1::Certificate>::All(tx).Get(application.certificate()));
  ASSIGN_OR_RETURN(const auto enrollment, store::Records<v1::Enrollment>::All(tx).Get(certificate.enrollment()));
  return enrollment.client();
}

void AddActs(const Application& application, jp::CivilDay day, v1::CarePermit& permit) {
  for (const int act : application.acts()) {
    auto& certified = *permit.add_acts();
    certified.set_act(static_cast<v1::Act>(act));
    *certified.mutable_certified_date() = jp::ToDate(day);
    certified.set_application(application.name());
  }
}

// Locks the application and the worker's permits. Another writer may have changed what was read before.
absl::Status GuardUndecided(store::Tx& tx, const Application& application) {
  RETURN_IF_ERROR(GuardLearner(tx, application.learner()));
  ASSIGN_OR_RETURN(const Application now, store::Records<Application>(tx).Get(application.name()));
  return now.state() == Application::STATE_APPLIED ? absl::OkStatus() : Fail("APPLICATION_DECIDED"_reason);
}

// Applies the prefecture's rule of the day to an application.
absl::Status Certify(store::Tx& tx, const std::string& number, jp::CivilDay day, Application& application) {
  RETURN_IF_ERROR(GuardUndecided(tx, application));
  ASSIGN_OR_RETURN(const auto rule, store::Records<v1::PermitRule>::All(tx).Find(
                                        Where("prefecture", application.prefecture()) && Where::ActiveOn(day)));
  if (!rule) return Fail("PERMIT_RULE_MISSING"_reason, {{"date", jp::FormatIso(day)}});
  ASSIGN_OR_RETURN(const std::string client, ClientOf(tx, application));
  std::vector<v1::CarePermit> held;
  RETURN_IF_ERROR(store::Records<v1::CarePermit>::All(tx).ForEach(
      Where("learner", application.learner()) && Where("prefecture", application.prefecture()),
      [&](v1::CarePermit& permit) {
        held.push_back(std::move(permit));
        return absl::OkStatus();
      }));
  Faults faults;
  const v1::CarePermit* into = rules::WrittenInto(application, client, *rule, held, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  if (into != nullptr) {
    if (!number.empty()) return FailAt("number", "PERMIT_NUMBER_STAYS"_reason, {{"number", into->number()}});
    v1::CarePermit after = *into;
    AddActs(application, day, after);
    application.set_state(Application::STATE_CHANGED);
    application.set_permit(into->name());
    return store::Records<v1::CarePermit>::Update(tx, *into, after);
  }
  if (number.empty()) return FailAt("number", "PERMIT_NUMBER_REQUIRED"_reason);
  v1::CarePermit permit;
  permit.set_number(number);
  permit.set_learner(application.learner());
  permit.set_prefecture(application.prefecture());
  permit.set_for_one_client(!client.empty());
  permit.set_client(client);
  permit.set_state(v1::CarePermit::STATE_CERTIFIED);
  AddActs(application, day, permit);
  // One application gives at most one permit, so its id is used for both.
  const std::string id = contract::OwnId(application.name());
  RETURN_IF_ERROR(store::Records<v1::CarePermit>::Insert(tx, id, permit));
  application.set_state(Application::STATE_GRANTED);
  application.set_permit(permit.name());
  return absl::OkStatus();
}

absl::StatusOr<Application> Grant(Service& service, const rpc::Call& call, Resource& applications, Resource& permits,
                                  const v1::GrantPermitApplicationRequest& request) {
  const jp::CivilDay today = service.Today();
  const jp::CivilDay day = request.has_certified_date() ? jp::DayOf(request.certified_date()) : today;
  if (day > today) return FailAt("certified_date", "DAY_TO_COME"_reason);
  RETURN_IF_ERROR(ReadForClients(service, call, *permits.table, [&](store::View& view) {
    return store::Records<Application>(view).Get(request.name()).status();
  }));
  return ChangeRecord<Application>(service, call, applications, request,
                                   [&](store::Tx& tx, Application& application) -> absl::Status {
                                     if (day < jp::DayOf(application.application_date())) {
                                       return FailAt("certified_date", "PERIOD_ENDS_BEFORE_START"_reason);
                                     }
                                     return Certify(tx, request.number(), day, application);
                                   });
}

absl::StatusOr<Application> Refuse(Service& service, const rpc::Call& call, Resource& applications,
                                   const v1::RefusePermitApplicationRequest& request) {
  return ChangeRecord<Application>(service, call, applications, request,
                                   [&](store::Tx& tx, Application& application) -> absl::Status {
                                     RETURN_IF_ERROR(GuardUndecided(tx, application));
                                     application.set_state(Application::STATE_REFUSED);
                                     application.set_refusal_reason(request.reason());
                                     return absl::OkStatus();
                                   });
}

absl::StatusOr<v1::CarePermit> Revoke(Service& service, const rpc::Call& call, Resource& permits,
                                      const v1::RevokeCarePermitRequest& request) {
  return ChangeRecord<v1::CarePermit>(
      service, call, permits, request, [&](store::Tx& tx, v1::CarePermit& permit) -> absl::Status {
        RETURN_IF_ERROR(GuardLearner(tx, permit.learner()));
        ASSIGN_OR_RETURN(const v1::CarePermit now, store::Records<v1::CarePermit>(tx).Get(request.name()));
        if (now.state() != v1::CarePermit::STATE_CERTIFIED) return Fail("PERMIT_NOT_VALID"_reason);
        permit.set_state(v1::CarePermit::STATE_REVOKED);
        permit.set_reason(request.reason());
        *permit.mutable_revocation_date() = jp::ToDate(service.Today());
        return absl::OkStatus();
      });
}

}  // namespace

void AddPermits(Service& service) {
  BindStandard(service, "tsunagu.training.v1.PermitRuleService", service.Add<v1::PermitRule>());
  Resource& applications = service.Add<Application>().Rule(DecideApplication).WhenReceived(MakeApplied);
  Resource& permits = service.Add<v1::CarePermit>();
  BindStandard(service, "tsunagu.training.v1.PermitApplicationService", applications)
      .Unary("GrantPermitApplication",
             [&](rpc::Call& call, const v1::GrantPermitApplicationRequest& request) {
               return Grant(service, call, applications, permits, request);
             })
      .Unary("RefusePermitApplication", [&](rpc::Call& call, const v1::RefusePermitApplicationRequest& request) {
        return Refuse(service, call, applications, request);
      });
  BindStandard(service, "tsunagu.training.v1.CarePermitService", permits)
      .Unary("RevokeCarePermit",
             [&](rpc::Call& call, const v1::RevokeCarePermitRequest& request) {
               return Revoke(service, call, permits, request);
             })
      .Unary("CheckAct", [&](rpc::Call& call, const v1::CheckActRequest& request) {
        return CheckAct(service, call, permits, request);
      });
  AddFilings(service);
}

}  // namespace tsunagu::training
