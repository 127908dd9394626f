#include "services/subsidy/rules/rule_set.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

using testing::HasSubstr;

class RuleSetTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};

v1::RuleSet RuleSetOf(const std::string& text) {
  v1::RuleSet rule_set;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule_set)) << text;
  return rule_set;
}

// "items[0].entries:INPUT_MISSING …", or OK.
std::string Said(const absl::Status& status) {
  if (status.ok()) return "OK";
  const Fault fault = FaultOf(status);
  if (fault.faults().empty()) return ReasonWord(fault);
  return absl::StrJoin(fault.faults(), " ", [](std::string* out, const Fault& one) {
    absl::StrAppend(out, one.field(), ":", ReasonWord(one));
  });
}

// With one item "a" and the inputs that it names.
std::string OneItem(const std::string& constants, const std::string& inputs, const std::string& steps) {
  const auto list = [](const char* field, const std::string& all) {
    return absl::StrReplaceAll(all, {{"{", absl::StrCat(field, " { ja: '見本' en: 'sample' ")}});
  };
  return absl::StrCat("display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' en: 'sample' ",
                      list("constants", constants), list("inputs", inputs), list("steps", steps), " }");
}

struct Case {
  const char* name;
  std::string rule_set;
  std::string claim;
  std::string outcome;  // the amount, or what is refused
};

std::string OutcomeOf(const Case& c) {
  const auto compiled = CompiledRuleSet::Compile(RuleSetOf(c.rule_set));
  if (!compiled.ok()) return Said(compiled.status());
  v1::Claim claim;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(c.claim, &claim)) << c.claim;
  const auto evaluation = compiled->Evaluate(claim);
  return evaluation.ok() ? absl::StrCat(evaluation->trace.amount()) : Said(evaluation.status());
}

