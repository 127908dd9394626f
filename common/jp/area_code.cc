#include "common/jp/area_code.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/code_points.h"
#include "common/jp/luhn.h"

namespace tsunagu::jp {
namespace {

constexpr int kWeights[] = {6, 5, 4, 3, 2};

bool AllDigits(absl::string_view text) { return std::all_of(text.begin(), text.end(), absl::ascii_isdigit); }

bool IsPrefectureNumber(absl::string_view two) { return two >= "01" && two <= "47"; }

// Numbers 001 to 099 were never assigned to a body.
bool WasEverGivenOut(const AreaCode& code) { return code.IsPrefecture() || code.six()[2] != '0'; }

absl::StatusOr<AreaCodeReading> ReadFive(absl::string_view digits) {
  const absl::StatusOr<AreaCode> as_five = AreaCode::FromFive(digits);
  const absl::StatusOr<AreaCode> as_six = AreaCode::Parse(absl::StrCat("0", digits));
  const bool can_be_five = as_five.ok() && WasEverGivenOut(*as_five);
  const bool can_be_six = as_six.ok() && WasEverGivenOut(*as_six);
  if (can_be_five) {
    AreaCodeReading reading{*as_five, "CHECK_DIGIT_ADDED"_reason};
    if (can_be_six) reading.alternative = *as_six;
    return reading;
  }
  if (can_be_six) return AreaCodeReading{*as_six, "LEADING_ZERO_RESTORED"_reason};
  if (ReasonOf(as_six.status()) == "OTHER_CODE_SCHEME"_reason) return as_six.status();
  return Fail("MALFORMED_AREA_CODE"_reason);
}

absl::StatusOr<AreaCodeReading> ReadFour(absl::string_view digits) {
  ASSIGN_OR_RETURN(const AreaCode code, AreaCode::FromFive(absl::StrCat("0", digits)));
  if (!WasEverGivenOut(code)) return Fail("MALFORMED_AREA_CODE"_reason);
  return AreaCodeReading{code, "LEADING_ZERO_RESTORED"_reason};
}

}  // namespace

absl::StatusOr<AreaCode> AreaCode::FromFive(absl::string_view five) {
  if (five.size() != 5 || !AllDigits(five) || !IsPrefectureNumber(five.substr(0, 2))) {
    return Fail("MALFORMED_AREA_CODE"_reason);
  }
  return AreaCode(absl::StrCat(five, std::string(1, AreaCheckDigit(five))));
}

absl::StatusOr<AreaCode> AreaCode::Parse(absl::string_view six) {
  if (six.size() != 6 || !AllDigits(six)) return Fail("MALFORMED_AREA_CODE"_reason);
  const absl::string_view five = six.substr(0, 5);
  ASSIGN_OR_RETURN(AreaCode code, FromFive(five));
  if (code.six() == six) return code;
  const bool other_scheme = six[5] == KokuhorenCheckDigit(five);
  return Fail(other_scheme ? "OTHER_CODE_SCHEME"_reason : "WRONG_CHECK_DIGIT"_reason, {{"expected", code.six()}});
}

absl::StatusOr<AreaCodeReading> ReadAreaCode(absl::string_view text) {
  const std::string digits = NarrowTrimmed(text);
  if (!AllDigits(digits)) return Fail("MALFORMED_AREA_CODE"_reason);
  if (digits.size() == 5) return ReadFive(digits);
  if (digits.size() == 4) return ReadFour(digits);
  ASSIGN_OR_RETURN(const AreaCode code, AreaCode::Parse(digits));
  return AreaCodeReading{code};
}

char AreaCheckDigit(absl::string_view five) {
  int sum = 0;
  for (int i = 0; i < 5; ++i) sum += kWeights[i] * (five[i] - '0');
  return static_cast<char>('0' + (11 - sum % 11) % 10);
}

char KokuhorenCheckDigit(absl::string_view five) { return LuhnDigit(five); }

}  // namespace tsunagu::jp
