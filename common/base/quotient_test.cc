#include "common/base/quotient.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(Quotient, RoundsHalfUp) {
  struct Case {
    int64_t numerator, denominator;
    int decimals;
    const char* said;
  };
  // The first six are printed in the Ministry's table of 2019.
  const Case cases[] = {
      {1200, 47, 0, "26"},
      {1100, 20, 0, "55"},
      {36900, 1741, 0, "21"},
      {68, 11, 1, "6.2"},
      {783, 369, 1, "2.1"},
      {156, 47, 1, "3.3"},
      {156, 12, 1, "13.0"},
      {25, 2, 0, "13"},
      {24, 10, 0, "2"},
      {1, 20, 1, "0.1"},
      {49, 1000, 1, "0.0"},
      {0, 7, 2, "0.00"},
      // Printed elsewhere: consultations for each base and month, bands of age, an achievement beyond what was planned,
      // children with care among all, and what schools have more than a year before.
      {633, 54, 1, "11.7"},
      {532, 54, 1, "9.9"},
      {157, 18, 1, "8.7"},
      {9500, 633, 1, "15.0"},
      {18200, 633, 1, "28.8"},
      {15500, 633, 1, "24.5"},
      {9600, 633, 1, "15.2"},
      {1400, 633, 1, "2.2"},
      {3000, 633, 1, "4.7"},
      {15400, 74, 1, "208.1"},
      {613600, 103181, 1, "5.9"},
      {13500, 8565, 1, "1.6"},
      {36000, 2199, 1, "16.4"},
      // A share printed as 74.7 has another denominator than the share beside it.
      {49100, 659, 1, "74.5"},
      {49100, 657, 1, "74.7"},
      {1, 3, 9, "0.333333333"},
      {INT64_MAX, 1, 9, "9223372036854775807.000000000"},
      {INT64_MAX, INT64_MAX, 0, "1"},
  };
  for (const Case& c : cases) EXPECT_EQ(Quotient(c.numerator, c.denominator, c.decimals), c.said) << c.numerator;
}

}  // namespace
}  // namespace tsunagu