// "cost=1630000 income=192000" of item a.
std::string Claiming(const std::string& inputs) {
  std::string text = "items { code: 'a'";
  for (const absl::string_view input : absl::StrSplit(inputs, ' ', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(input, '=');
    absl::StrAppend(&text, " entries { input: '", parts[0], "' value: ", parts[1], " }");
  }
  return text + " }";
}

const char kYen[] = " unit: UNIT_YEN }";
std::string Yen(const std::string& names) {
  std::string inputs;
  for (const absl::string_view name : absl::StrSplit(names, ' ')) {
    absl::StrAppend(&inputs, "{name: '", name, "'", kYen, " ");
  }
  return inputs;
}
std::string Step(const std::string& name, const std::string& formula, const std::string& rest = "") {
  return absl::StrCat("{name: '", name, "' formula: '", formula, "' ", rest, "} ");
}
std::string Down(int64_t unit) { return absl::StrCat("rounding_unit: ", unit, " rounding: ROUNDING_DOWN"); }

// Cases from practice that are not templates (templates_test.cc has those), with figures that were printed, or computed
// by hand from the rule.
TEST_F(RuleSetTest, RulesOfTheField) {
  const std::string tochigi =
      OneItem("", "{name: 'months_left' unit: UNIT_MONTHS max: 12}", Step("grant", "min(48, months_left * 4)"));
  const std::string tochigi_visit =
      OneItem("", "{name: 'minutes' unit: UNIT_MINUTES}",
              Step("an_hour", "minutes >= 60", "condition: true") + Step("grant", "floor(minutes, 30)"));
  const std::string iizuka =
      OneItem("{name: 'price' value: '3750'} {name: 'share' value: '0.9'}",
              "{name: 'minutes' unit: UNIT_MINUTES} {name: 'exempt' unit: UNIT_YES_OR_NO}",
              Step("units", "floor(minutes, 30) / 30") + Step("grant", "units * price * if(exempt = 1, 1, share)"));
  const std::string bunkyo =
      OneItem("", "{name: 'minutes' unit: UNIT_MINUTES} {name: 'used' unit: UNIT_MINUTES}",
              Step("steps", "floor(minutes, 30) = minutes", "condition: true") +
                  Step("length", "minutes >= 120 and minutes <= 240", "condition: true") +
                  Step("year", "used + minutes <= 288 * 60", "condition: true") + Step("grant", "minutes"));
  const std::string minor_change = OneItem(
      "", Yen("decided changed"), Step("grant", "if(changed > decided * 1.2 or changed < decided * 0.8, 1, 0)"));
  const std::string transfer =
      OneItem("", Yen("giver taker moved"),
              Step("limit", "min(giver, taker) * 0.2") + Step("grant", "if(moved > limit, 1, 0)"));
  const std::string penalty =
      OneItem("{name: 'daily' value: '3/10000'}", Yen("returned") + "{name: 'days' unit: UNIT_DAYS}",
              Step("grant", "returned * days * daily", Down(1)));
  const std::string totals =
      OneItem("", Yen("a b total"), Step("adds_up", "a + b = total", "condition: true") + Step("grant", "total"));
  for (const Case& c : {
           Case{"M14 Tochigi: decided in June", tochigi, Claiming("months_left=10"), "40"},
           Case{"M14 Tochigi: April", tochigi, Claiming("months_left=12"), "48"},
           Case{"M14 Tochigi: March", tochigi, Claiming("months_left=1"), "4"},
           Case{"M15 Tochigi: 95 minutes", tochigi_visit, Claiming("minutes=95"), "90"},
           Case{"M15 Tochigi: 50 minutes", tochigi_visit, Claiming("minutes=50"), "items[0].an_hour:CONDITION_NOT_MET"},
           Case{"M16 Iizuka: 90 minutes", iizuka, Claiming("minutes=90 exempt=0"), "10125"},
           Case{"M16 Iizuka: an exempt household", iizuka, Claiming("minutes=90 exempt=1"), "11250"},
           Case{"M17 Iizuka: a whole year", iizuka, Claiming("minutes=2880 exempt=0"), "324000"},
           Case{"M18 Bunkyo: 2 h 15", bunkyo, Claiming("minutes=135 used=0"), "items[0].steps:CONDITION_NOT_MET"},
           Case{"M18 Bunkyo: 4 h 30", bunkyo, Claiming("minutes=270 used=0"), "items[0].length:CONDITION_NOT_MET"},
           Case{"M18 Bunkyo: the 289th hour", bunkyo, Claiming("minutes=120 used=17190"),
                "items[0].year:CONDITION_NOT_MET"},
           Case{"M18 Bunkyo: the 288th hour", bunkyo, Claiming("minutes=120 used=17160"), "120"},
           Case{"M19 20 % more is minor", minor_change, Claiming("decided=1000000 changed=1200000"), "0"},
           Case{"M19 one yen more is not", minor_change, Claiming("decided=1000000 changed=1200001"), "1"},
           Case{"M19 less than 80 % is not", minor_change, Claiming("decided=1000000 changed=799999"), "1"},
           Case{"M20 5 of 30", transfer, Claiming("giver=400000 taker=300000 moved=50000"), "0"},
           Case{"M20 5 of 5", transfer, Claiming("giver=400000 taker=50000 moved=50000"), "1"},
           Case{"M21 341 days at 3/10,000", penalty, Claiming("returned=1000000 days=341"), "102300"},
           Case{"M23 a total that does not add up", totals, Claiming("a=80343 b=4732 total=85029"),
                "items[0].adds_up:CONDITION_NOT_MET"},
           Case{"M23 one that does", totals, Claiming("a=79648 b=4695 total=84343"), "84343"},
       }) {
    EXPECT_EQ(OutcomeOf(c), c.outcome) << c.name;
  }
}

// M4: each line has its own rate, and the own share is what remains of all lines.
TEST_F(RuleSetTest, EachItemHasItsRateAndTheWholeIsAddedUp) {
  const auto item = [](const char* code, const char* rate) {
    return absl::StrCat(
        "items { code: '", code, "' ja: '見本' en: 'sample' constants { name: 'rate' ja: '率' en: 'rate' value: '",
        rate,
        "' } inputs { name: 'cost' ja: '経費' en: 'cost' unit: UNIT_YEN } steps { name: 'grant' ja: "
        "'国庫' en: 'State' formula: 'cost * rate' rounding_unit: 1000 rounding: ROUNDING_DOWN } steps { "
        "name: 'spent' ja: '経費' en: 'cost' formula: 'cost' } } ");
  };
  const std::string items = item("a", "1/2") + item("b", "0");
  const std::string claim =
      "items { code: 'a' entries { input: 'cost' value: 2402000 } } items { code: 'b' entries { input: 'cost' value: "
      "10000 } }";
  const auto with = [&](const std::string& rest) { return "display_name: '見本' " + items + rest; };
  EXPECT_EQ(OutcomeOf({"State", with("result: 'grant'"), claim, ""}), "1201000");
  EXPECT_EQ(OutcomeOf({"own",
                       with("result: 'own' steps { name: 'own' ja: '一般財源' en: 'own' formula: 'sum(spent) - "
                            "sum(grant)' }"),
                       claim, ""}),
            "1211000");
  EXPECT_EQ(OutcomeOf({"one item only", with("result: 'grant'"),
                       "items { code: 'b' entries { input: 'cost' value: 10000 } }", ""}),
            "0");
}

TEST_F(RuleSetTest, TheTraceSaysHowItCameAbout) {
  const auto compiled = CompiledRuleSet::Compile(RuleSetOf(OneItem(
      "{name: 'rate' value: '3/4'}", Yen("standard actual total donated"),
      Step("eligible", "min(min(standard, actual), total - donated)") + Step("grant", "eligible*rate", Down(10)))));
  ASSERT_TRUE(compiled.ok());
  v1::Claim claim;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      Claiming("standard=1000000 actual=987654 total=1111111 donated=200005"), &claim));
  const auto evaluation = compiled->Evaluate(claim);
  ASSERT_TRUE(evaluation.ok());
  const v1::Trace& trace = evaluation->trace;
  ASSERT_EQ(trace.lines_size(), 2);
  EXPECT_EQ(trace.lines(0).computed(), "min(min(1,000,000, 987,654), 1,111,111 − 200,005)");
  EXPECT_EQ(trace.lines(0).value(), "911,106");
  EXPECT_EQ(trace.lines(1).formula(), "eligible*rate");
  EXPECT_EQ(trace.lines(1).computed(), "911,106×0.75");
  EXPECT_EQ(trace.lines(1).exact(), "683,329.5");
  EXPECT_EQ(trace.lines(1).rounding_ja(), "10未満切捨て");
  EXPECT_EQ(trace.lines(1).value(), "683,320");
  EXPECT_EQ(trace.SerializeAsString(), compiled->Evaluate(claim)->trace.SerializeAsString());
}

