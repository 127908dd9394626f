#include "services/subsidy/rules/rule_set.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::RuleSet;

constexpr int64_t kMostSaid = 9'000'000'000'000;  // nine trillion: no budget here is larger

bool IsName(const std::string& name) {
  static const auto& reserved =
      *new std::set<std::string>{"and", "or", "not", "if", "min", "max", "floor", "ceiling", "nearest", "sum"};
  return !name.empty() && absl::ascii_islower(name[0]) && reserved.count(name) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_'; });
}

// Returns whether `name` can be used as a new name.
bool TakesName(const std::string& name, const std::string& field, Formula::Names& names, Faults& faults) {
  if (!IsName(name)) {
    faults.Add(field, "RULE_NAME_MALFORMED"_reason, {{"name", name}});
    return false;
  }
  if (names.values.insert(name).second) return true;
  faults.Add(field, "RULE_NAME_REPEATED"_reason, {{"name", name}});
  return false;
}

Rational::Toward TowardOf(RuleSet::Rounding rounding) {
  return rounding == RuleSet::ROUNDING_UP     ? Rational::Toward::kUp
         : rounding == RuleSet::ROUNDING_DOWN ? Rational::Toward::kDown
                                              : Rational::Toward::kNearest;
}

void Explain(const RuleSet::Step& rule, v1::Trace::Line& line) {
  const std::string unit = Rational(rule.rounding_unit()).ToText();
  switch (rule.rounding()) {
    case RuleSet::ROUNDING_DOWN:
      line.set_rounding_ja(absl::StrCat(unit, "未満切捨て"));
      line.set_rounding_en(absl::StrCat("down to a multiple of ", unit));
      break;
    case RuleSet::ROUNDING_UP:
      line.set_rounding_ja(absl::StrCat(unit, "未満切上げ"));
      line.set_rounding_en(absl::StrCat("up to a multiple of ", unit));
      break;
    case RuleSet::ROUNDING_NEAREST:
      line.set_rounding_ja(absl::StrCat(unit, "単位で四捨五入"));
      line.set_rounding_en(absl::StrCat("to the nearest multiple of ", unit));
      break;
    default:
      break;
  }
}

std::string At(const std::string& field, const char* list, int index) {
  return absl::StrCat(field, field.empty() ? "" : ".", list, "[", index, "]");
}

}  // namespace

CompiledRuleSet::Part CompiledRuleSet::CompilePart(
    const std::string& field, const std::string& code, Formula::Names& names,
    const google::protobuf::RepeatedPtrField<RuleSet::Constant>& constants,
    const google::protobuf::RepeatedPtrField<RuleSet::Input>& inputs, Faults& faults) {
  Part part;
  part.code = code;
  for (int i = 0; i < constants.size(); ++i) {
    const std::string at = At(field, "constants", i);
    if (!TakesName(constants[i].name(), at + ".name", names, faults)) continue;
    const absl::optional<Rational> value = Rational::ParseFraction(constants[i].value());
    if (!value) faults.Add(at + ".value", "CONSTANT_MALFORMED"_reason);
    part.constants[constants[i].name()] = value.value_or(Rational(0));
  }
  for (int i = 0; i < inputs.size(); ++i) {
    if (TakesName(inputs[i].name(), At(field, "inputs", i) + ".name", names, faults)) part.inputs.push_back(inputs[i]);
  }
  return part;
}

void CompiledRuleSet::CompileSteps(const std::string& field, Formula::Names names,
                                   const google::protobuf::RepeatedPtrField<RuleSet::Step>& steps, Part& part,
                                   Faults& faults) {
  for (int i = 0; i < steps.size(); ++i) {
    const RuleSet::Step& step = steps[i];
    const std::string at = At(field, "steps", i);
    const bool rounds = step.rounding_unit() > 0, has_way = step.rounding() != RuleSet::ROUNDING_UNSPECIFIED;
    if (rounds != has_way || (rounds && step.condition())) faults.Add(at, "ROUNDING_INCOMPLETE"_reason);
    absl::optional<Formula> formula = Formula::Compile(step.formula(), names, at + ".formula", faults);
    if (formula && formula->is_condition() != step.condition()) {
      faults.Add(at + ".formula", "FORMULA_KIND_WRONG"_reason, {{"at", absl::StrCat(step.formula().size() + 1)}});
    }
    if (formula) part.steps.push_back({step, *std::move(formula)});
    // Later steps can use only amounts. A step with a faulty formula is known all the same, so that the use of its name
    // is not another fault.
    if (!step.condition()) {
      (void)TakesName(step.name(), at + ".name", names, faults);
    } else if (!IsName(step.name())) {
      faults.Add(at + ".name", "RULE_NAME_MALFORMED"_reason, {{"name", step.name()}});
    }
  }
}

