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

// Adds WARD_IS_NO_BODY at `field` where `area`, which is to act as a body, is a ward.
void CheckBody(const v1::Area& area, const std::string& field, Faults& faults);

// Adds what is wrong with a council beyond its contract: a level that does not fit who convenes it, a region that is
// missing or too many, who is named twice, a joint one of one body.
void CheckCouncil(const v1::Council& council, Faults& faults);

// Whether the council could meet on `day`: it exists, in fact.
bool CouldMeet(const v1::Council& council, jp::CivilDay day);

// Adds what is wrong with a meeting of `council`: a day on which there is none, decisions of a day to come.
void CheckMeeting(const v1::Meeting& meeting, const v1::Council& council, jp::CivilDay today, Faults& faults);

// Adds what is wrong with an issue: a meeting of another council, days and a measure that do not fit its state.
void CheckLocalIssue(const v1::LocalIssue& issue, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_COUNCIL_H_
