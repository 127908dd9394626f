#include "tools/demo/course.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::demo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Import(const suite::Client& client, const std::string& collection, const std::string& csv) {
  suite::ImportOptions options;
  options.collection = collection;
  suite::Progress progress = suite::Progress::OnTerminal(Language::kEnglish);
  std::ostringstream lines;
  const auto summary = suite::ImportRows(client, options, *suite::Input::Of(csv), lines, progress);
  ASSERT_TRUE(summary.ok()) << summary.status() << lines.str();
  ASSERT_EQ(summary->refused_count(), 0) << lines.str();
}

TEST(HoldCourse, ShowsWhoIsCertifiedWhoLacksWhatAndWhoWaits) {
  const suite::RunningSuite suite;
  suite::Client client = suite.Administrator();
  client.once.purpose = client.stream.purpose = "demo";
  Import(client, "areas",
         "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n310000,鳥取県,,"
         "トットリケン,\n");
  std::string coordinators = "source_key,display_name,home_area\n";
  for (int i = 0; i < 9; ++i)
    coordinators += "c" + std::to_string(i) + ",見本 花子" + std::to_string(i) + ",areas/310000\n";
  Import(client, "coordinators", coordinators);
  const auto report = HoldCourse(client, "areas/310000");
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->lines.size(), 8u);
  int certified = 0, waiting = 0, lacking = 0;
  for (const CourseReport::Line& line : report->lines) {
    certified += !line.certificate.empty();
    waiting += !line.waiting.empty();
    lacking += line.certificate.empty() && line.waiting.empty();
  }
  EXPECT_EQ(certified, 4);
  EXPECT_EQ(lacking, 2);
  EXPECT_EQ(waiting, 2);
  const std::string text = CourseText(*report, Language::kEnglish);
  EXPECT_THAT(text, HasSubstr("医療: 180 minutes required, 0 earned, 180 missing"));
  EXPECT_THAT(text, HasSubstr("waits as no. 2"));
  EXPECT_THAT(text, Not(HasSubstr("花子")));
  training::v1::VerifyCertificateRequest verify;
  verify.set_token(report->token);
  const auto verified = client.peer->Unary<training::v1::VerifyCertificateResponse>(
      "tsunagu.training.v1.CertificateService/VerifyCertificate", verify, client.once);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->verdict(), training::v1::VerifyCertificateResponse::VERDICT_VALID);
  const auto again = HoldCourse(client, "areas/310000");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(CourseText(*again, Language::kEnglish), text) << "it is held once";
}

}  // namespace
}  // namespace tsunagu::demo
