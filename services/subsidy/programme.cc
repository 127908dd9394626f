#include "services/subsidy/programme.h"

#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/allotment.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {
namespace {

absl::Status DecideProgramme(const store::Decision<v1::Programme>& decision) {
  const v1::Programme& programme = decision.after();
  if (programme.has_application_start_date() && programme.has_application_end_date() &&
      jp::DayOf(programme.application_end_date()) < jp::DayOf(programme.application_start_date())) {
    decision.faults().Add("application_end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  }
  const bool passes_through = !programme.via().empty();
  if (passes_through && !programme.decided_elsewhere()) decision.faults().Add("via", "FIELD_NOT_OF_KIND"_reason);
  if (!passes_through && programme.direct_bodies_size() > 0) {
    decision.faults().Add("direct_bodies", "FIELD_NOT_OF_KIND"_reason);
  }
  return absl::OkStatus();
}

}  // namespace

void AddProgrammes(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.ProgrammeService", service.Add<v1::Programme>().Rule(DecideProgramme));
  BindStandard(service, "tsunagu.subsidy.v1.AllotmentService", service.Add<v1::Allotment>().Rule(DecideAllotment));
}

}  // namespace tsunagu::subsidy