absl::StatusOr<CompiledRuleSet> CompiledRuleSet::Compile(const RuleSet& rule_set) {
  Faults faults;
  CompiledRuleSet compiled;
  compiled.result_ = rule_set.result();
  Formula::Names names;
  compiled.whole_ = CompilePart("", "", names, rule_set.constants(), rule_set.inputs(), faults);
  Formula::Names of_whole = names;
  bool each_has_result = rule_set.items_size() > 0;
  for (int i = 0; i < rule_set.items_size(); ++i) {
    const RuleSet::Item& item = rule_set.items(i);
    const std::string at = At("", "items", i);
    const bool is_twice = std::any_of(compiled.items_.begin(), compiled.items_.end(),
                                      [&](const Part& part) { return part.code == item.code(); });
    if (is_twice) faults.Add(at + ".code", "ITEM_REPEATED"_reason, {{"code", item.code()}});
    Formula::Names of_item = names;
    Part part = CompilePart(at, item.code(), of_item, item.constants(), item.inputs(), faults);
    CompileSteps(at, of_item, item.steps(), part, faults);
    bool has_result = false;
    for (const RuleSet::Step& step : item.steps()) {
      if (step.condition()) continue;
      of_whole.sums.insert(step.name());
      has_result |= step.name() == rule_set.result();
    }
    each_has_result &= has_result;
    compiled.items_.push_back(std::move(part));
  }
  CompileSteps("", of_whole, rule_set.steps(), compiled.whole_, faults);
  const bool whole_has_result =
      std::any_of(rule_set.steps().begin(), rule_set.steps().end(),
                  [&](const RuleSet::Step& step) { return step.name() == rule_set.result() && !step.condition(); });
  if (rule_set.steps().empty() ? !each_has_result : !whole_has_result) {
    faults.Add("result", "RESULT_UNKNOWN"_reason, {{"name", rule_set.result()}});
  }
  if (rule_set.has_minor_change()) {
    const std::string& name = rule_set.minor_change().step();
    const bool everywhere = std::all_of(compiled.items_.begin(), compiled.items_.end(), [&](const Part& part) {
      return std::any_of(part.steps.begin(), part.steps.end(),
                         [&](const Step& step) { return step.rule.name() == name && !step.rule.condition(); });
    });
    if (!everywhere) faults.Add("minor_change.step", "MINOR_CHANGE_STEP_UNKNOWN"_reason, {{"name", name}});
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return compiled;
}

void CompiledRuleSet::Take(const Part& part, const std::string& field, const Entries& entries, Numbers& numbers,
                           Faults& faults) {
  const std::string at = absl::StrCat(field, "entries");
  std::map<std::string, int64_t> said;
  for (const v1::Claim::Entry& entry : entries) {
    if (!said.emplace(entry.input(), entry.value()).second) {
      faults.Add(at, "INPUT_REPEATED"_reason, {{"name", entry.input()}});
    }
  }
  for (const auto& [name, value] : part.constants) numbers[name] = value;
  for (const RuleSet::Input& input : part.inputs) {
    const auto found = said.find(input.name());
    if (found == said.end() && !input.optional()) {
      faults.Add(at, "INPUT_MISSING"_reason, {{"name", input.name()}, {"input", input.en()}, {"input_ja", input.ja()}});
    }
    const int64_t value = found == said.end() ? 0 : found->second;
    const int64_t most = input.unit() == RuleSet::UNIT_YES_OR_NO ? 1 : input.max() > 0 ? input.max() : kMostSaid;
    if (value < 0 || value > most) {
      faults.Add(at, "INPUT_OUT_OF_RANGE"_reason, {{"name", input.name()}, {"max", absl::StrCat(most)}});
    }
    numbers[input.name()] = Rational(value);
  }
  for (const auto& [name, value] : said) {
    const bool known = std::any_of(part.inputs.begin(), part.inputs.end(),
                                   [&, &name = name](const RuleSet::Input& input) { return input.name() == name; });
    if (!known) faults.Add(at, "INPUT_UNKNOWN"_reason, {{"name", name}});
  }
}

void CompiledRuleSet::Run(const Part& part, const std::string& field, Numbers& numbers, v1::Trace& trace,
                          Faults& faults) {
  const auto value_of = [&](const std::string& name) { return numbers[name]; };
  for (const Step& step : part.steps) {
    const absl::StatusOr<Rational> exact = step.formula.Evaluate(value_of);
    if (!exact.ok()) {
      faults.Add(absl::StrCat(field, step.rule.name()), exact.status());
      return;  // later steps would report faults about a missing number
    }
    v1::Trace::Line& line = *trace.add_lines();
    line.set_item(part.code);
    line.set_step(step.rule.name());
    line.set_ja(step.rule.ja());
    line.set_en(step.rule.en());
    line.set_formula(step.rule.formula());
    line.set_computed(step.formula.WithValues(value_of));
    if (step.rule.condition()) {
      if (exact->is_zero()) {
        faults.Add(absl::StrCat(field, step.rule.name()), "CONDITION_NOT_MET"_reason,
                   {{"line", step.rule.en()}, {"line_ja", step.rule.ja()}, {"computed", line.computed()}});
      }
      line.set_value(exact->is_zero() ? "no" : "yes");
      continue;
    }
    Rational value = *exact;
    line.set_exact(exact->ToText());
    if (step.rule.rounding_unit() > 0) {
      const absl::optional<Rational> rounded =
          exact->Rounded(Rational(step.rule.rounding_unit()), TowardOf(step.rule.rounding()));
      if (!rounded) {
        return faults.Add(absl::StrCat(field, step.rule.name()), "AMOUNT_TOO_LARGE"_reason);
      }
      value = *rounded;
      Explain(step.rule, line);
    }
    line.set_value(value.ToText());
    numbers[step.rule.name()] = value;
  }
}

absl::StatusOr<Evaluation> CompiledRuleSet::Evaluate(const v1::Claim& claim) const {
  Faults faults;
  Numbers of_all;
  Take(whole_, "", claim.entries(), of_all, faults);
  std::set<std::string> asked;
  for (int i = 0; i < claim.items_size(); ++i) {
    const std::string& code = claim.items(i).code();
    const bool known = std::any_of(items_.begin(), items_.end(), [&](const Part& part) { return part.code == code; });
    if (!known) faults.Add(absl::StrCat("items[", i, "].code"), "ITEM_UNKNOWN"_reason, {{"code", code}});
    if (!asked.insert(code).second) {
      faults.Add(absl::StrCat("items[", i, "].code"), "ITEM_REPEATED"_reason, {{"code", code}});
    }
  }
  Evaluation evaluation;
  v1::Trace& trace = evaluation.trace;
  Numbers sums;
  for (const Part& part : items_) {
    const auto item = std::find_if(claim.items().begin(), claim.items().end(),
                                   [&](const v1::Claim::Item& one) { return one.code() == part.code; });
    if (item == claim.items().end()) continue;
    const std::string field = absl::StrCat("items[", item - claim.items().begin(), "].");
    Numbers numbers = of_all;
    Take(part, field, item->entries(), numbers, faults);
    if (!faults.empty()) continue;
    Run(part, field, numbers, trace, faults);
    for (const Step& step : part.steps) {
      if (step.rule.condition()) continue;
      const absl::optional<Rational> sum = Add(sums[step.rule.name()], numbers[step.rule.name()]);
      if (!sum) return FailAt(absl::StrCat(field, step.rule.name()), "AMOUNT_TOO_LARGE"_reason);
      sums[step.rule.name()] = *sum;
    }
    evaluation.items[part.code] = std::move(numbers);
  }
  RETURN_IF_ERROR(faults.ToStatus());
  Numbers numbers = std::move(of_all);
  for (const auto& [name, sum] : sums) numbers[absl::StrCat("sum(", name, ")")] = sum;
  Run(whole_, "", numbers, trace, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  const Rational amount = whole_.steps.empty() ? sums[result_] : numbers[result_];
  const absl::optional<int64_t> yen = amount.Whole();
  if (!yen) {
    return FailAt(result_, "AMOUNT_NOT_WHOLE"_reason, {{"step", result_}, {"exact", amount.ToText()}});
  }
  if (*yen < 0) return FailAt(result_, "AMOUNT_NEGATIVE"_reason, {{"exact", amount.ToText()}});
  if (*yen > kMostSaid) return FailAt(result_, "AMOUNT_TOO_LARGE"_reason);
  trace.set_amount(*yen);
  return evaluation;
}

}  // namespace tsunagu::subsidy::rules
