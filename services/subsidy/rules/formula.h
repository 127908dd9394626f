#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_FORMULA_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_FORMULA_H_

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "services/subsidy/rules/rational.h"

namespace tsunagu::subsidy::rules {

// A formula of a rule set: exact arithmetic on named values, without loops, so that it always ends. The language:
//
//   1200  0.9  grant                 numbers, and names of constants, inputs and earlier steps
//   a + b  a - b  a * b  a / b  -a   exact fractions, never rounded on their own
//   min(a, b, …)  max(a, b, …)
//   floor(a, 1000)  ceiling(a, 1000)  nearest(a, 1000)   the multiple of 1,000 below, above, next to a (half goes up)
//   a < b  a <= b  a > b  a >= b  a = b  a <> b          conditions
//   p and q  p or q  not p  if(p, a, b)
//   sum(grant)                       of all items, where the rule set has them
class Formula {
 public:
  // What a formula may name.
  struct Names {
    std::set<std::string, std::less<>> values;
    std::set<std::string, std::less<>> sums;  // what may stand in sum(…)
  };
  static constexpr size_t kLongest = 500;  // bytes

  // Adds to `faults`, at `field`, what keeps `text` from being one: FORMULA_MALFORMED, FORMULA_NAME_UNKNOWN,
  // FORMULA_KIND_WRONG, FORMULA_TOO_LONG.
  static absl::optional<Formula> Compile(absl::string_view text, const Names& names, absl::string_view field,
                                         Faults& faults);

  // Whether it says yes or no, rather than a number.
  bool is_condition() const;

  // What the names stand for; that of a sum is asked for as "sum(grant)".
  using Values = absl::FunctionRef<Rational(const std::string& name)>;
  // Of a condition 1 or 0. DIVISION_BY_ZERO; AMOUNT_TOO_LARGE where it cannot be worked out exactly.
  absl::StatusOr<Rational> Evaluate(Values values) const;
  // The formula with the values in the places of the names: "min(987,654, 1,111,111 − 200,005) × 3/4".
  std::string WithValues(Values values) const;

 private:
  friend class FormulaParser;
  enum class Op {
    kNumber,
    kName,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kMin,
    kMax,
    kFloor,
    kCeiling,
    kNearest,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kEqual,
    kNotEqual,
    kAnd,
    kOr,
    kNot,
    kIf,
  };
  struct Node {
    Op op;
    std::vector<size_t> operands;
    Rational number;
    std::string name;
    bool is_condition = false;
  };
  // A piece of the text as it is shown; of a name its value.
  struct Piece {
    std::string text;
    bool is_name = false;
  };

  absl::StatusOr<Rational> Of(size_t node, Values values) const;

  std::vector<Node> nodes_;  // the last one is the whole
  std::vector<Piece> pieces_;
};

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_FORMULA_H_
