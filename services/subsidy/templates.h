#ifndef TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_
#define TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_

#include <vector>

#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {

// The rule sets that come with this program. Amounts that nobody has published stand there as 0, and a condition says
// so until the prefecture has put in its own.
const std::vector<v1::RuleSet>& Templates();

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_TEMPLATES_H_
