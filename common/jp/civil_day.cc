#include "common/jp/civil_day.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/code_points.h"
#include "common/jp/era.h"

namespace tsunagu::jp {
namespace {

// A date as written; the year counts within the era if there is one.
struct Written {
  const Era* era = nullptr;
  int year = 0;
  int month = 0;
  int day = 0;
};

const Era* ConsumeEra(absl::string_view* text) {
  for (const Era& era : Eras()) {
    const absl::string_view first = era.name.substr(0, sizeof("昭") - 1);
    for (const absl::string_view form : {era.name, era.sign, first}) {
      if (absl::ConsumePrefix(text, form)) return &era;
    }
    if (!text->empty() && absl::ascii_toupper(text->front()) == era.letter) {
      text->remove_prefix(1);
      return &era;
    }
  }
  return nullptr;
}

// Removes a number of `least` to `most` digits; a further digit is left, and makes the caller fail.
std::optional<int> ConsumeNumber(absl::string_view* text, size_t least, size_t most) {
  size_t size = 0;
  while (size < most && size < text->size() && absl::ascii_isdigit((*text)[size])) ++size;
  int number = 0;
  if (size < least || !absl::SimpleAtoi(text->substr(0, size), &number)) return std::nullopt;
  text->remove_prefix(size);
  return number;
}

std::optional<int> ConsumeYear(absl::string_view* text, bool within_era) {
  if (!within_era) return ConsumeNumber(text, 4, 4);
  if (absl::ConsumePrefix(text, "元")) return 1;
  return ConsumeNumber(text, 1, 2);
}

// Removes the separator of year and month; returns the separators that must follow the month and the day.
std::optional<std::pair<absl::string_view, absl::string_view>> ConsumeFirstSeparator(absl::string_view* text) {
  if (absl::ConsumePrefix(text, "年")) return std::make_pair("月", "日");
  for (const absl::string_view sign : {"-", "/", "."}) {
    if (absl::ConsumePrefix(text, sign)) return std::make_pair(sign, "");
  }
  return std::nullopt;
}

std::optional<Written> ReadEightDigits(absl::string_view text) {
  const auto year = ConsumeNumber(&text, 4, 4);
  const auto month = ConsumeNumber(&text, 2, 2);
  const auto day = ConsumeNumber(&text, 2, 2);
  if (!year || !month || !day || !text.empty()) return std::nullopt;
  return Written{nullptr, *year, *month, *day};
}

std::optional<Written> ReadParts(absl::string_view text) {
  const Era* era = ConsumeEra(&text);
  const auto year = ConsumeYear(&text, era != nullptr);
  const auto separators = ConsumeFirstSeparator(&text);
  if (!year || !separators) return std::nullopt;
  const auto month = ConsumeNumber(&text, 1, 2);
  if (!month || !absl::ConsumePrefix(&text, separators->first)) return std::nullopt;
  const auto day = ConsumeNumber(&text, 1, 2);
  if (!day || !absl::ConsumePrefix(&text, separators->second) || !text.empty()) return std::nullopt;
  return Written{era, *year, *month, *day};
}

absl::StatusOr<CivilDay> MakeDay(int year, int month, int day) {
  const CivilDay result(year, month, day);
  const bool exists = result.year() == year && result.month() == month && result.day() == day;
  if (!exists || year < 1 || year > 9999) return Fail("DATE_DOES_NOT_EXIST"_reason);
  return result;
}

}  // namespace

absl::Status CheckDate(const google::type::Date& date) {
  if (date.year() == 0 || date.month() == 0 || date.day() == 0) return Fail("MALFORMED_DATE"_reason);
  return MakeDay(date.year(), date.month(), date.day()).status();
}

CivilDay DayOf(const google::type::Date& date) { return CivilDay(date.year(), date.month(), date.day()); }

google::type::Date ToDate(CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

absl::StatusOr<CivilDay> ParseDay(absl::string_view text) {
  std::string narrow = NarrowTrimmed(text);
  if (absl::StrContains(narrow, "年")) narrow = absl::StrReplaceAll(narrow, {{" ", ""}});
  std::optional<Written> written = ReadEightDigits(narrow);
  if (!written) written = ReadParts(narrow);
  if (!written) return Fail("MALFORMED_DATE"_reason);
  const Era* era = written->era;
  const int year = era == nullptr ? written->year : era->first_year + written->year - 1;
  ASSIGN_OR_RETURN(const CivilDay day, MakeDay(year, written->month, written->day));
  if (era != nullptr && (day < era->first || day > era->last)) {
    return Fail("DATE_OUTSIDE_ERA"_reason,
                {{"era", std::string(era->name)}, {"first", FormatIso(era->first)}, {"last", FormatIso(era->last)}});
  }
  return day;
}

std::string FormatIso(CivilDay day) { return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day()); }

std::string FormatWareki(CivilDay day) { return absl::StrCat(EraYear(day), day.month(), "月", day.day(), "日"); }

CivilDay JapanDay(absl::Time time) {
  static const absl::TimeZone japan = absl::FixedTimeZone(9 * 60 * 60);  // kept, because it is looked up by name
  return absl::ToCivilDay(time, japan);
}

}  // namespace tsunagu::jp
