#include "services/registry/rules/open_data.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/jp/code_points.h"
#include "common/jp/fold.h"

namespace tsunagu::registry::rules {
namespace {

constexpr int32_t kMostChildren = 10'000;

bool IsBreak(char32_t c) { return c == U'\n' || c == U'\r' || c == U'\t'; }

bool IsControl(char32_t c) { return !jp::IsWellFormedText(jp::ToUtf8(std::u32string{U'x', c, U'x'})); }

bool IsSpace(char32_t c) { return IsBreak(c) || c == U' ' || c == U'\u3000' || c == U'\u00A0'; }

}  // namespace

std::string WithoutControls(absl::string_view cell, bool lines) {
  std::u32string kept;
  const std::u32string text = jp::ToCodePoints(cell);
  for (size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') continue;
    if (IsBreak(c)) {
      kept.push_back(!lines ? U' ' : c == U'\r' ? U'\n' : c);
    } else if (!IsControl(c)) {
      kept.push_back(c);
    }
  }
  const auto begin = std::find_if_not(kept.begin(), kept.end(), IsSpace);
  const auto end = std::find_if_not(kept.rbegin(), std::make_reverse_iterator(begin), IsSpace).base();
  return jp::ToUtf8(std::u32string(begin, end));
}

absl::optional<int32_t> ReadCapacity(absl::string_view cell) {
  const std::string narrow = jp::NarrowTrimmed(cell);
  absl::string_view digits = narrow;
  if (!absl::ConsumeSuffix(&digits, "人")) absl::ConsumeSuffix(&digits, "名");
  digits = absl::StripAsciiWhitespace(digits);
  int32_t children = 0;
  const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
                         absl::SimpleAtoi(digits, &children);
  return is_number && children >= 1 && children <= kMostChildren ? absl::make_optional(children) : absl::nullopt;
}

}  // namespace tsunagu::registry::rules
