#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_

#include <vector>

#include "tsunagu/subsidy/v1/activity_scheme.pb.h"

namespace tsunagu::subsidy {

// Schemes of activities that bodies have published and that come with this program, each with its source. What was not
// seen is left out: the body puts it in, with itself as the body.
const std::vector<v1::ActivityScheme>& ActivityTemplates();

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_ACTIVITY_TEMPLATES_H_
