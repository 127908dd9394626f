#ifndef TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_
#define TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_

#include <vector>

#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {

// The rule sets that come with this program. Unpublished amounts are 0, and a condition reports this until the
// prefecture sets its own amounts.
const std::vector<v1::RuleSet>& Templates();

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_
