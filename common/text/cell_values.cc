#include "common/text/cell_values.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/jp/code_points.h"

namespace tsunagu {
namespace {

constexpr absl::string_view kSpaces[] = {" ", "\t", "\r", "\n", "\v", "\f", "\u3000", "\u00A0"};

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// Returns whether commas stand exactly before every third digit: 1,200 and not 12,00.
bool IsGrouped(absl::string_view digits) {
  const std::vector<absl::string_view> groups = absl::StrSplit(digits, ',');
  if (!AllDigits(groups.front()) || groups.front().size() > 3) return false;
  return std::all_of(groups.begin() + 1, groups.end(),
                     [](absl::string_view group) { return group.size() == 3 && AllDigits(group); });
}

// True for "1E3", "1.5e+10".
bool HasExponent(absl::string_view number) {
  const size_t e = number.find_first_of("eE");
  if (e == absl::string_view::npos || e == 0) return false;
  absl::string_view power = number.substr(e + 1);
  if (!absl::ConsumePrefix(&power, "+")) absl::ConsumePrefix(&power, "-");
  return AllDigits(power) && number.substr(0, e).find_first_not_of("0123456789.-") == absl::string_view::npos;
}

// Returns the time of day after a day: "0:00", "09:30:00", with the zone that may follow it. Empty when there is none.
absl::string_view TimeBehind(absl::string_view text) {
  const size_t gap = text.find_first_of(" T");
  if (gap == absl::string_view::npos) return "";
  const absl::string_view time = absl::StripLeadingAsciiWhitespace(text.substr(gap + 1));
  const size_t colon = time.find(':');
  return colon != absl::string_view::npos && AllDigits(time.substr(0, colon)) ? time : "";
}

bool IsMidnight(absl::string_view time) {
  return time.size() <= std::string("00:00:00.000000").size() &&
         time.find_first_not_of("0:.") == absl::string_view::npos;
}

// True for Apr-85, 2-Apr-85, April 1985: digits, and letters that are the name of one month.
bool NamesMonth(absl::string_view text) {
  std::string letters;
  bool has_digit = false;
  for (const char c : text) {
    has_digit |= absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (absl::ascii_isalpha(static_cast<unsigned char>(c))) letters.push_back(absl::ascii_tolower(c));
  }
  for (const absl::string_view month : {"january", "february", "march", "april", "may", "june", "july", "august",
                                        "september", "october", "november", "december"}) {
    if (has_digit && letters.size() >= 3 && absl::StartsWith(month, letters)) return true;
  }
  return false;
}

// True for 4/1/2024, 24/4/1, 1.4.24: three numbers whose order is not certain.
bool IsOfUnclearOrder(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::ByAnyChar("/-."));
  return parts.size() == 3 && parts[0].size() <= 2 && std::all_of(parts.begin(), parts.end(), AllDigits);
}

absl::Status WhyNoDay(absl::string_view text, absl::Status otherwise) {
  if (NamesMonth(text)) return Fail("DATE_REWRITTEN"_reason);
  return IsOfUnclearOrder(text) ? Fail("DATE_ORDER_UNCLEAR"_reason) : otherwise;
}

}  // namespace

std::string TrimmedCell(absl::string_view cell) {
  const auto any = [&](auto consume) {
    return std::any_of(std::begin(kSpaces), std::end(kSpaces),
                       [&](absl::string_view space) { return consume(&cell, space); });
  };
  while (any(absl::ConsumePrefix)) {
  }
  while (any(absl::ConsumeSuffix)) {
  }
  return std::string(cell);
}

absl::StatusOr<int64_t> ReadWholeNumber(absl::string_view cell) {
  const std::string narrow = jp::NarrowTrimmed(cell);
  if (HasExponent(narrow)) return Fail("NUMBER_WITH_EXPONENT"_reason);
  absl::string_view digits = narrow;
  const bool negative = absl::ConsumePrefix(&digits, "-");
  const size_t point = digits.find('.');
  const bool is_whole =
      point == absl::string_view::npos ||
      (point + 1 < digits.size() && digits.find_first_not_of('0', point + 1) == absl::string_view::npos);
  digits = digits.substr(0, point);
  int64_t number = 0;
  const bool is_number = is_whole && (AllDigits(digits) || IsGrouped(digits)) &&
                         absl::SimpleAtoi(absl::StrReplaceAll(digits, {{",", ""}}), &number);
  if (!is_number) return Fail("MALFORMED_VALUE"_reason);
  return negative ? -number : number;
}

absl::StatusOr<bool> ReadYesOrNo(absl::string_view cell) {
  const std::string word = absl::AsciiStrToLower(jp::NarrowTrimmed(cell));
  for (const absl::string_view yes :
       {"true", "1", "y", "yes", "はい", "○", "〇", "◯", "✓", "✔", "有", "有り", "あり"}) {
    if (word == yes) return true;
  }
  for (const absl::string_view no : {"false", "0", "n", "no", "いいえ", "×", "✕", "✗", "無", "無し", "なし"}) {
    if (word == no) return false;
  }
  return Fail("MALFORMED_VALUE"_reason);
}

absl::StatusOr<jp::CivilDay> ReadDay(absl::string_view cell, Reason& warning) {
  const std::string narrow = jp::NarrowTrimmed(cell);
  absl::string_view text = narrow;
  constexpr int kLeastSerial = 10'000, kMostSerial = 73'050;  // 1927-05-18 to 2099-12-31
  int serial = 0;
  if (text.size() == 5 && AllDigits(text) && absl::SimpleAtoi(text, &serial) && serial >= kLeastSerial &&
      serial <= kMostSerial) {
    warning = "DATE_FROM_SERIAL"_reason;
    return jp::CivilDay(1899, 12, 30) + serial;
  }
  const absl::string_view time = TimeBehind(text);
  if (!time.empty()) text = absl::StripTrailingAsciiWhitespace(text.substr(0, text.find_first_of(" T")));
  const absl::StatusOr<jp::CivilDay> day = jp::ParseDay(text);
  if (!day.ok()) return WhyNoDay(text, day.status());
  if (!time.empty() && !IsMidnight(time)) return Fail("DATE_WITH_TIME"_reason);
  return day;
}

}  // namespace tsunagu
