#include "common/jp/luhn.h"

#include <cstddef>

namespace tsunagu::jp {

char LuhnDigit(absl::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const bool doubled = (digits.size() - i) % 2 == 1;
    const int product = (digits[i] - '0') * (doubled ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace tsunagu::jp
