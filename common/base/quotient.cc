#include "common/base/quotient.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace tsunagu {

std::string Quotient(int64_t numerator, int64_t denominator, int decimals) {
  int64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  const absl::uint128 twice = absl::uint128(numerator) * unit * 2 + denominator;
  const absl::uint128 rounded = twice / (absl::uint128(denominator) * 2);
  const uint64_t whole = static_cast<uint64_t>(rounded / unit);
  if (decimals == 0) return absl::StrCat(whole);
  std::string digits = absl::StrCat(static_cast<uint64_t>(rounded % unit));
  digits.insert(0, decimals - digits.size(), '0');
  return absl::StrCat(whole, ".", digits);
}

}  // namespace tsunagu
