#include "common/access/key_misses.h"

#include "gtest/gtest.h"

namespace tsunagu::access {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(2'532'567'600);

int LooksAt(KeyMisses& misses, absl::Time now) {
  int looks = 0;
  while (misses.Begin(now)) {
    misses.End();
    ++looks;
  }
  return looks;
}

TEST(KeyMissesTest, AreFewHoweverManyGuess) {
  KeyMisses misses;
  EXPECT_EQ(LooksAt(misses, kStart), KeyMisses::kAtOnce);
  EXPECT_EQ(LooksAt(misses, kStart), 0);
  EXPECT_EQ(LooksAt(misses, kStart + absl::Milliseconds(199)), 0);
  EXPECT_EQ(LooksAt(misses, kStart + absl::Milliseconds(200)), 1);
  EXPECT_EQ(LooksAt(misses, kStart + absl::Seconds(1)), 4);
  EXPECT_EQ(LooksAt(misses, kStart + absl::Hours(1)), KeyMisses::kAtOnce) << "and no more than that";
}

TEST(KeyMissesTest, AreOneAtATime) {
  KeyMisses misses;
  ASSERT_TRUE(misses.Begin(kStart));
  EXPECT_FALSE(misses.Begin(kStart));
  misses.End();
  EXPECT_TRUE(misses.Begin(kStart));
}

TEST(KeyMissesTest, ComeBackWhenTheClockWasSetBack) {
  KeyMisses misses;
  EXPECT_EQ(LooksAt(misses, kStart), KeyMisses::kAtOnce);
  const absl::Time before = kStart - absl::Hours(24);
  EXPECT_EQ(LooksAt(misses, before), 0);
  EXPECT_EQ(LooksAt(misses, before + absl::Seconds(2)), KeyMisses::kAtOnce);
}

}  // namespace
}  // namespace tsunagu::access
