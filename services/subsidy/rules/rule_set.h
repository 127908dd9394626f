#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_RULE_SET_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_RULE_SET_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "services/subsidy/rules/formula.h"
#include "tsunagu/subsidy/v1/amount.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy::rules {

// The result of a claim.
struct Evaluation {
  using Numbers = std::map<std::string, Rational>;
  v1::Trace trace;
  std::map<std::string, Numbers> items;  // by code: the inputs of the item, and its steps
};

// A compiled rule set, which computes amounts. The same claim always has the same trace.
class CompiledRuleSet {
 public:
  // On error, the status has all faults of the rule set.
  static absl::StatusOr<CompiledRuleSet> Compile(const v1::RuleSet& rule_set);

  // Errors: INVALID_REQUEST with all faults of the claim: ITEM_UNKNOWN, INPUT_MISSING, CONDITION_NOT_MET and others;
  // DIVISION_BY_ZERO, AMOUNT_TOO_LARGE and AMOUNT_NOT_WHOLE at the step.
  absl::StatusOr<Evaluation> Evaluate(const v1::Claim& claim) const;

 private:
  using Numbers = Evaluation::Numbers;
  using Entries = google::protobuf::RepeatedPtrField<v1::Claim::Entry>;
  struct Step {
    v1::RuleSet::Step rule;
    Formula formula;
  };
  // The whole claim, or one item: names with their values, and steps.
  struct Part {
    std::string code;  // empty: the whole
    Numbers constants;
    std::vector<v1::RuleSet::Input> inputs;
    std::vector<Step> steps;
  };

  static Part CompilePart(const std::string& field, const std::string& code, Formula::Names& names,
                          const google::protobuf::RepeatedPtrField<v1::RuleSet::Constant>& constants,
                          const google::protobuf::RepeatedPtrField<v1::RuleSet::Input>& inputs, Faults& faults);
  static void CompileSteps(const std::string& field, Formula::Names names,
                           const google::protobuf::RepeatedPtrField<v1::RuleSet::Step>& steps, Part& part,
                           Faults& faults);
  // Adds the inputs to `numbers`.
  static void Take(const Part& part, const std::string& field, const Entries& said, Numbers& numbers, Faults& faults);
  // Computes the steps, as long as there is no fault, and adds their values to `numbers`.
  static void Run(const Part& part, const std::string& field, Numbers& numbers, v1::Trace& trace, Faults& faults);

  Part whole_;
  std::vector<Part> items_;  // in the order of the menu
  std::string result_;
};

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_RULE_SET_H_
