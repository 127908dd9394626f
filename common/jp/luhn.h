#ifndef TSUNAGU_COMMON_JP_LUHN_H_
#define TSUNAGU_COMMON_JP_LUHN_H_

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// Returns the check digit (検証番号) of health and care insurance numbers: weights 2 1 2 1 … from the right; the digits
// of the products are added; the result is the difference to the next multiple of ten. `digits` must be ASCII digits.
char LuhnDigit(absl::string_view digits);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_LUHN_H_
