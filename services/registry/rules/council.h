#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_COUNCIL_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_COUNCIL_H_

#include <string>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/local_issue.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"

namespace tsunagu::registry::rules {

// Adds WARD_IS_NO_BODY at `field` if `area`, which must be a body, is a ward.
void CheckBody(const v1::Area& area, const std::string& field, Faults& faults);

// Adds the faults in a council beyond its contract: a level that does not match its convener, a missing or superfluous
// region, a repeated body, a joint council of one body.
void CheckCouncil(const v1::Council& council, Faults& faults);

// Returns whether the council can meet on `day`: it actually exists then.
bool CouldMeet(const v1::Council& council, jp::CivilDay day);

// Adds the faults in a meeting of `council`: the council does not exist on the day, or a future meeting has decisions.
void CheckMeeting(const v1::Meeting& meeting, const v1::Council& council, jp::CivilDay today, Faults& faults);

// Adds the faults in an issue: a meeting of another council; days and a measure that do not match its state.
void CheckLocalIssue(const v1::LocalIssue& issue, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_COUNCIL_H_