TEST_F(RuleSetTest, WhatIsWrongWithARuleSetIsSaidAtOnce) {
  struct Wrong {
    const char* name;
    std::string rule_set, said;
  };
  const std::string at = "items[0].steps[0].formula:";
  const auto formula = [&](const std::string& text) { return OneItem("", Yen("cost"), Step("grant", text)); };
  std::string deep = "cost";
  for (int i = 0; i < 60; ++i) deep = absl::StrCat("(", deep, ")");
  for (const Wrong& c : {
           Wrong{"a name that nobody knows", formula("price * 2"), at + "FORMULA_NAME_UNKNOWN"},
           Wrong{"itself: no loops", formula("grant + 1"), at + "FORMULA_NAME_UNKNOWN"},
           Wrong{"a later step", OneItem("", Yen("cost"), Step("grant", "later") + Step("later", "cost")),
                 at + "FORMULA_NAME_UNKNOWN"},
           Wrong{"nothing", formula(""), at + "FORMULA_MALFORMED"},
           Wrong{"half of one", formula("cost *"), at + "FORMULA_MALFORMED"},
           Wrong{"two of one", formula("cost cost"), at + "FORMULA_MALFORMED"},
           Wrong{"a parenthesis", formula("(cost"), at + "FORMULA_MALFORMED"},
           Wrong{"too deep", formula(deep), at + "FORMULA_MALFORMED"},
           Wrong{"one operand of min", formula("min(cost)"), at + "FORMULA_MALFORMED"},
           Wrong{"a function that nobody knows", formula("median(cost, 1)"), at + "FORMULA_NAME_UNKNOWN"},
           Wrong{"a comma in a number", formula("cost * 1,000"), at + "FORMULA_MALFORMED"},
           Wrong{"a condition as amount", formula("cost > 1"), at + "FORMULA_KIND_WRONG"},
           Wrong{"a condition that is added", formula("1 + (cost > 1)"), at + "FORMULA_KIND_WRONG"},
           Wrong{"an amount as condition",
                 OneItem("", Yen("cost"), Step("c", "cost", "condition: true") + Step("grant", "cost")),
                 at + "FORMULA_KIND_WRONG"},
           Wrong{"if of amounts", formula("if(cost, 1, 2)"), at + "FORMULA_KIND_WRONG"},
           Wrong{"a sum in an item", formula("sum(grant)"), at + "FORMULA_NAME_UNKNOWN"},
           Wrong{"too long", formula(std::string(501, '1')), at + "FORMULA_TOO_LONG"},
           Wrong{"a rounding without its way", OneItem("", Yen("cost"), Step("grant", "cost", "rounding_unit: 10")),
                 "items[0].steps[0]:ROUNDING_INCOMPLETE"},
           Wrong{"a reserved name", OneItem("", Yen("min"), Step("grant", "1")),
                 "items[0].inputs[0].name:RULE_NAME_MALFORMED"},
           Wrong{"names twice", OneItem("{name: 'cost' value: '1'}", Yen("cost"), Step("grant", "cost")),
                 "items[0].inputs[0].name:RULE_NAME_REPEATED"},
           Wrong{"a constant by zero", OneItem("{name: 'rate' value: '1/0'}", Yen("cost"), Step("grant", "cost")),
                 "items[0].constants[0].value:CONSTANT_MALFORMED"},
           Wrong{"no result", OneItem("", Yen("cost"), Step("amount", "cost")), "result:RESULT_UNKNOWN"},
           Wrong{"everything at once",
                 OneItem("{name: 'Rate' value: 'x'}", Yen("cost"), Step("grant", "cost * rate") + Step("b", "(")),
                 "items[0].constants[0].name:RULE_NAME_MALFORMED items[0].steps[0].formula:FORMULA_NAME_UNKNOWN "
                 "items[0].steps[1].formula:FORMULA_MALFORMED"},
       }) {
    EXPECT_EQ(Said(CompiledRuleSet::Compile(RuleSetOf(c.rule_set)).status()), c.said) << c.name;
  }
}

