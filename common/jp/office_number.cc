#include "common/jp/office_number.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/jp/luhn.h"

namespace tsunagu::jp {

absl::StatusOr<Reason> CheckOfficeNumber(absl::string_view ten) {
  const bool digits = std::all_of(ten.begin(), ten.end(), absl::ascii_isdigit);
  if (ten.size() != 10 || !digits || ten == "0000000000") return Fail("MALFORMED_OFFICE_NUMBER"_reason);
  const bool right = OfficeCheckDigit(ten.substr(0, 9)) == ten[9];
  return right ? Reason() : "OFFICE_NUMBER_CHECK_DIGIT"_reason;
}

char OfficeCheckDigit(absl::string_view nine) { return LuhnDigit(nine); }

}  // namespace tsunagu::jp
