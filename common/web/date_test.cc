#include "common/web/date.h"

#include "common/base/clock.h"
#include "gtest/gtest.h"

namespace tsunagu::web {
namespace {

TEST(DateTest, IsWrittenAsHttpHasIt) {
  EXPECT_EQ(HttpDate(absl::FromUnixSeconds(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 5.6.7
  EXPECT_EQ(HttpDate(absl::FromUnixMillis(1772323199999)), "Sat, 28 Feb 2026 23:59:59 GMT");
}

TEST(DateTest, IsThatOfNow) {
  absl::Time before;
  std::string date;
  do {
    before = Clock::System().Now();
    date = DateOfNow();
  } while (absl::ToUnixSeconds(before) != absl::ToUnixSeconds(Clock::System().Now()));
  EXPECT_EQ(date, HttpDate(before));
}

}  // namespace
}  // namespace tsunagu::web
