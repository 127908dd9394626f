#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_

#include "common/base/error.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::registry::rules {

// Adds NURSE_MINUTES_CONTRADICT if a nurse's minimum of minutes is above her maximum. A facility that is both wished
// for and excluded is not reported, because the writer of one list may not be allowed to see the other. Rounds do not
// assign her there.
void CheckNurse(const v1::Nurse& nurse, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_
