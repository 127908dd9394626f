#include "common/contract/values.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace tsunagu::contract {
namespace {

constexpr size_t kNamesBytes = 600;
constexpr int kClipCharacters = 64;
constexpr absl::Duration kMaxDuration = absl::Seconds(315'576'000'000);  // google/protobuf/duration.proto

// Returns whether `text` has the form `shape`, in which 9 means any digit.
bool HasShape(absl::string_view text, absl::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '9' ? !absl::ascii_isdigit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

int Number(absl::string_view digits) {
  int number = 0;
  for (char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Removes one to nine decimals from the front of `text` and returns them as nanoseconds.
absl::StatusOr<int64_t> TakeNanos(absl::string_view& text) {
  int64_t nanos = 0;
  int64_t unit = 100'000'000;
  if (text.empty() || !absl::ascii_isdigit(text[0])) return Fail("MALFORMED_VALUE"_reason);
  for (; !text.empty() && absl::ascii_isdigit(text[0]); unit /= 10) {
    if (unit == 0) return Fail("MALFORMED_VALUE"_reason);
    nanos += unit * (text[0] - '0');
    text.remove_prefix(1);
  }
  return nanos;
}

// Reads "Z" or "+09:00"; returns minutes.
absl::StatusOr<int> ParseOffset(absl::string_view text) {
  if (text == "Z") return 0;
  if (!HasShape(text, "+99:99") && !HasShape(text, "-99:99")) return Fail("MALFORMED_VALUE"_reason);
  const int hours = Number(text.substr(1, 2));
  const int minutes = Number(text.substr(4, 2));
  if (hours > 23 || minutes > 59) return Fail("MALFORMED_VALUE"_reason);
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseIsoDate(absl::string_view text) {
  if (!HasShape(text, "9999-99-99")) return Fail("MALFORMED_VALUE"_reason);
  const int year = Number(text.substr(0, 4));
  const int month = Number(text.substr(5, 2));
  const int day = Number(text.substr(8, 2));
  const absl::CivilDay civil(year, month, day);
  if (year == 0 || civil.year() != year || civil.month() != month || civil.day() != day) {
    return Fail("DATE_DOES_NOT_EXIST"_reason);
  }
  return civil;
}

absl::StatusOr<absl::Time> ParseRfc3339(absl::string_view text) {
  const absl::Status malformed = Fail("MALFORMED_VALUE"_reason);
  constexpr size_t kSeconds = 19;  // 2019-08-01T09:30:00
  if (text.size() <= kSeconds || !HasShape(text.substr(10, 9), "T99:99:99")) return malformed;
  const absl::StatusOr<absl::CivilDay> day = ParseIsoDate(text.substr(0, 10));
  if (!day.ok()) return malformed;
  const int hour = Number(text.substr(11, 2));
  const int minute = Number(text.substr(14, 2));
  const int second = Number(text.substr(17, 2));
  if (hour > 23 || minute > 59 || second > 59) return malformed;

  absl::string_view rest = text.substr(kSeconds);
  int64_t nanos = 0;
  if (absl::ConsumePrefix(&rest, ".")) {
    ASSIGN_OR_RETURN(nanos, TakeNanos(rest));
  }
  const absl::StatusOr<int> offset = ParseOffset(rest);
  if (!offset.ok()) return malformed;

  const absl::CivilSecond civil(day->year(), day->month(), day->day(), hour, minute, second);
  const absl::Time time = absl::FromCivil(civil, absl::UTCTimeZone()) - absl::Minutes(*offset);
  const absl::CivilSecond utc = absl::ToCivilSecond(time, absl::UTCTimeZone());
  if (utc.year() < 1 || utc.year() > 9999) return malformed;
  return time + absl::Nanoseconds(nanos);
}

absl::StatusOr<int64_t> ParseInteger(absl::string_view text) {
  int64_t value = 0;
  const bool starts_well = !text.empty() && (absl::ascii_isdigit(text[0]) || text[0] == '-');
  if (!starts_well || !absl::ascii_isdigit(text.back()) || !absl::SimpleAtoi(text, &value)) {
    return Fail("MALFORMED_VALUE"_reason);
  }
  return value;
}

absl::StatusOr<absl::Duration> ParseSeconds(absl::string_view text) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  ASSIGN_OR_RETURN(const int64_t seconds, ParseInteger(text.substr(0, digits)));
  text.remove_prefix(digits);
  int64_t nanos = 0;
  if (absl::ConsumePrefix(&text, ".")) {
    ASSIGN_OR_RETURN(nanos, TakeNanos(text));
  }
  const absl::Duration duration = absl::Seconds(seconds) + absl::Nanoseconds(nanos);
  if (text != "s" || duration > kMaxDuration) return Fail("MALFORMED_VALUE"_reason);
  return negative ? -duration : duration;
}

std::string EnumNames(const google::protobuf::EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0 && absl::EndsWith(type.value(i)->name(), "UNSPECIFIED")) continue;
    if (names.size() > kNamesBytes) return absl::StrCat(names, ", …");
    absl::StrAppend(&names, names.empty() ? "" : ", ", type.value(i)->name());
  }
  return names;
}

std::string Clip(absl::string_view name) {
  std::string clipped;
  int characters = 0;
  for (const char c : name) {
    if (BeginsCharacter(c) && ++characters > kClipCharacters) return absl::StrCat(clipped, "…");
    clipped.push_back(absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? '?' : c);
  }
  return clipped;
}

}  // namespace tsunagu::contract
