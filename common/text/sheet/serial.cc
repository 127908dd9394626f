#include "common/text/sheet/serial.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace tsunagu::sheet {
namespace {

constexpr size_t kDigits = 15;
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
constexpr int64_t kDaySeconds = 24 * 60 * 60;
constexpr int64_t kMaxDays = 2'958'465;  // 9999-12-31 in the 1900 system
// Excel treats 1900 as a leap year: this day is 1900-02-29, and only after it do days count from 1899-12-30.
constexpr int64_t kFalseLeapDay = 60;
constexpr int64_t kOffset1904 = 1462;

struct Decimal {
  bool is_negative = false;
  std::string digits;  // without trailing zeros; the point follows the first digit
  int exponent = 0;
};

// Parses the output of std::to_chars: -d.ddde+dd.
Decimal TakeApart(absl::string_view scientific) {
  Decimal decimal;
  decimal.is_negative = absl::ConsumePrefix(&scientific, "-");
  const size_t e = scientific.find('e');
  (void)absl::SimpleAtoi(absl::StripPrefix(scientific.substr(e + 1), "+"), &decimal.exponent);
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') decimal.digits.push_back(c);
  }
  while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
  return decimal;
}

std::string Write(const Decimal& decimal) {
  const std::string sign = decimal.is_negative ? "-" : "";
  const int count = static_cast<int>(decimal.digits.size());
  const int exponent = decimal.exponent;
  if (exponent > 20 || exponent < -15) {
    const absl::string_view rest = absl::string_view(decimal.digits).substr(1);
    return absl::StrCat(sign, decimal.digits.substr(0, 1), rest.empty() ? "" : ".", rest, "E", exponent < 0 ? "" : "+",
                        exponent);
  }
  if (exponent < 0)
    return absl::StrCat(sign, "0.", std::string(static_cast<size_t>(-exponent - 1), '0'), decimal.digits);
  if (count <= exponent + 1) {
    return absl::StrCat(sign, decimal.digits, std::string(static_cast<size_t>(exponent + 1 - count), '0'));
  }
  const size_t point = static_cast<size_t>(exponent) + 1;
  return absl::StrCat(sign, decimal.digits.substr(0, point), ".", decimal.digits.substr(point));
}

std::string FormatTime(int64_t seconds) {
  return absl::StrFormat("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string FormatDay(int64_t days) {
  if (days == kFalseLeapDay) return "1900-02-29";
  const absl::CivilDay origin = days < kFalseLeapDay ? absl::CivilDay(1899, 12, 31) : absl::CivilDay(1899, 12, 30);
  return absl::FormatCivilTime(origin + days);
}

bool IsNumberText(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) && !absl::StrContains("+-.eE", c)) return false;
  }
  return true;
}

}  // namespace

absl::optional<double> ParseNumber(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  absl::ConsumePrefix(&text, "+");
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  // IsNumberText is needed because from_chars also accepts "inf" and "nan".
  if (text.empty() || error != std::errc() || stopped != end || !IsNumberText(text)) return absl::nullopt;
  return number;
}

std::string FormatNumber(double number) {
  if (number == 0) return "0";  // also -0
  char buffer[64];
  const bool is_integer = std::fabs(number) < kExactIntegers && std::trunc(number) == number;
  if (is_integer) return absl::StrCat(static_cast<int64_t>(number));
  char* end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  Decimal decimal = TakeApart(absl::string_view(buffer, static_cast<size_t>(end - buffer)));
  if (decimal.digits.size() > kDigits) {
    end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific, kDigits - 1).ptr;
    decimal = TakeApart(absl::string_view(buffer, static_cast<size_t>(end - buffer)));
  }
  return Write(decimal);
}

Shown ShowNumber(double number, DateStyle style, bool date1904) {
  const Shown plain{CellKind::kNumber, FormatNumber(number)};
  if (style == DateStyle::kNone || !(number >= 0) || number >= static_cast<double>(kMaxDays + 1)) return plain;
  const int64_t seconds = std::llround(number * static_cast<double>(kDaySeconds));
  if (style == DateStyle::kElapsed) return {CellKind::kTime, FormatTime(seconds)};
  const int64_t time = seconds % kDaySeconds;
  const bool is_time_of_day =
      seconds < kDaySeconds && style != DateStyle::kDate && !(date1904 && style == DateStyle::kDateTime);
  if (is_time_of_day) return {CellKind::kTime, FormatTime(time)};
  const int64_t days = seconds / kDaySeconds + (date1904 ? kOffset1904 : 0);
  if (days == 0 || days > kMaxDays) return plain;
  if (style == DateStyle::kDate) return {CellKind::kDate, FormatDay(days)};
  return {CellKind::kDateTime, absl::StrCat(FormatDay(days), "T", FormatTime(time))};
}

absl::optional<double> SerialOfDate(absl::string_view text) {
  absl::CivilDay day;
  // Parsing is lenient and accepts other forms and days that do not exist.
  if (!absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text) return absl::nullopt;
  if (day < absl::CivilDay(1900, 1, 1) || day > absl::CivilDay(9999, 12, 31)) return absl::nullopt;
  const bool is_before_false_day = day < absl::CivilDay(1900, 3, 1);
  return static_cast<double>(day - (is_before_false_day ? absl::CivilDay(1899, 12, 31) : absl::CivilDay(1899, 12, 30)));
}

absl::optional<double> SerialOfDateTime(absl::string_view text) {
  absl::CivilSecond second;
  if (!absl::ParseCivilTime(text, &second) || absl::FormatCivilTime(second) != text) return absl::nullopt;
  const absl::CivilDay day(second);
  const absl::optional<double> days = SerialOfDate(absl::FormatCivilTime(day));
  if (!days.has_value()) return absl::nullopt;
  return *days + static_cast<double>(second - absl::CivilSecond(day)) / static_cast<double>(kDaySeconds);
}

Shown ShowIsoText(absl::string_view text) {
  absl::string_view whole = absl::StripSuffix(text, "Z");
  const size_t point = whole.find('.');
  if (point != absl::string_view::npos && IsNumberText(whole.substr(point))) whole = whole.substr(0, point);
  absl::CivilDay day;
  if (absl::ParseCivilTime(whole, &day) && absl::FormatCivilTime(day) == whole) {
    return {CellKind::kDate, std::string(whole)};
  }
  absl::CivilSecond second;
  const std::string with_day = absl::StrCat("2000-01-01T", absl::StripPrefix(whole, "T"));
  if (absl::ParseCivilTime(whole, &second) && absl::FormatCivilTime(second) == whole) {
    return {CellKind::kDateTime, std::string(whole)};
  }
  if (absl::ParseCivilTime(with_day, &second) && absl::FormatCivilTime(second) == with_day) {
    return {CellKind::kTime, std::string(absl::StripPrefix(whole, "T"))};
  }
  return {CellKind::kText, std::string(text)};
}

}  // namespace tsunagu::sheet
