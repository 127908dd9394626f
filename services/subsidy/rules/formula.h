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
  // The names that a formula may use.
  struct Names {
    std::set<std::string, std::less<>> values;
    std::set<std::string, std::less<>> sums;  // names that are permitted in sum(…)
  };
  static constexpr size_t kLongest = 500;  // bytes

  // Compiles `text`. Adds to `faults`, at `field`, the reasons why it is not a formula: FORMULA_MALFORMED,
  // FORMULA_NAME_UNKNOWN, FORMULA_KIND_WRONG, FORMULA_TOO_LONG.
  static absl::optional<Formula> Compile(absl::string_view text, const Names& names, absl::string_view field,
                                         Faults& faults);

  // Returns whether the result is true or false instead of a number.
  bool is_condition() const;

  // Returns the value of a name; a sum is requested as "sum(grant)".
  using Values = absl::FunctionRef<Rational(const std::string& name)>;
  // Returns the value; for a condition 1 or 0. Errors: DIVISION_BY_ZERO; AMOUNT_TOO_LARGE if it cannot be computed
  // exactly.
  absl::StatusOr<Rational> Evaluate(Values values) const;
  // Returns the formula with values instead of names: "min(987,654, 1,111,111 − 200,005) × 3/4".
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
  // A piece of the shown text; for a name, its value.
  struct Piece {
    std::string text;
    bool is_name = false;
  };

  absl::StatusOr<Rational> Of(size_t node, Values values) const;

  std::vector<Node> nodes_;  // the last node is the root
  std::vector<Piece> pieces_;
};

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_FORMULA_H_