TEST_F(RuleSetTest, WhatIsWrongWithAClaimIsSaidAtOnce) {
  const std::string ratio = OneItem("", Yen("cost parts"), Step("grant", "cost / parts"));
  const std::string power =
      OneItem("", Yen("cost"), Step("b", "cost * cost * cost") + Step("c", "b * b") + Step("grant", "c * c"));
  for (const Case& c : {
           Case{"an input is missing", ratio, Claiming("cost=1"), "items[0].entries:INPUT_MISSING"},
           Case{"one too many", ratio, Claiming("cost=1 parts=1 more=1"), "items[0].entries:INPUT_UNKNOWN"},
           Case{"below zero", ratio, Claiming("cost=-1 parts=1"), "items[0].entries:INPUT_OUT_OF_RANGE"},
           Case{"all at once", ratio, "items { code: 'b' } " + Claiming("cost=-1") + Claiming("cost=1 parts=1"),
                "items[0].code:ITEM_UNKNOWN items[2].code:ITEM_REPEATED items[1].entries:INPUT_OUT_OF_RANGE "
                "items[1].entries:INPUT_MISSING"},
           Case{"divided by zero", ratio, Claiming("cost=1 parts=0"), "items[0].grant:DIVISION_BY_ZERO"},
           Case{"no whole yen", ratio, Claiming("cost=1 parts=2"), "grant:AMOUNT_NOT_WHOLE"},
           Case{"whole yen", ratio, Claiming("cost=4 parts=2"), "2"},
           Case{"beyond 128 bits", power, Claiming("cost=8000000000000"), "items[0].b:AMOUNT_TOO_LARGE"},
           Case{"nothing at all", ratio, "", "0"},
       }) {
    EXPECT_EQ(OutcomeOf(c), c.outcome) << c.name;
  }
  const auto compiled = CompiledRuleSet::Compile(RuleSetOf(
      OneItem("", Yen("a b total"), Step("adds_up", "a + b = total", "condition: true") + Step("grant", "total"))));
  v1::Claim claim;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(Claiming("a=80343 b=4732 total=85029"), &claim));
  EXPECT_THAT(FaultOf(compiled->Evaluate(claim).status()).faults(0).args().at("computed"),
              HasSubstr("80,343 + 4,732 = 85,029"));
}

