#include "services/suite/progress.h"

#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace tsunagu::suite {
namespace {

class ProgressTest : public ::testing::Test {
 protected:
  // What was drawn since the last look.
  std::string Drawn() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'000)};
  std::ostringstream out_;
};

TEST_F(ProgressTest, BarAndRows) {
  Progress progress(&out_, Language::kEnglish, clock_);
  progress.SetTotal(100);
  progress.AddBytes(50);
  EXPECT_EQ(Drawn(), "\r[###############---------------] 50%\033[K");
  clock_.Advance(absl::Seconds(1));
  progress.SetRows(1234);
  EXPECT_EQ(Drawn(), "\r[###############---------------] 50%  1,234 rows\033[K");
}

TEST_F(ProgressTest, SentIsNotYetDone) {
  Progress progress(&out_, Language::kJapanese, clock_);
  progress.SetTotal(100);
  progress.AddBytes(50);
  progress.AddBytes(60);  // it grew while it was read
  EXPECT_EQ(Drawn(),
            "\r[###############---------------] 50%\033[K"
            "\r[##############################] 100%  送信済み、処理中\033[K");
}

TEST_F(ProgressTest, AtMostTenTimesASecond) {
  Progress progress(&out_, Language::kJapanese, clock_);
  progress.AddBytes(3 << 10);
  EXPECT_EQ(Drawn(), "\r3 KiB\033[K");
  progress.SetRows(7);
  clock_.Advance(absl::Milliseconds(99));
  progress.SetRows(8);
  EXPECT_EQ(Drawn(), "");
  clock_.Advance(absl::Milliseconds(1));
  progress.SetRows(9);
  EXPECT_EQ(Drawn(), "\r3 KiB  9行\033[K");
}

TEST_F(ProgressTest, GoesAway) {
  {
    Progress progress(&out_, Language::kEnglish, clock_);
    progress.Hide();
    EXPECT_EQ(Drawn(), "");
    progress.AddBytes(1);
    Drawn();
    progress.Hide();
    EXPECT_EQ(Drawn(), "\r\033[K");
    clock_.Advance(absl::Seconds(1));
    progress.AddBytes(1);
    Drawn();
  }
  EXPECT_EQ(Drawn(), "\r\033[K");
}

TEST_F(ProgressTest, SilentWithoutATerminal) {
  Progress progress(nullptr, Language::kEnglish, clock_);
  progress.AddBytes(1);
  progress.SetRows(1);
  progress.Hide();
}

TEST(WithCommas, Groups) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(-123456), "-123,456");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
}

}  // namespace
}  // namespace tsunagu::suite
