#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_IDENTIFIER_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_IDENTIFIER_H_

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::registry::rules {

// Adds the faults in an identifier of a facility ("office/3110000017/63"), at the field "identifiers". Office numbers
// (事業所番号) have ten digits; a wrong check digit is only a warning.
void CheckIdentifier(absl::string_view identifier, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_IDENTIFIER_H_
