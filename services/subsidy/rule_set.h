#ifndef TSUNAGU_SERVICES_SUBSIDY_RULE_SET_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULE_SET_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/records/view.h"
#include "services/subsidy/rules/rule_set.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds rule sets, including those that come with this program, and the evaluation of claims.
void AddRuleSets(Service& service);

// A compiled rule set; read regardless of scope.
struct ReadyRuleSet {
  v1::RuleSet rule_set;
  rules::CompiledRuleSet compiled;
};
absl::StatusOr<ReadyRuleSet> ReadRuleSet(store::View& view, const std::string& name);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULE_SET_H_
