#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_

#include <vector>

#include "tsunagu/subsidy/v1/activity_scheme.pb.h"

namespace tsunagu::subsidy {

// Published schemes of activities of bodies that come with this program, each with its source. Fields without a
// published value are empty: the body fills them in, and sets itself as the body.
const std::vector<v1::ActivityScheme>& ActivityTemplates();

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_
