#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/subsidy/rules/formula.h"

namespace tsunagu::subsidy::rules {
namespace {

constexpr int kDeepest = 40;  // parentheses, functions and signs in one another

}  // namespace

// Parses the text in one pass. Stops at the first fault.
class FormulaParser {
 public:
  FormulaParser(absl::string_view text, const Formula::Names& names, absl::string_view field, Faults& faults)
      : text_(text), names_(names), field_(field), faults_(faults) {}

  absl::optional<Formula> Parse() {
    if (text_.size() > Formula::kLongest) {
      Refuse("FORMULA_TOO_LONG"_reason, {{"max", absl::StrCat(Formula::kLongest)}});
      return absl::nullopt;
    }
    SkipSpace();
    const size_t whole = Or();
    if (!failed_ && at_ < text_.size()) Malformed();
    if (failed_ || whole + 1 != formula_.nodes_.size()) return absl::nullopt;
    return std::move(formula_);
  }

 private:
  using Op = Formula::Op;
  using Node = Formula::Node;

  // --- words

  void SkipSpace() {
    const size_t from = at_;
    while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) ++at_;
    if (at_ > from) Show(" ");
  }
  void Show(absl::string_view text, bool is_name = false) { formula_.pieces_.push_back({std::string(text), is_name}); }
  // Consumes a sign if it is at the present position.
  bool Take(absl::string_view sign, absl::string_view shown) {
    if (failed_ || !absl::StartsWith(text_.substr(at_), sign)) return false;
    at_ += sign.size();
    Show(shown);
    SkipSpace();
    return true;
  }
  bool Take(absl::string_view sign) { return Take(sign, sign); }
  void Expect(absl::string_view sign) {
    if (!Take(sign)) Malformed();
  }
  absl::string_view PeekWord() const {
    size_t end = at_;
    while (end < text_.size() &&
           (absl::ascii_islower(text_[end]) || text_[end] == '_' || (end > at_ && absl::ascii_isdigit(text_[end])))) {
      ++end;
    }
    return text_.substr(at_, end - at_);
  }
  bool TakeWord(absl::string_view word) {
    if (failed_ || PeekWord() != word) return false;
    at_ += word.size();
    Show(word);
    SkipSpace();
    return true;
  }

  // --- faults

  void Refuse(Reason reason, Args args = {}) {
    if (failed_) return;
    failed_ = true;
    faults_.Add(field_, reason, args);
  }
  void Malformed() {
    Refuse("FORMULA_MALFORMED"_reason, {{"at", absl::StrCat(at_ + 1)}, {"text", std::string(text_.substr(at_, 20))}});
  }

  // --- nodes

  size_t Make(Op op, std::vector<size_t> operands, bool takes_conditions, bool is_condition) {
    for (const size_t operand : operands) {
      if (!failed_ && formula_.nodes_[operand].is_condition != takes_conditions) {
        Refuse("FORMULA_KIND_WRONG"_reason, {{"at", absl::StrCat(at_ + 1)}});
      }
    }
    formula_.nodes_.push_back({op, std::move(operands), {}, "", is_condition});
    return formula_.nodes_.size() - 1;
  }
  size_t Number(const Rational& number) {
    formula_.nodes_.push_back({Op::kNumber, {}, number, "", false});
    return formula_.nodes_.size() - 1;
  }

  size_t Or() {
    size_t left = And();
    while (TakeWord("or")) left = Make(Op::kOr, {left, And()}, true, true);
    return left;
  }
  size_t And() {
    size_t left = Not();
    while (TakeWord("and")) left = Make(Op::kAnd, {left, Not()}, true, true);
    return left;
  }
  size_t Not() {
    if (!TakeWord("not")) return Comparison();
    if (!Deeper()) return Number(0);
    const size_t inner = Not();
    --depth_;
    return Make(Op::kNot, {inner}, true, true);
  }
  size_t Comparison() {
    const size_t left = Sum();
    struct Sign {
      absl::string_view text, shown;
      Op op;
    };
    static constexpr Sign kSigns[] = {{"<=", "≤", Op::kLessOrEqual}, {">=", "≥", Op::kGreaterOrEqual},
                                      {"<>", "≠", Op::kNotEqual},    {"<", "<", Op::kLess},
                                      {">", ">", Op::kGreater},      {"=", "=", Op::kEqual}};
    for (const Sign& sign : kSigns) {
      if (Take(sign.text, sign.shown)) return Make(sign.op, {left, Sum()}, false, true);
    }
    return left;
  }
  size_t Sum() {
    size_t left = Product();
    for (;;) {
      if (Take("+")) {
        left = Make(Op::kAdd, {left, Product()}, false, false);
      } else if (Take("-", "−")) {
        left = Make(Op::kSubtract, {left, Product()}, false, false);
      } else {
        return left;
      }
    }
  }
  size_t Product() {
    size_t left = Signed();
    for (;;) {
      if (Take("*", "×")) {
        left = Make(Op::kMultiply, {left, Signed()}, false, false);
      } else if (Take("/")) {
        left = Make(Op::kDivide, {left, Signed()}, false, false);
      } else {
        return left;
      }
    }
  }
  size_t Signed() {
    if (!Take("-", "−")) return Primary();
    if (!Deeper()) return Number(0);
    const size_t zero = Number(0);
    const size_t inner = Signed();
    --depth_;
    return Make(Op::kSubtract, {zero, inner}, false, false);
  }
  bool Deeper() {
    if (++depth_ <= kDeepest) return true;
    Malformed();
    return false;
  }

