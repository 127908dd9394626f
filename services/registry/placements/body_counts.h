#ifndef TSUNAGU_SERVICES_REGISTRY_BODY_COUNTS_H_
#define TSUNAGU_SERVICES_REGISTRY_BODY_COUNTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/view.h"
#include "services/registry/rules/survey.h"

namespace tsunagu::registry {

// Returns who serves for a body on a day, placed by the body itself or by a joint group of which it is a member. Not
// restricted by any scope.
absl::StatusOr<rules::BodyCounts> CountsOf(store::View& view, const std::string& body, jp::CivilDay day);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_BODY_COUNTS_H_
