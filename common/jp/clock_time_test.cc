#include "common/jp/clock_time.h"

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(ClockTime, AsPeopleAndWorkbooksWriteIt) {
  EXPECT_EQ(MinuteOfDay("9:30"), 570);
  EXPECT_EQ(MinuteOfDay("09:30"), 570);
  EXPECT_EQ(MinuteOfDay("09:30:00"), 570);
  EXPECT_EQ(MinuteOfDay("0:00"), 0);
  EXPECT_EQ(MinuteOfDay("24:00"), 1440);
  for (const char* wrong : {"", "9", "930", "9:3", "9:60", "24:01", "-1:00", "+9:30", "009:30", "9:30:01",
                            "9:30:", "９:30", "x:15", "8:1"}) {
    EXPECT_EQ(MinuteOfDay(wrong), absl::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace tsunagu::jp
