#ifndef TSUNAGU_COMMON_JP_LUHN_H_
#define TSUNAGU_COMMON_JP_LUHN_H_

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// The check digit (検証番号) that health and care insurance numbers carry: weights 2 1 2 1 … from the right, the
// digits of each product added, what is missing to the next ten. `digits` are ASCII digits.
char LuhnDigit(absl::string_view digits);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_LUHN_H_
