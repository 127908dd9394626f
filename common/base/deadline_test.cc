#include "common/base/deadline.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(DeadlineTest, IsOverWhenItsTimeIs) {
  const Deadline deadline = Deadline::After(absl::Hours(1));
  EXPECT_FALSE(deadline.Over());
  EXPECT_LE(deadline.Left(), absl::Hours(1));
  EXPECT_TRUE(Deadline::After(absl::Minutes(1)) < deadline);
  EXPECT_EQ(deadline.Earlier(absl::Hours(1)).Over(), true);
  SteadyTime::Advance(absl::Hours(1));
  EXPECT_TRUE(deadline.Over());
  EXPECT_LE(deadline.Left(), absl::ZeroDuration());
}

TEST(DeadlineTest, Limits) {
  EXPECT_TRUE(Deadline::After(absl::ZeroDuration()).Over());
  EXPECT_TRUE(Deadline::After(-absl::InfiniteDuration()).Over());
  EXPECT_EQ(Deadline::After(absl::InfiniteDuration()), Deadline::Never());
  EXPECT_FALSE(Deadline::Never().Over());
  EXPECT_EQ(Deadline::Never().Left(), absl::InfiniteDuration());
  EXPECT_EQ(Deadline::Never().Earlier(absl::Hours(1)), Deadline::Never());
}

TEST(DeadlineTest, IsOverOnceNobodyWaits) {
  std::atomic<bool> gone{false};
  const Deadline never = Deadline::Never().OrOnce(gone);
  const Deadline later = Deadline::After(absl::Hours(2)).OrOnce(gone).Earlier(absl::Hours(1));
  EXPECT_FALSE(never.Over());
  EXPECT_FALSE(later.Over());
  gone = true;
  EXPECT_TRUE(never.Over());
  EXPECT_TRUE(later.Over());
}

TEST(DeadlineTest, AWaitEndsWithIt) {
  Mutex mutex;
  CondVar condition;
  MutexLock lock(mutex);
  const Stopwatch watch;
  EXPECT_EQ(condition.wait_until(mutex, Deadline::After(absl::Milliseconds(20))), std::cv_status::timeout);
  EXPECT_GE(watch.Elapsed(), absl::Milliseconds(20));
  SteadyTime::Advance(absl::Hours(-5));  // also after tests have moved time
  EXPECT_EQ(condition.wait_until(mutex, Deadline::After(absl::Milliseconds(20))), std::cv_status::timeout);
}

}  // namespace
}  // namespace tsunagu
