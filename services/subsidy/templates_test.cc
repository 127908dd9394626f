#include "services/subsidy/templates.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "services/subsidy/rules/rule_set.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy {
namespace {

using Inputs = std::map<std::string, int64_t>;

class TemplatesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};

const v1::RuleSet* Find(const std::string& name) {
  for (const v1::RuleSet& rule_set : Templates()) {
    if (absl::StripPrefix(rule_set.name(), "ruleSets/") == name) return &rule_set;
  }
  return nullptr;
}

// The amount, or what is refused.
std::string Outcome(v1::RuleSet rule_set, int64_t standard, const std::map<std::string, Inputs>& items) {
  for (auto& item : *rule_set.mutable_items()) {
    for (auto& constant : *item.mutable_constants()) {
      if (constant.name() == "standard" && constant.value() == "0") constant.set_value(absl::StrCat(standard));
    }
  }
  v1::Claim claim;
  for (const auto& [code, inputs] : items) {
    auto& item = *claim.add_items();
    item.set_code(code);
    for (const auto& [input, value] : inputs) {
      auto& entry = *item.add_entries();
      entry.set_input(input);
      entry.set_value(value);
    }
  }
  const auto compiled = rules::CompiledRuleSet::Compile(rule_set);
  if (!compiled.ok()) return std::string(compiled.status().message());
  const auto evaluation = compiled->Evaluate(claim);
  if (evaluation.ok()) return absl::StrCat(evaluation->trace.amount());
  const Fault fault = FaultOf(evaluation.status());
  return absl::StrJoin(fault.faults(), " ", [](std::string* out, const Fault& one) {
    absl::StrAppend(out, one.field(), ":", ReasonWord(one));
  });
}

TEST_F(TemplatesTest, EachCanBeUsed) {
  std::set<std::string> names;
  for (const v1::RuleSet& rule_set : Templates()) {
    EXPECT_TRUE(names.insert(rule_set.name()).second) << rule_set.name();
    EXPECT_EQ(rules::CompiledRuleSet::Compile(rule_set).status(), absl::OkStatus()) << rule_set.name();
    EXPECT_FALSE(rule_set.source().empty()) << rule_set.name();
  }
}

// Figures that the body printed, or that were computed by hand from its rule.
TEST_F(TemplatesTest, GiveTheYenOfThePublishedRules) {
  const struct {
    const char* what;
    const char* name;
    int64_t standard;
    std::map<std::string, Inputs> items;
    const char* outcome;
  } kCases[] = {
      {"half of cost less income, in thousands",
       "support-1",
       1'000'000,
       {{"council", {{"spent", 503'000}, {"income", 999}}}},
       "251000"},
      {"the standard amount and no more", "support-1", 1'000'001, {{"nurses", {{"spent", 9'000'000}}}}, "500000"},
      {"Osaka 2019: income before the half",
       "half-after-income",
       0,
       {{"training", {{"spent", 1'630'000}, {"income", 192'000}}}},
       "719000"},
      {"Osaka 2018", "half-after-income", 0, {{"training", {{"spent", 49'683'000}}}}, "24841000"},
      {"Osaka 2018, another line", "half-after-income", 0, {{"training", {{"spent", 48'721'000}}}}, "24360000"},
      {"more income than cost",
       "half-after-income",
       0,
       {{"training", {{"spent", 1}, {"income", 2}}}},
       "items[0].income_is_less:CONDITION_NOT_MET"},
      {"Saitama 2017",
       "each-line-its-rate",
       0,
       {{"care", {{"spent", 2'402'000}}}, {"review", {{"spent", 10'000}}}},
       "1201000"},
      {"Tamakawa: 1,000 yen", "after-rate-1000", 1'000'000, {{"child-care", {{"spent", 987'654}}}}, "740000"},
      {"Tamakawa: no standard amount yet",
       "after-rate-1000",
       0,
       {{"child-care", {{"spent", 987'654}}}},
       "items[0].standard_is_set:CONDITION_NOT_MET"},
      {"Nakatane: 10 yen",
       "total-less-income-10",
       1'000'000,
       {{"child-care", {{"spent", 987'654}, {"total", 1'111'111}, {"income", 200'005}}}},
       "683320"},
      {"Nakatane: the standard amount is least",
       "total-less-income-10",
       500'001,
       {{"child-care", {{"spent", 987'654}, {"total", 1'111'111}, {"income", 200'005}}}},
       "375000"},
      {"Ajigasawa: rounded once",
       "sum-then-1000",
       1'000'000,
       {{"a", {{"spent", 1'500}}}, {"b", {{"spent", 1'600}}}},
       "3000"},
      {"Ajigasawa: one item", "sum-then-1000", 1'000'000, {{"a", {{"spent", 2'000'000}}}}, "1000000"},
      {"running costs of 12 places", "by-places", 0, {{"running", {{"spent", 600'000}, {"places", 12}}}}, "567800"},
      {"rebuilding for 12 places", "by-places", 0, {{"building", {{"spent", 14'000'000}, {"places", 12}}}}, "10373625"},
      {"two stages", "two-stages", 0, {{"basic", {{"base", 31'000'000}, {"spent", 31'000'000}}}}, "23250000"},
      {"eight tenths", "two-stages", 0, {{"effect", {{"spent", 1'001'000}}}}, "800000"},
      {"a form of the Ministry", "with-overhead", 0, {{"works", {{"spent", 340'000'000}}}}, "170000000"},
      {"another line", "with-overhead", 0, {{"works", {{"spent", 350'000'000}}}}, "175000000"},
      {"overhead at the limit",
       "with-overhead",
       0,
       {{"works", {{"spent", 1'000'000}, {"overhead", 22'000}}}},
       "511000"},
      {"overhead beyond it",
       "with-overhead",
       0,
       {{"works", {{"spent", 1'000'000}, {"overhead", 22'001}}}},
       "items[0].overhead_is_within:CONDITION_NOT_MET"},
      {"a budget rounds up", "budget-rounds-up", 0, {{"schools", {{"days", 200}, {"schools", 124}}}}, "68614000"},
      {"at most 200 days",
       "budget-rounds-up",
       0,
       {{"schools", {{"days", 201}, {"schools", 1}}}},
       "items[0].entries:INPUT_OUT_OF_RANGE"},
      {"Toshima: 7 hours", "hours-per-child", 0, {{"coordination", {{"hours", 7}}}}, "28000"},
      {"Toshima: 8 hours", "hours-per-child", 0, {{"coordination", {{"hours", 8}}}}, "32000"},
      {"Toshima: 11 hours", "hours-per-child", 0, {{"coordination", {{"hours", 11}}}}, "32000"},
      {"Toshima: an hour with a fee", "hours-per-child", 0, {{"coordination", {{"hours", 1}, {"paid_hours", 1}}}}, "0"},
  };
  std::set<std::string> tried;
  for (const auto& c : kCases) {
    const v1::RuleSet* rule_set = Find(c.name);
    ASSERT_NE(rule_set, nullptr) << c.name;
    EXPECT_EQ(Outcome(*rule_set, c.standard, c.items), c.outcome) << c.what;
    tried.insert(c.name);
  }
  EXPECT_EQ(tried.size(), Templates().size()) << "a template without a case";
}

}  // namespace
}  // namespace tsunagu::subsidy
