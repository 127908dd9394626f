#include "services/training/rules/number.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/jp/luhn.h"

namespace tsunagu::training::rules {

std::string CertificateNumber(int fiscal_year, int64_t serial) {
  const std::string year = absl::StrCat(fiscal_year);
  const std::string digits = absl::StrCat(absl::Dec(serial, absl::kZeroPad5));
  return absl::StrCat(year, "-", digits, "-", std::string(1, jp::LuhnDigit(absl::StrCat(year, digits))));
}

bool IsCertificateNumber(absl::string_view number) {
  if (number.size() != 12 || number[4] != '-' || number[10] != '-') return false;
  const std::string digits = absl::StrCat(number.substr(0, 4), number.substr(5, 5));
  for (const char c : digits) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return number[11] == jp::LuhnDigit(digits);
}

}  // namespace tsunagu::training::rules
