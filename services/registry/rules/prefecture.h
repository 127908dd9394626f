#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::registry::rules {

// Adds MALFORMED_VALUE at the field prefecture where `prefecture` ("areas/310000") is none. Empty: nothing is said.
void CheckPrefecture(absl::string_view prefecture, Faults& faults);

// Whether the code of `area` is one of another prefecture; false where either is no code.
bool LiesOutside(absl::string_view area, absl::string_view prefecture);

// The prefecture in whose codes that of `area` lies: "areas/310000" of "areas/312011"; empty where it is no code.
std::string PrefectureOf(absl::string_view area);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PREFECTURE_H_
