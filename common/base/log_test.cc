#include "common/base/log.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/base/json_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace tsunagu::log {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    Configure(Format::kJson, Level::kDebug);
    testing::internal::CaptureStderr();
  }
  void TearDown() override { Configure(Format::kJson, Level::kWarning); }
  // Every line must be JSON, whatever was written.
  static std::vector<nlohmann::json> Lines() {
    std::vector<nlohmann::json> lines;
    for (absl::string_view line : absl::StrSplit(testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty())) {
      lines.push_back(nlohmann::json::parse(line.begin(), line.end()));
    }
    return lines;
  }
};

TEST_F(LogTest, ALineSaysWhenWhatAndWhere) {
  Line(Level::kWarning, "thing")
      .Add("text", "日本語 \"x\"")
      .Add("count", 3)
      .AddMillis("ms", absl::Microseconds(1500))
      .Write();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0]["time"], testing::MatchesRegex("....-..-..T..:..:..\\.......Z"));
  EXPECT_EQ(lines[0]["level"], "warning");
  EXPECT_EQ(lines[0]["event"], "thing");
  EXPECT_EQ(lines[0]["text"], "日本語 \"x\"");
  EXPECT_EQ(lines[0]["count"], 3);
  EXPECT_EQ(lines[0]["ms"], 1.5);
}

TEST_F(LogTest, NothingBreaksALine) {
  const std::string hostile[] = {
      std::string("\0\x01\x1f\x7f", 4),
      "\n{\"level\":\"error\",\"event\":\"forged\"}\n",
      "\r\n\t\b\f\v\x1b[31m",
      "\\\"\\u0000\\",
      "\xC2\x85 \xE2\x80\xA8 \xE2\x80\xA9",
      "\xff\xfe\x80\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe3\x81",
      std::string(100'000, '\x01'),
      std::string(999, 'x') + "漢字",
  };
  for (const std::string& value : hostile) Line(Level::kDebug, "hostile").Add("value", value).Add("n", 1).Write();
  const std::string text = testing::internal::GetCapturedStderr();
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), std::size(hostile));
  for (const std::string& line : lines) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["event"], "hostile") << line;
    EXPECT_EQ(json["n"], 1) << line;
    for (const char c : line) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << line;
    EXPECT_LT(line.size(), 8'000u);
  }
}

TEST_F(LogTest, LinesOfManyThreadsStayWhole) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([] {
      for (int i = 0; i < 50; ++i) Line(Level::kDebug, "long").Add("value", std::string(1000, '\x01')).Write();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Lines().size(), 400u);
}

TEST(JsonText, AnyBytesBecomeJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second), 'x'};
      EXPECT_TRUE(nlohmann::json::accept(JsonText(bytes))) << first << " " << second;
    }
  }
}

TEST_F(LogTest, AFieldIsThereOnce) {
  Line(Level::kInfo, "once").Add("a", "1").Add("a", "2").Write();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::AllOf(HasSubstr("\"a\":\"2\""), Not(HasSubstr("\"1\""))));
}

TEST_F(LogTest, WhatOneWorksOnStandsInEveryLineOfTheThread) {
  class Named : public Subject {
   public:
    void Describe(Line& line) const override { line.Add("call", "c-1"); }
  };
  const Named named;
  {
    const Scope scope(named);
    Line(Level::kInfo, "within").Write();
    std::thread([] { Line(Level::kInfo, "elsewhere").Write(); }).join();
  }
  Line(Level::kInfo, "after").Write();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].value("call", ""), "c-1");
  EXPECT_EQ(lines[1].value("call", ""), "");
  EXPECT_EQ(lines[2].value("call", ""), "");
}

TEST_F(LogTest, TooManyOfOneKindAreHeldBackAndCounted) {
  for (int i = 0; i < 1000; ++i) Line(Level::kWarning, "flood").Add("reason", "DATABASE_UNAVAILABLE").Write();
  Line(Level::kWarning, "flood").Add("reason", "DISK_FULL").Write();
  const auto lines = Lines();
  EXPECT_GE(lines.size(), 11u);
  EXPECT_LT(lines.size(), 30u);  // on a machine that needs seconds for this
  EXPECT_EQ(lines.back()["reason"], "DISK_FULL");
}

TEST_F(LogTest, FromTheChosenLevelOn) {
  Configure(Format::kJson, Level::kWarning);
  Line(Level::kInfo, "quiet").Write();
  Line(Level::kError, "loud").Write();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["event"], "loud");
}

TEST_F(LogTest, TextIsOneLineToo) {
  Configure(Format::kText, Level::kInfo);
  Line(Level::kInfo, "hostile_text").Add("value", "a\nb").Write();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("info hostile_text value=\"a\\u000ab\"\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(Flood, TenAtOnceThenOneASecond) {
  Flood flood;
  const absl::Time start = absl::FromUnixSeconds(1'000'000);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(flood.Pass(start), 0) << i;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(flood.Pass(start), std::nullopt) << i;
  EXPECT_EQ(flood.Pass(start + absl::Seconds(1)), 5);
  EXPECT_EQ(flood.Pass(start + absl::Seconds(1)), std::nullopt);
  EXPECT_EQ(flood.Pass(start - absl::Hours(24)), std::nullopt);  // the clock was set back: no harm
  EXPECT_EQ(flood.Pass(start + absl::Hours(1)), 2);
}

TEST(Harmless, LeavesOutWhatMayComeFromARecord) {
  struct Case {
    const char* text;
    const char* harmless;
  };
  const Case cases[] = {
      {"Duplicate entry '山田 花子' for key 'i_nurses'", "Duplicate entry […] for key […]"},
      {"Incorrect string value: \"\\xE5\\xB1\" at row 1", "Incorrect string value: […] at row 1"},
      {"near 山田: syntax error", "near : syntax error"},
      {"open quote 'Yamada Hanako", "open quote […]"},
      {"phone 09012345678 called", "phone 09012 called"},
      {"error 1213 (40001)", "error 1213 (40001)"},
      {"line\nbreak", "linebreak"},
  };
  for (const Case& c : cases) EXPECT_EQ(Harmless(c.text), c.harmless);
}

}  // namespace
}  // namespace tsunagu::log
