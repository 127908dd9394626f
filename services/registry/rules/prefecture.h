#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::registry::rules {

// Adds MALFORMED_VALUE at the field prefecture if `prefecture` ("areas/310000") is not a prefecture. Empty: no fault.
void CheckPrefecture(absl::string_view prefecture, Faults& faults);

// Returns whether the code of `area` belongs to another prefecture; false if either is not a code.
bool LiesOutside(absl::string_view area, absl::string_view prefecture);

// Returns the prefecture of the code of `area`: "areas/310000" for "areas/312011"; empty if it is not a code.
std::string PrefectureOf(absl::string_view area);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_
