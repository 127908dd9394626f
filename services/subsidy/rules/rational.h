#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_

#include <cstdint>
#include <string>

#include "absl/types/optional.h"

namespace tsunagu::subsidy::rules {

// An exact fraction, in lowest terms. What does not fit into 127 bits above or below the line is absent: an amount is
// right or there is none.
class Rational {
 public:
  using Wide = __int128;

  Rational() = default;
  Rational(int64_t whole) : numerator_(whole) {}  // NOLINT: a whole number is one
  // `denominator` is not 0.
  static absl::optional<Rational> Of(Wide numerator, Wide denominator);
  // "1200", "0.9": digits, perhaps a point and up to 9 digits more; at most 18 digits before it.
  static absl::optional<Rational> Parse(const std::string& text);
  // Also "3/4", "1.1/2".
  static absl::optional<Rational> ParseFraction(const std::string& text);

  friend absl::optional<Rational> Add(const Rational& a, const Rational& b);
  friend absl::optional<Rational> Subtract(const Rational& a, const Rational& b);
  friend absl::optional<Rational> Multiply(const Rational& a, const Rational& b);
  // `b` is not 0.
  friend absl::optional<Rational> Divide(const Rational& a, const Rational& b);
  // Below 0, 0, or above 0 as a is less than b, equal, or greater; absent where that cannot be worked out.
  friend absl::optional<int> Compare(const Rational& a, const Rational& b);

  enum class Toward { kDown, kUp, kNearest };  // 切捨て, 切上げ, 四捨五入; down and up on the line of numbers
  // The multiple of `unit`, which is above 0, next to it. Half goes up.
  absl::optional<Rational> Rounded(const Rational& unit, Toward toward) const;

  bool is_zero() const { return numerator_ == 0; }
  bool is_negative() const { return numerator_ < 0; }
  // Where it is one and has at most 63 bits.
  absl::optional<int64_t> Whole() const;
  // "1,366,659", "683,329.5", and where decimals do not end within three places "206,500/3".
  std::string ToText() const;

 private:
  Wide numerator_ = 0;
  Wide denominator_ = 1;  // above 0
};

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_RATIONAL_H_
