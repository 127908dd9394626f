#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_

#include <cstdint>
#include <string>

#include "absl/types/optional.h"

namespace tsunagu::subsidy::rules {

// An exact fraction in lowest terms. A result whose numerator or denominator exceeds 127 bits is absent: an amount is
// exact, or there is none.
class Rational {
 public:
  using Wide = __int128;

  Rational() = default;
  Rational(int64_t whole) : numerator_(whole) {}  // NOLINT: implicit conversion from a whole number
  // `denominator` must not be 0.
  static absl::optional<Rational> Of(Wide numerator, Wide denominator);
  // Parses "1200", "0.9": at most 18 digits, optionally followed by a point and up to 9 digits.
  static absl::optional<Rational> Parse(const std::string& text);
  // As Parse; also accepts "3/4", "1.1/2".
  static absl::optional<Rational> ParseFraction(const std::string& text);

  friend absl::optional<Rational> Add(const Rational& a, const Rational& b);
  friend absl::optional<Rational> Subtract(const Rational& a, const Rational& b);
  friend absl::optional<Rational> Multiply(const Rational& a, const Rational& b);
  // `b` must not be 0.
  friend absl::optional<Rational> Divide(const Rational& a, const Rational& b);
  // Returns a negative number, 0, or a positive number if a is less than b, equal, or greater; absent if that cannot be
  // computed.
  friend absl::optional<int> Compare(const Rational& a, const Rational& b);

  // 切捨て, 切上げ, 四捨五入. kDown is towards smaller numbers, kUp towards larger ones, also below 0.
  enum class Toward { kDown, kUp, kNearest };
  // Returns the nearest multiple of `unit` in the direction; `unit` must be above 0. Half is rounded up.
  absl::optional<Rational> Rounded(const Rational& unit, Toward toward) const;

  bool is_zero() const { return numerator_ == 0; }
  bool is_negative() const { return numerator_ < 0; }
  // Returns the value if it is a whole number of at most 63 bits.
  absl::optional<int64_t> Whole() const;
  // Returns "1,366,659", "683,329.5", or, if the decimals do not end within three digits, "206,500/3".
  std::string ToText() const;

 private:
  Wide numerator_ = 0;
  Wide denominator_ = 1;  // above 0
};

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_
