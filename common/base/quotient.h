#ifndef TSUNAGU_COMMON_BASE_QUOTIENT_H_
#define TSUNAGU_COMMON_BASE_QUOTIENT_H_

#include <cstdint>
#include <string>

namespace tsunagu {

// Returns numerator / denominator with `decimals` decimals, rounded half up (四捨五入): 25/2 with 0 decimals is "13",
// 783/369 with 1 is "2.1". Exact. Neither number may be negative, the denominator may not be 0, and there are at most 9
// decimals.
std::string Quotient(int64_t numerator, int64_t denominator, int decimals);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_QUOTIENT_H_
