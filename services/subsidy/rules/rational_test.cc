#include "services/subsidy/rules/rational.h"

#include <random>

#include "gtest/gtest.h"

namespace tsunagu::subsidy::rules {
namespace {

Rational Half(int64_t halves) { return *Rational::Of(halves, 2); }

TEST(RationalTest, IsExact) {
  EXPECT_EQ(Add(*Rational::Of(1, 3), *Rational::Of(1, 6))->ToText(), "0.5");
  EXPECT_EQ(Multiply(*Rational::Of(2'057'600'000, 10), *Rational::Of(1, 3))->ToText(), "205,760,000/3");
  EXPECT_EQ(Divide(Rational(1), Rational(-3))->ToText(), "-1/3");
  EXPECT_EQ(Subtract(Rational(0), *Rational::Parse("0.125"))->ToText(), "-0.125");
  EXPECT_EQ(Rational::Parse("899100")->ToText(), "899,100");
  for (const char* wrong : {"", "-1", "1.", ".5", "1e3", "1,200", "0.0000000001", "1234567890123456789"}) {
    EXPECT_FALSE(Rational::Parse(wrong)) << wrong;
  }
}

TEST(RationalTest, RoundsOnTheLineOfNumbers) {
  using Toward = Rational::Toward;
  struct Case {
    Rational value;
    int64_t unit;
    int64_t down, up, nearest;
  };
  for (const Case& c : {Case{Half(1'366'659), 10, 683'320, 683'330, 683'330}, Case{Half(-1), 1, -1, 0, 0},
                        Case{Half(1), 1, 0, 1, 1}, Case{Rational(3000), 1000, 3000, 3000, 3000},
                        Case{Rational(-1500), 1000, -2000, -1000, -1000}, Case{Rational(0), 1000, 0, 0, 0}}) {
    EXPECT_EQ(c.value.Rounded(c.unit, Toward::kDown)->Whole(), c.down) << c.value.ToText();
    EXPECT_EQ(c.value.Rounded(c.unit, Toward::kUp)->Whole(), c.up) << c.value.ToText();
    EXPECT_EQ(c.value.Rounded(c.unit, Toward::kNearest)->Whole(), c.nearest) << c.value.ToText();
  }
}

TEST(RationalTest, WhatDoesNotFitIsAbsent) {
  Rational value(INT64_MAX);
  int times = 0;
  for (absl::optional<Rational> next = value; next; next = Multiply(*next, Rational(INT64_MAX))) ++times;
  EXPECT_EQ(times, 2);
  EXPECT_FALSE(Multiply(value, value)->Whole());
  EXPECT_FALSE(Rational::Of(1, 2)->Whole());
  EXPECT_FALSE(Rational::Of(static_cast<Rational::Wide>(1) << 127, 1));
}

// Against 64-bit arithmetic on random small fractions.
TEST(RationalTest, AgreesWithWholeArithmetic) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto draw = [&](int64_t most) { return static_cast<int64_t>(random() % (2 * most + 1)) - most; };
    const int64_t a = draw(5000), c = draw(5000), b = 1 + std::abs(draw(500)), d = 1 + std::abs(draw(500));
    const Rational x = *Rational::Of(a, b), y = *Rational::Of(c, d);
    EXPECT_EQ(Compare(*Add(x, y), *Rational::Of(a * d + c * b, b * d)), 0);
    EXPECT_EQ(Compare(*Multiply(x, y), *Rational::Of(a * c, b * d)), 0);
    EXPECT_EQ(*Compare(x, y) < 0, a * d < c * b);
    const int64_t floor = a / b - (a % b != 0 && a < 0 ? 1 : 0);
    EXPECT_EQ(x.Rounded(Rational(1), Rational::Toward::kDown)->Whole(), floor);
    EXPECT_EQ(x.Rounded(Rational(1), Rational::Toward::kUp)->Whole(), a % b == 0 ? floor : floor + 1);
  }
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
