#include "services/subsidy/rule_set.h"

#include <utility>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/templates.h"
#include "tsunagu/subsidy/v1/filing.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;

// Returns the part of the rule set that determines amounts, without its name and its days.
v1::RuleSet Rule(v1::RuleSet rule_set) {
  for (const char* field :
       {"name", "display_name", "source", "valid_from_date", "valid_to_date", "create_time", "update_time", "etag"}) {
    rule_set.GetReflection()->ClearField(&rule_set, v1::RuleSet::descriptor()->FindFieldByName(field));
  }
  return rule_set;
}

// Once something is filed under a rule set, its results must not change.
absl::Status DecideRuleSet(const store::Decision<v1::RuleSet>& decision) {
  decision.faults().Add("", rules::CompiledRuleSet::Compile(decision.after()).status());
  if (decision.before() == nullptr ||
      google::protobuf::util::MessageDifferencer::Equals(Rule(*decision.before()), Rule(decision.after()))) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(GuardRuleSet(decision.tx(), decision.after().name()));
  ASSIGN_OR_RETURN(const bool used, decision.all<v1::Filing>().Any(Where("rule_set", decision.after().name())));
  return used ? Fail("RULE_SET_IN_USE"_reason) : absl::OkStatus();
}

absl::StatusOr<v1::Trace> Evaluate(Service& service, const rpc::Call& call, const v1::EvaluateClaimRequest& request) {
  v1::Trace trace;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const ReadyRuleSet ready, ReadRuleSet(view, request.name()));
    const absl::StatusOr<rules::Evaluation> evaluation = ready.compiled.Evaluate(request.claim());
    Faults faults;
    faults.Add("claim", evaluation.status());
    RETURN_IF_ERROR(faults.ToStatus());
    trace = evaluation->trace;
    return absl::OkStatus();
  }));
  return trace;
}

}  // namespace

absl::StatusOr<ReadyRuleSet> ReadRuleSet(store::View& view, const std::string& name) {
  ASSIGN_OR_RETURN(v1::RuleSet rule_set, store::Records<v1::RuleSet>::All(view).Get(name));
  ASSIGN_OR_RETURN(rules::CompiledRuleSet compiled, rules::CompiledRuleSet::Compile(rule_set));
  return ReadyRuleSet{std::move(rule_set), std::move(compiled)};
}

void AddRuleSets(Service& service) {
  Resource& rule_sets = service.Add<v1::RuleSet>().Rule(DecideRuleSet);
  BindStandard(service, "tsunagu.subsidy.v1.RuleSetService", rule_sets)
      .Unary(
          "ListRuleSetTemplates",
          [](rpc::Call&, const v1::ListRuleSetTemplatesRequest&) -> absl::StatusOr<v1::ListRuleSetTemplatesResponse> {
            v1::ListRuleSetTemplatesResponse response;
            for (const v1::RuleSet& rule_set : Templates()) *response.add_rule_sets() = rule_set;
            return response;
          })
      .Unary("EvaluateClaim", [&](rpc::Call& call, const v1::EvaluateClaimRequest& request) {
        return Evaluate(service, call, request);
      });
}

}  // namespace tsunagu::subsidy
