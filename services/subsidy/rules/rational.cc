#include "services/subsidy/rules/rational.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::subsidy::rules {
namespace {

using Wide = Rational::Wide;

// Multiplication and addition that report overflow.
bool Times(Wide a, Wide b, Wide& product) { return !__builtin_mul_overflow(a, b, &product); }
bool Plus(Wide a, Wide b, Wide& sum) { return !__builtin_add_overflow(a, b, &sum); }

// The smallest value of 128 bits has no negation; no value here may be equal to it.
constexpr Wide kLeast = static_cast<Wide>(1) << 127;

Wide Magnitude(Wide value) { return value < 0 ? -value : value; }

Wide GreatestCommonDivisor(Wide a, Wide b) {
  a = Magnitude(a), b = Magnitude(b);
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

std::string Digits(Wide value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string WithCommas(Wide value) {
  std::string text = Digits(value);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

}  // namespace

absl::optional<Rational> Rational::Of(Wide numerator, Wide denominator) {
  if (numerator == kLeast || denominator == kLeast) return absl::nullopt;
  const Wide divisor = GreatestCommonDivisor(numerator, denominator);
  Rational fraction;
  fraction.numerator_ = numerator / divisor;
  fraction.denominator_ = denominator / divisor;
  if (fraction.denominator_ < 0) {
    fraction.numerator_ = -fraction.numerator_;
    fraction.denominator_ = -fraction.denominator_;
  }
  return fraction;
}

absl::optional<Rational> Rational::Parse(const std::string& text) {
  const size_t point = text.find('.');
  const std::string whole = text.substr(0, point), part = point == std::string::npos ? "" : text.substr(point + 1);
  const bool digits_only = std::all_of(whole.begin(), whole.end(), absl::ascii_isdigit) &&
                           std::all_of(part.begin(), part.end(), absl::ascii_isdigit);
  if (!digits_only || whole.empty() || whole.size() > 18 || part.size() > 9) return absl::nullopt;
  if (point != std::string::npos && part.empty()) return absl::nullopt;
  Wide numerator = 0, denominator = 1;
  for (const char digit : whole + part) numerator = numerator * 10 + (digit - '0');
  for (size_t i = 0; i < part.size(); ++i) denominator *= 10;
  return Of(numerator, denominator);
}

absl::optional<Rational> Rational::ParseFraction(const std::string& text) {
  const size_t line = text.find('/');
  const absl::optional<Rational> above = Parse(text.substr(0, line));
  if (!above || line == std::string::npos) return above;
  const absl::optional<Rational> below = Parse(text.substr(line + 1));
  if (!below || below->is_zero()) return absl::nullopt;
  return Divide(*above, *below);
}

absl::optional<Rational> Add(const Rational& a, const Rational& b) {
  Wide left = 0, right = 0, numerator = 0, denominator = 0;
  if (!Times(a.numerator_, b.denominator_, left) || !Times(b.numerator_, a.denominator_, right) ||
      !Plus(left, right, numerator) || !Times(a.denominator_, b.denominator_, denominator)) {
    return absl::nullopt;
  }
  return Rational::Of(numerator, denominator);
}

absl::optional<Rational> Subtract(const Rational& a, const Rational& b) {
  Rational opposite = b;
  opposite.numerator_ = -b.numerator_;
  return Add(a, opposite);
}

absl::optional<Rational> Multiply(const Rational& a, const Rational& b) {
  Wide numerator = 0, denominator = 0;
  if (!Times(a.numerator_, b.numerator_, numerator) || !Times(a.denominator_, b.denominator_, denominator)) {
    return absl::nullopt;
  }
  return Rational::Of(numerator, denominator);
}

absl::optional<Rational> Divide(const Rational& a, const Rational& b) {
  Wide numerator = 0, denominator = 0;
  if (!Times(a.numerator_, b.denominator_, numerator) || !Times(a.denominator_, b.numerator_, denominator)) {
    return absl::nullopt;
  }
  return Rational::Of(numerator, denominator);
}

absl::optional<int> Compare(const Rational& a, const Rational& b) {
  Wide left = 0, right = 0;
  if (!Times(a.numerator_, b.denominator_, left) || !Times(b.numerator_, a.denominator_, right)) return absl::nullopt;
  return left < right ? -1 : left > right ? 1 : 0;
}

absl::optional<Rational> Rational::Rounded(const Rational& unit, Toward toward) const {
  absl::optional<Rational> units = Divide(*this, unit);
  if (units && toward == Toward::kNearest) units = Add(*units, *Of(1, 2));
  if (!units) return absl::nullopt;
  Wide count = units->numerator_ / units->denominator_;  // toward 0
  const bool has_rest = units->numerator_ % units->denominator_ != 0;
  if (has_rest && units->is_negative() && toward != Toward::kUp) --count;
  if (has_rest && !units->is_negative() && toward == Toward::kUp) ++count;
  return Multiply(*Of(count, 1), unit);
}

absl::optional<int64_t> Rational::Whole() const {
  const bool fits = denominator_ == 1 && numerator_ >= std::numeric_limits<int64_t>::min() &&
                    numerator_ <= std::numeric_limits<int64_t>::max();
  if (!fits) return absl::nullopt;
  return static_cast<int64_t>(numerator_);
}

std::string Rational::ToText() const {
  const std::string sign = numerator_ < 0 ? "-" : "";
  const Wide magnitude = Magnitude(numerator_);
  if (denominator_ == 1) return absl::StrCat(sign, WithCommas(magnitude));
  if (1000 % denominator_ != 0) return absl::StrCat(sign, WithCommas(magnitude), "/", WithCommas(denominator_));
  std::string decimals = Digits(magnitude % denominator_ * (1000 / denominator_) + 1000).substr(1);
  while (decimals.back() == '0') decimals.pop_back();
  return absl::StrCat(sign, WithCommas(magnitude / denominator_), ".", decimals);
}

}  // namespace tsunagu::subsidy::rules
