// Arbitrary formulas of rule sets. A formula that compiles terminates, with an exact result or one of two reasons; a
// condition gives 1 or 0; and a formula in parentheses gives the same result.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/subsidy/rules/formula.h"
#include "tests/fuzz/fuzz.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::fuzz {
namespace {

using subsidy::rules::Formula;
using subsidy::rules::Rational;

Rational ValueOf(const std::string& name) {
  return name == "cost" ? Rational(1'111'111) : name == "sum(grant)" ? Rational(-3) : Rational(0);
}

void Check(absl::string_view text) {
  static const bool declared = (Reason::Declare(subsidy::v1::Reason_descriptor()), true);
  (void)declared;
  static const auto& names = *new Formula::Names{{"cost", "none"}, {"grant"}};
  Faults faults;
  const auto formula = Formula::Compile(text, names, "formula", faults);
  Require(formula.has_value() == faults.empty(), "it is a formula, or a fault is said", text);
  if (!formula) return;
  Require(text.size() <= Formula::kLongest, "none is longer", text);
  (void)formula->WithValues(ValueOf);
  const auto value = formula->Evaluate(ValueOf);
  if (!value.ok()) {
    const Reason reason = ReasonOf(value.status());
    Require(reason == "DIVISION_BY_ZERO"_reason || reason == "AMOUNT_TOO_LARGE"_reason, "a refusal says why", text);
  } else if (formula->is_condition()) {
    Require(value->Whole() == 0 || value->Whole() == 1, "a condition holds or not", text);
  }
  Faults none;
  const auto again = Formula::Compile(absl::StrCat("(", text, ")"), names, "formula", none);
  if (!again) return;  // too long, or too deep
  const auto same = again->Evaluate(ValueOf);
  Require(again->is_condition() == formula->is_condition() && same.ok() == value.ok(), "parentheses change nothing",
          text);
  if (same.ok()) Require(Compare(*same, *value).value_or(0) == 0, "parentheses change no value", text);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Check(tsunagu::fuzz::Input(data, size).Rest());
  return 0;
}