// Random formulas, which are evaluated a second time while they are generated.
class Drawn {
 public:
  using Wide = __int128;
  explicit Drawn(uint32_t seed) : random_(seed) {}
  // Text, and its value as an unreduced fraction.
  struct Expression {
    std::string text;
    Wide above, below;
  };
  Expression Draw(int depth) {
    if (depth == 0) {
      const auto number = static_cast<int64_t>(random_() % 50);
      return random_() % 2 == 0 ? Expression{"cost", 12, 1} : Expression{absl::StrCat(number), number, 1};
    }
    const Expression a = Draw(depth - 1), b = Draw(depth - 1);
    const bool less = (a.above * b.below < b.above * a.below) == ((a.below < 0) == (b.below < 0));
    switch (random_() % 6) {
      case 0:
        return {absl::StrCat("(", a.text, " + ", b.text, ")"), a.above * b.below + b.above * a.below,
                a.below * b.below};
      case 1:
        return {absl::StrCat("(", a.text, " - ", b.text, ")"), a.above * b.below - b.above * a.below,
                a.below * b.below};
      case 2:
        return {absl::StrCat(a.text, " * ", b.text), a.above * b.above, a.below * b.below};
      case 3:
        if (b.above == 0) return a;
        return {absl::StrCat("(", a.text, ") / (", b.text, ")"), a.above * b.below, a.below * b.above};
      case 4:
        return {absl::StrCat("min(", a.text, ", ", b.text, ")"), (less ? a : b).above, (less ? a : b).below};
      default:
        return {absl::StrCat("if(", a.text, " < ", b.text, ", ", a.text, ", ", b.text, ")"), (less ? a : b).above,
                (less ? a : b).below};
    }
  }

 private:
  std::mt19937 random_;
};

TEST_F(RuleSetTest, RandomFormulasHaveTheValueThatASecondCalculationGives) {
  int long_ones = 0;
  for (uint32_t seed = 0; seed < 5'000; ++seed) {
    const Drawn::Expression drawn = Drawn(seed).Draw(static_cast<int>(seed % 4));
    Faults faults;
    const auto formula = Formula::Compile(drawn.text, {{"cost"}, {}}, "formula", faults);
    if (drawn.text.size() > Formula::kLongest) {
      ++long_ones;
      continue;
    }
    ASSERT_TRUE(formula.has_value()) << drawn.text;
    const auto value = formula->Evaluate([](const std::string&) { return Rational(12); });
    ASSERT_TRUE(value.ok()) << drawn.text;
    EXPECT_EQ(Compare(*value, *Rational::Of(drawn.above, drawn.below)), 0) << drawn.text << " " << value->ToText();
  }
  EXPECT_LT(long_ones, 500);
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
