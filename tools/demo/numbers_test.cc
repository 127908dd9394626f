#include "tools/demo/numbers.h"

#include "gtest/gtest.h"

namespace tsunagu::demo {
namespace {

TEST(Numbers, AreRoundedWithIntegers) {
  EXPECT_EQ(Share(25, 40), "62.5 %");
  EXPECT_EQ(Share(1, 3), "33.3 %");
  EXPECT_EQ(Share(2, 3), "66.7 %");
  EXPECT_EQ(Share(40, 40), "100.0 %");
  EXPECT_EQ(Share(0, 0), "–");
  EXPECT_EQ(Kilometres(0), "0.0");
  EXPECT_EQ(Kilometres(3449), "3.4");
  EXPECT_EQ(Kilometres(3450), "3.5");
  EXPECT_EQ(Kilometres(123'456), "123.5");
  EXPECT_EQ(Seconds(4), "0.00");
  EXPECT_EQ(Seconds(1235), "1.24");
}

}  // namespace
}  // namespace tsunagu::demo
