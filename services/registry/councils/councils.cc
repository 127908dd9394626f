#include "services/registry/councils/councils.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_kind.h"
#include "services/registry/councils/council_report.h"
#include "services/registry/councils/indicator_report.h"
#include "services/registry/rules/council.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/local_issue.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"
#include "tsunagu/registry/v1/plan_target.pb.h"

namespace tsunagu::registry {
namespace {

// A name that refers to nothing is reported by the contract.
bool IsSaid(const absl::Status& status) { return absl::IsNotFound(status) || absl::IsInvalidArgument(status); }

// A writer that changes the days of a council and one that enters a meeting lock the same guard, so that each sees the
// other's change.
absl::Status GuardDays(store::Tx& tx, absl::string_view council) { return tx.Guard("council days", council); }

absl::Status DecideBodies(const store::Decision<v1::Council>& decision) {
  const v1::Council& council = decision.after();
  std::vector<std::string> bodies(council.areas().begin(), council.areas().end());
  bodies.push_back(council.convener());
  RETURN_IF_ERROR(GuardAreas(decision.tx(), bodies));
  RETURN_IF_ERROR(CheckBodyStays(decision.tx(), council.convener(), "convener", decision.faults()));
  for (int i = 0; i < council.areas_size(); ++i) {
    RETURN_IF_ERROR(CheckBodyStays(decision.tx(), council.areas(i), absl::StrCat("areas[", i, "]"), decision.faults()));
  }
  return absl::OkStatus();
}

absl::Status DecideCouncil(const store::Decision<v1::Council>& decision) {
  const v1::Council& council = decision.after();
  rules::CheckCouncil(council, decision.faults());
  RETURN_IF_ERROR(DecideBodies(decision));
  if (decision.before() == nullptr) return absl::OkStatus();  // a new council has no meetings
  RETURN_IF_ERROR(GuardDays(decision.tx(), council.name()));
  bool told = false;
  return decision.all<v1::Meeting>().ForEach(
      contract::Where::Under(council.name()), [&](const v1::Meeting& meeting) -> absl::Status {
        const jp::CivilDay day = jp::DayOf(meeting.held_date());
        if (told || rules::CouldMeet(council, day)) return absl::OkStatus();
        told = true;
        const bool planned = council.stage() != v1::COUNCIL_STAGE_ACTUAL;
        const bool before = jp::CheckDate(council.valid_from_date()).ok() && day < jp::DayOf(council.valid_from_date());
        decision.faults().Add(planned  ? "stage"
                              : before ? "valid_from_date"
                                       : "valid_to_date",
                              "COUNCIL_HAS_MET"_reason, {{"date", jp::FormatIso(day)}});
        return absl::OkStatus();
      });
}

absl::Status DecideMeeting(const store::Decision<v1::Meeting>& decision) {
  const std::string council_name(contract::Schema::ParentOf(decision.after().name()));
  RETURN_IF_ERROR(GuardDays(decision.tx(), council_name));
  const auto council = decision.all<v1::Council>().Get(council_name);
  if (IsSaid(council.status())) return absl::OkStatus();
  RETURN_IF_ERROR(council.status());
  rules::CheckMeeting(decision.after(), *council, decision.today(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideLocalIssue(const store::Decision<v1::LocalIssue>& decision) {
  rules::CheckLocalIssue(decision.after(), decision.faults());
  return absl::OkStatus();
}

// There is one target for each body, year and indicator, none of which can change.
absl::Status DecidePlanTarget(const store::Decision<v1::PlanTarget>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();
  const v1::PlanTarget& target = decision.after();
  RETURN_IF_ERROR(CheckBodyStays(decision.tx(), target.body(), "body", decision.faults()));
  RETURN_IF_ERROR(decision.tx().Guard("plan targets",
                                      absl::StrCat(target.body(), " ", target.fiscal_year(), " ", target.indicator())));
  ASSIGN_OR_RETURN(const auto other,
                   decision.all().Find(contract::Where("body", target.body()) &&
                                       contract::Where("fiscal_year", int64_t{target.fiscal_year()}) &&
                                       contract::Where("indicator", target.indicator())));
  if (!other) return absl::OkStatus();
  return decision.AddConflict("indicator", "TARGET_REPEATED"_reason, "TARGET_REPEATED_UNSEEN"_reason, *other);
}

}  // namespace

void AddCouncils(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.CouncilService", service.Add<v1::Council>().Rule(DecideCouncil));
  BindStandard(service, "tsunagu.registry.v1.MeetingService", service.Add<v1::Meeting>().Rule(DecideMeeting));
  BindStandard(service, "tsunagu.registry.v1.LocalIssueService", service.Add<v1::LocalIssue>().Rule(DecideLocalIssue));
  BindStandard(service, "tsunagu.registry.v1.PlanTargetService", service.Add<v1::PlanTarget>().Rule(DecidePlanTarget));
  BindReport(service, "tsunagu.registry.v1.CouncilReportService/GetCouncilReport", ReportCouncils);
  BindReport(service, "tsunagu.registry.v1.IndicatorReportService/GetIndicatorReport", ReportIndicators);
  service.AddDue({"councils.read", CollectIdleCouncils});
  service.AddDue({"planTargets.read", CollectMissingTargets});
}

}  // namespace tsunagu::registry
