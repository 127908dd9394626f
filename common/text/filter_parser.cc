#include "common/text/filter_parser.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/jp/cp932.h"

namespace tsunagu::contract {
namespace {

constexpr int kMaxCharacters = 1000;
constexpr int kMaxDepth = 16;
constexpr int kMaxComparisons = 50;

bool IsFieldCharacter(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.'; }

bool IsBareCharacter(char c) {
  return IsFieldCharacter(c) || c == '/' || c == ':' || c == '+' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsKeyword(absl::string_view word) { return word == "AND" || word == "OR" || word == "NOT"; }

class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text), rest_(text) {}

  absl::StatusOr<FilterNode> Parse() {
    SkipSpace();
    if (rest_.empty()) return FilterNode{};
    ASSIGN_OR_RETURN(FilterNode root, Expression(0));
    if (!rest_.empty()) return Error("unmatched )");
    return root;
  }

 private:
  absl::StatusOr<FilterNode> Expression(int depth) {
    FilterNode node{.kind = FilterNode::Kind::kAnd};
    while (true) {
      ASSIGN_OR_RETURN(FilterNode factor, Factor(depth));
      node.children.push_back(std::move(factor));
      if (rest_.empty() || rest_[0] == ')') break;
      if (!after_space_) return Error("a space is missing");
      TakeWord("AND");
    }
    return Unwrap(std::move(node));
  }

  absl::StatusOr<FilterNode> Factor(int depth) {
    FilterNode node{.kind = FilterNode::Kind::kOr};
    do {
      ASSIGN_OR_RETURN(FilterNode term, Term(depth));
      node.children.push_back(std::move(term));
      SkipSpace();
    } while (TakeWord("OR"));
    return Unwrap(std::move(node));
  }

  absl::StatusOr<FilterNode> Term(int depth) {
    SkipSpace();
    const bool negated = TakeWord("NOT") || absl::ConsumePrefix(&rest_, "-");
    SkipSpace();
    ASSIGN_OR_RETURN(FilterNode inner, absl::StartsWith(rest_, "(") ? Group(depth + 1) : Comparison());
    if (!negated) return inner;
    FilterNode node{.kind = FilterNode::Kind::kNot};
    node.children.push_back(std::move(inner));
    return node;
  }

  absl::StatusOr<FilterNode> Group(int depth) {
    if (depth > kMaxDepth) return Error(absl::StrCat("more than ", kMaxDepth, " open parentheses"));
    rest_.remove_prefix(1);
    ASSIGN_OR_RETURN(FilterNode node, Expression(depth));
    if (!absl::ConsumePrefix(&rest_, ")")) return Error("a ) is missing");
    return node;
  }

  absl::StatusOr<FilterNode> Comparison() {
    FilterNode node{.kind = FilterNode::Kind::kComparison, .position = Position()};
    const absl::string_view field = TakeWhile(IsFieldCharacter);
    if (field.empty() || absl::ascii_isdigit(field[0]) || IsKeyword(field)) {
      return MalformedFilter(node.position, "a field is missing");
    }
    if (++comparisons_ > kMaxComparisons) return Error(absl::StrCat("more than ", kMaxComparisons, " comparisons"));
    node.field = std::string(field);
    SkipSpace();
    for (absl::string_view comparator : {"<=", ">=", "!=", "=", "<", ">", ":"}) {
      if (!absl::ConsumePrefix(&rest_, comparator)) continue;
      node.comparator = std::string(comparator);
      break;
    }
    if (node.comparator.empty()) return Error("one of = != < <= > >= : is missing");
    SkipSpace();
    if (node.comparator == ":" && absl::ConsumePrefix(&rest_, "*")) {
      node.any = true;
      return node;
    }
    ASSIGN_OR_RETURN(node.value, Value());
    return node;
  }

  absl::StatusOr<std::string> Value() {
    if (absl::StartsWith(rest_, "\"") || absl::StartsWith(rest_, "'")) return Quoted();
    const int position = Position();
    const absl::string_view word = TakeWhile(IsBareCharacter);
    if (word.empty() || IsKeyword(word)) return MalformedFilter(position, "a value is missing");
    return std::string(word);
  }

  absl::StatusOr<std::string> Quoted() {
    const int position = Position();
    const char quote = rest_[0];
    rest_.remove_prefix(1);
    std::string value;
    while (!rest_.empty() && rest_[0] != quote) {
      if (rest_[0] == '\\') {
        rest_.remove_prefix(1);
        if (rest_.empty() || !absl::StrContains("\"'\\", rest_[0])) return Error("after \\ stands \" ' or \\");
      }
      value.push_back(rest_[0]);
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) return MalformedFilter(position, "the quote is not closed");
    rest_.remove_prefix(1);
    return value;
  }

  // Replaces a node with one child by that child.
  static FilterNode Unwrap(FilterNode node) {
    if (node.children.size() != 1) return node;
    FilterNode child = std::move(node.children[0]);
    return child;
  }

  void SkipSpace() {
    after_space_ = !TakeWhile([](char c) { return absl::ascii_isspace(c); }).empty();
  }

  bool TakeWord(absl::string_view word) {
    if (!absl::StartsWith(rest_, word)) return false;
    if (rest_.size() > word.size() && IsFieldCharacter(rest_[word.size()])) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  template <typename Predicate>
  absl::string_view TakeWhile(Predicate predicate) {
    size_t length = 0;
    while (length < rest_.size() && predicate(rest_[length])) ++length;
    const absl::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  int64_t Position() const { return CountCharacters(text_.substr(0, text_.size() - rest_.size())) + 1; }
  absl::Status Error(absl::string_view detail) const { return MalformedFilter(Position(), detail); }

  const absl::string_view text_;
  absl::string_view rest_;
  bool after_space_ = false;
  int comparisons_ = 0;
};

}  // namespace

absl::Status MalformedFilter(int position, absl::string_view detail) {
  return FailAt("filter", "MALFORMED_FILTER"_reason,
                {{"position", absl::StrCat(position)}, {"detail", std::string(detail)}});
}

absl::StatusOr<FilterNode> ParseFilter(absl::string_view filter) {
  if (!jp::IsUtf8(filter)) return FailAt("filter", "INVALID_UTF8"_reason);
  if (CountCharacters(filter) > kMaxCharacters) {
    return MalformedFilter(kMaxCharacters + 1, absl::StrCat("more than ", kMaxCharacters, " characters"));
  }
  return Parser(filter).Parse();
}

}  // namespace tsunagu::contract
