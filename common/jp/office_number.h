#ifndef TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_
#define TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::jp {

// Checks the number of an office (事業所番号). Errors: MALFORMED_OFFICE_NUMBER unless it is ten ASCII digits, not all
// zero. Returns no reason, or the warning OFFICE_NUMBER_CHECK_DIGIT: 0.16 % of published numbers have a wrong check
// digit, so such a number is accepted. Several services of one office share a number, so it is no key without the
// service code.
absl::StatusOr<Reason> CheckOfficeNumber(absl::string_view ten);

// Returns the check digit for nine ASCII digits.
char OfficeCheckDigit(absl::string_view nine);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_OFFICE_NUMBER_H_
