#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_

#include "common/base/error.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::registry::rules {

// Adds NURSE_MINUTES_CONTRADICT where a nurse wants more minutes a week at least than she works at most. Nothing is
// said about a facility that she both wishes for and would not work at: whoever writes one list may not see the other.
// Rounds keep her away from it.
void CheckNurse(const v1::Nurse& nurse, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_NURSE_H_
