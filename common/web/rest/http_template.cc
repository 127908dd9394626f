#include "common/web/rest/http_template.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"

namespace tsunagu::web {
namespace {

using Segment = HttpRule::Segment;

class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text), left_(text) {}

  absl::StatusOr<HttpTemplate> Parse() {
    if (!absl::ConsumePrefix(&left_, "/")) return Wrong("has to begin with /");
    RETURN_IF_ERROR(Segments(false));
    if (absl::ConsumePrefix(&left_, ":")) {
      result_.custom = Word("");
      if (result_.custom.empty()) return Wrong("a verb is wanted");
    }
    if (!left_.empty()) return Wrong("ends too late");
    for (size_t i = 0; i + 1 < result_.segments.size(); ++i) {
      if (result_.segments[i].kind == Segment::kRest) return Wrong("** has to stand last");
    }
    return std::move(result_);
  }

 private:
  absl::Status Wrong(absl::string_view what) const {
    return absl::FailedPreconditionError(absl::StrCat(text_, ": ", what, ", at ", text_.size() - left_.size() + 1));
  }

  absl::Status Segments(bool within_variable) {
    do {
      if (absl::ConsumePrefix(&left_, "**")) {
        result_.segments.push_back({Segment::kRest});
      } else if (absl::ConsumePrefix(&left_, "*")) {
        result_.segments.push_back({Segment::kOne});
      } else if (!within_variable && absl::ConsumePrefix(&left_, "{")) {
        RETURN_IF_ERROR(Variable());
      } else {
        std::string literal = Word("-.~");
        if (literal.empty()) return Wrong("a segment is wanted");
        result_.segments.push_back({Segment::kLiteral, std::move(literal)});
      }
    } while (absl::ConsumePrefix(&left_, "/"));
    return absl::OkStatus();
  }

  absl::Status Variable() {
    HttpTemplate::Variable variable{Word("."), result_.segments.size()};
    if (variable.field.empty()) return Wrong("a field is wanted");
    if (absl::ConsumePrefix(&left_, "=")) {
      RETURN_IF_ERROR(Segments(true));
    } else {
      result_.segments.push_back({Segment::kOne});
    }
    if (!absl::ConsumePrefix(&left_, "}")) return Wrong("} is wanted");
    variable.end = result_.segments.size();
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  // Takes letters, digits, _ and the characters of `more`.
  std::string Word(absl::string_view more) {
    size_t end = 0;
    while (end < left_.size() &&
           (absl::ascii_isalnum(left_[end]) || left_[end] == '_' || more.find(left_[end]) != absl::string_view::npos)) {
      ++end;
    }
    std::string word(left_.substr(0, end));
    left_.remove_prefix(end);
    return word;
  }

  const absl::string_view text_;
  absl::string_view left_;
  HttpTemplate result_;
};

}  // namespace

absl::StatusOr<HttpTemplate> ParseHttpTemplate(absl::string_view path) { return Parser(path).Parse(); }

}  // namespace tsunagu::web
