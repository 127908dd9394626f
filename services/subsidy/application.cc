#include "services/subsidy/application.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/subsidy/claim_layout.h"
#include "services/subsidy/forwarding.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::Application;

// Returns the fields that its applicant writes, without the state.
Application Draft(Application application) {
  const auto& reflection = *application.GetReflection();
  const Application none;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(application, &fields);
  static constexpr int kFirstOutput = Application::kStateFieldNumber;
  for (const auto* field : fields) {
    if (field->number() >= kFirstOutput) reflection.ClearField(&application, field);
  }
  return application;
}

void CheckDays(const Application& application, const v1::Programme& programme, Faults& faults) {
  const jp::FiscalYear year(programme.fiscal_year());
  const auto check = [&](bool has, const google::type::Date& date, const char* field) {
    if (!has || !jp::CheckDate(date).ok() || year.Contains(jp::DayOf(date))) return;
    faults.Add(field, "OUTSIDE_FISCAL_YEAR"_reason, {{"year", absl::StrCat(year.year())}});
  };
  check(application.has_start_date(), application.start_date(), "start_date");
  check(application.has_completion_date(), application.completion_date(), "completion_date");
  const bool has_both = application.has_start_date() && application.has_completion_date() &&
                        jp::CheckDate(application.start_date()).ok() &&
                        jp::CheckDate(application.completion_date()).ok();
  if (has_both && jp::DayOf(application.completion_date()) < jp::DayOf(application.start_date())) {
    faults.Add("completion_date", "PERIOD_ENDS_BEFORE_START"_reason);
  }
}

absl::Status DecideApplication(const store::Decision<Application>& decision) {
  const Application& application = decision.after();
  const Application* before = decision.before();
  if (before != nullptr && before->state() != Application::STATE_DRAFT) {
    if (!google::protobuf::util::MessageDifferencer::Equals(Draft(*before), Draft(application))) {
      return Fail("APPLICATION_FILED"_reason);
    }
    return absl::OkStatus();
  }
  if (application.applicant().empty() == application.facility().empty()) {
    decision.faults().Add("applicant", "APPLICANT_UNCLEAR"_reason);
  }
  const auto programme = decision.all<v1::Programme>().Get(application.programme());
  if (!programme.ok())
    return absl::IsNotFound(programme.status()) ? absl::OkStatus() : programme.status();  // already reported
  CheckDays(application, *programme, decision.faults());
  // An applicant cannot choose the rule set.
  const std::string kept = before == nullptr ? "" : before->rule_set();
  if (!application.rule_set().empty() && application.rule_set() != kept &&
      application.rule_set() != programme->rule_set()) {
    decision.faults().Add("rule_set", "RULE_SET_OF_ANOTHER"_reason, {{"name", programme->rule_set()}});
  }
  if (before != nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckPassesThrough(*programme, application));
  decision.Derive([&](Application& derived) {
    derived.set_grantor(programme->grantor());
    derived.set_fiscal_year(programme->fiscal_year());
    if (derived.rule_set().empty()) derived.set_rule_set(programme->rule_set());
  });
  return absl::OkStatus();
}

void MakeDraft(Application& application) { application.set_state(Application::STATE_DRAFT); }

}  // namespace

void AddApplications(Service& service) {
  Resource& applications = service.Add<Application>().Rule(DecideApplication).WhenReceived(MakeDraft);
  applications.formats = {ClaimLayout(Application::descriptor())};
  BindStandard(service, "tsunagu.subsidy.v1.ApplicationService", applications);
}

}  // namespace tsunagu::subsidy