  size_t Primary() {
    if (failed_ || at_ >= text_.size()) {
      Malformed();
      return Number(0);
    }
    if (absl::ascii_isdigit(text_[at_])) return Literal();
    if (Take("(")) {
      if (!Deeper()) return Number(0);
      const size_t inner = Or();
      --depth_;
      Expect(")");
      return inner;
    }
    const std::string word(PeekWord());
    if (word.empty()) {
      Malformed();
      return Number(0);
    }
    const absl::string_view after = text_.substr(at_ + word.size());
    if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(after), "(")) return Function(word);
    at_ += word.size();
    Show(word, true);
    SkipSpace();
    return Name(word, names_.values);
  }

  size_t Literal() {
    size_t end = at_;
    while (end < text_.size() && (absl::ascii_isdigit(text_[end]) || text_[end] == '.')) ++end;
    const absl::optional<Rational> number = Rational::Parse(std::string(text_.substr(at_, end - at_)));
    if (!number) {
      Malformed();
      return Number(0);
    }
    at_ = end;
    Show(number->ToText());
    SkipSpace();
    return Number(*number);
  }

  size_t Name(const std::string& name, const std::set<std::string, std::less<>>& known) {
    const bool is_sum = &known == &names_.sums;
    if (known.count(name) == 0) Refuse("FORMULA_NAME_UNKNOWN"_reason, {{"name", name}});
    formula_.nodes_.push_back({Op::kName, {}, {}, is_sum ? absl::StrCat("sum(", name, ")") : name, false});
    return formula_.nodes_.size() - 1;
  }

  size_t Function(const std::string& word) {
    if (word == "sum") return OverItems();
    struct Known {
      absl::string_view word;
      Op op;
      size_t least, most;
    };
    static constexpr Known kKnown[] = {{"min", Op::kMin, 2, 50},        {"max", Op::kMax, 2, 50},
                                       {"floor", Op::kFloor, 2, 2},     {"ceiling", Op::kCeiling, 2, 2},
                                       {"nearest", Op::kNearest, 2, 2}, {"if", Op::kIf, 3, 3}};
    for (const Known& known : kKnown) {
      if (word != known.word) continue;
      (void)TakeWord(word);
      const std::vector<size_t> operands = Operands();
      if (operands.size() < known.least || operands.size() > known.most) Malformed();
      if (failed_) return Number(0);
      return known.op == Op::kIf ? If(operands) : Make(known.op, operands, false, false);
    }
    Refuse("FORMULA_NAME_UNKNOWN"_reason, {{"name", word}});
    return Number(0);
  }
  std::vector<size_t> Operands() {
    std::vector<size_t> operands;
    Expect("(");
    if (failed_ || !Deeper()) return operands;
    do {
      operands.push_back(Or());
    } while (Take(","));
    --depth_;
    Expect(")");
    return operands;
  }
  // Both branches must be numbers.
  size_t If(const std::vector<size_t>& operands) {
    const auto is_condition = [&](size_t operand) { return formula_.nodes_[operand].is_condition; };
    if (!is_condition(operands[0]) || is_condition(operands[1]) || is_condition(operands[2])) {
      Refuse("FORMULA_KIND_WRONG"_reason, {{"at", absl::StrCat(at_ + 1)}});
    }
    formula_.nodes_.push_back({Op::kIf, operands, {}, "", false});
    return formula_.nodes_.size() - 1;
  }
  // Shown as the number that it is.
  size_t OverItems() {
    at_ += absl::string_view("sum").size();
    const size_t shown = formula_.pieces_.size();
    SkipSpace();
    Expect("(");
    const std::string name(PeekWord());
    at_ += name.size();
    SkipSpace();
    Expect(")");
    if (failed_) return Number(0);
    const bool spaced = formula_.pieces_.back().text == " ";
    formula_.pieces_.resize(shown);
    Show(absl::StrCat("sum(", name, ")"), true);
    if (spaced) Show(" ");
    return Name(name, names_.sums);
  }

  const absl::string_view text_;
  const Formula::Names& names_;
  const absl::string_view field_;
  Faults& faults_;
  Formula formula_;
  size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

absl::optional<Formula> Formula::Compile(absl::string_view text, const Names& names, absl::string_view field,
                                         Faults& faults) {
  return FormulaParser(text, names, field, faults).Parse();
}

}  // namespace tsunagu::subsidy::rules
