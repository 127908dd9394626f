// Evaluates compiled formulas; formula_parser.cc compiles the text.
#include "services/subsidy/rules/formula.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace tsunagu::subsidy::rules {
namespace {

absl::StatusOr<Rational> Fitting(const absl::optional<Rational>& value) {
  if (!value) return Fail("AMOUNT_TOO_LARGE"_reason);
  return *value;
}

absl::StatusOr<Rational> RoundedTo(const Rational& value, const Rational& unit, Rational::Toward toward) {
  if (unit.is_zero() || unit.is_negative()) return Fail("DIVISION_BY_ZERO"_reason);
  return Fitting(value.Rounded(unit, toward));
}

}  // namespace

bool Formula::is_condition() const { return nodes_.back().is_condition; }

absl::StatusOr<Rational> Formula::Evaluate(Values values) const { return Of(nodes_.size() - 1, values); }

absl::StatusOr<Rational> Formula::Of(size_t at, Values values) const {
  const Node& node = nodes_[at];
  switch (node.op) {
    case Op::kNumber:
      return node.number;
    case Op::kName:
      return values(node.name);
    case Op::kIf: {
      ASSIGN_OR_RETURN(const Rational condition, Of(node.operands[0], values));
      return Of(node.operands[condition.is_zero() ? 2 : 1], values);  // the other branch is not evaluated
    }
    case Op::kAnd:
    case Op::kOr: {
      ASSIGN_OR_RETURN(const Rational first, Of(node.operands[0], values));
      if (first.is_zero() == (node.op == Op::kAnd)) return first;
      return Of(node.operands[1], values);
    }
    default:
      break;
  }
  std::vector<Rational> operands;
  for (const size_t operand : node.operands) {
    ASSIGN_OR_RETURN(operands.emplace_back(), Of(operand, values));
  }
  const Rational& a = operands[0];
  const Rational& b = operands.back();
  int order = 0;
  if (node.op >= Op::kLess && node.op <= Op::kNotEqual) {
    const absl::optional<int> compared = Compare(a, b);
    if (!compared) return Fail("AMOUNT_TOO_LARGE"_reason);
    order = *compared;
  }
  switch (node.op) {
    case Op::kAdd:
      return Fitting(Add(a, b));
    case Op::kSubtract:
      return Fitting(Subtract(a, b));
    case Op::kMultiply:
      return Fitting(Multiply(a, b));
    case Op::kDivide:
      if (b.is_zero()) return Fail("DIVISION_BY_ZERO"_reason);
      return Fitting(Divide(a, b));
    case Op::kMin:
    case Op::kMax: {
      Rational best = a;
      for (const Rational& operand : operands) {
        const absl::optional<int> compared = Compare(operand, best);
        if (!compared) return Fail("AMOUNT_TOO_LARGE"_reason);
        if (node.op == Op::kMin ? *compared < 0 : *compared > 0) best = operand;
      }
      return best;
    }
    case Op::kFloor:
      return RoundedTo(a, b, Rational::Toward::kDown);
    case Op::kCeiling:
      return RoundedTo(a, b, Rational::Toward::kUp);
    case Op::kNearest:
      return RoundedTo(a, b, Rational::Toward::kNearest);
    case Op::kLess:
      return Rational(order < 0);
    case Op::kLessOrEqual:
      return Rational(order <= 0);
    case Op::kGreater:
      return Rational(order > 0);
    case Op::kGreaterOrEqual:
      return Rational(order >= 0);
    case Op::kEqual:
      return Rational(order == 0);
    case Op::kNotEqual:
      return Rational(order != 0);
    case Op::kNot:
      return Rational(a.is_zero());
    default:
      return absl::InternalError("formula");
  }
}

std::string Formula::WithValues(Values values) const {
  std::string text;
  for (const Piece& piece : pieces_) absl::StrAppend(&text, piece.is_name ? values(piece.text).ToText() : piece.text);
  return text;
}

}  // namespace tsunagu::subsidy::rules
