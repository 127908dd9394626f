#ifndef TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_
#define TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::jp {

// Checks the number of an office (事業所番号): ten ASCII digits, not all zero, else MALFORMED_OFFICE_NUMBER.
// The value is UNSPECIFIED, or the warning OFFICE_NUMBER_CHECK_DIGIT: 0.16 % of published numbers fail the digit,
// so such a number is kept. Several services of one office share a number; it is no key without the service code.
absl::StatusOr<Reason> CheckOfficeNumber(absl::string_view ten);

// The last digit that nine ASCII digits ask for.
char OfficeCheckDigit(absl::string_view nine);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_
