#include "tools/demo/subsidy.h"

#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"

namespace tsunagu::demo {
namespace {

using ::testing::HasSubstr;
using State = subsidy::v1::Application::State;

void ImportAreas(const suite::Client& client) {
  suite::ImportOptions options;
  options.collection = "areas";
  suite::Progress progress = suite::Progress::OnTerminal(Language::kEnglish);
  std::ostringstream lines;
  const auto summary = suite::ImportRows(
      client, options,
      *suite::Input::Of("団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,"
                        "市区町村名（カナ）\n310000,鳥取県,,トットリケン,\n"
                        "312011,鳥取県,鳥取市,トットリケン,トットリシ\n312029,鳥取県,米子市,トットリケン,ヨナゴシ\n"
                        "312037,鳥取県,倉吉市,トットリケン,クラヨシシ\n"),
      lines, progress);
  ASSERT_TRUE(summary.ok()) << summary.status() << lines.str();
  ASSERT_EQ(summary->refused_count(), 0) << lines.str();
}

TEST(RunProgramme, ShowsWhatIsLeftAndForWhomThereIsTooLittle) {
  const suite::RunningSuite suite;
  const suite::Client client = suite.Administrator();
  ImportAreas(client);
  const auto report = RunProgramme(client, "areas/310000");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->line.available_yen(), 174'000);
  EXPECT_EQ(report->line.committed_yen(), 200'000);
  EXPECT_EQ(report->line.paid_yen(), 626'000);
  std::map<std::string, std::pair<State, int64_t>> stands;
  for (const auto& [body, application] : report->lines) stands[body] = {application.state(), application.granted_yen()};
  EXPECT_THAT(stands, testing::ElementsAre(
                          testing::Pair("倉吉市", testing::Pair(subsidy::v1::Application::STATE_EXAMINED, 0)),
                          testing::Pair("米子市", testing::Pair(subsidy::v1::Application::STATE_GRANTED, 400'000)),
                          testing::Pair("鳥取市", testing::Pair(subsidy::v1::Application::STATE_SETTLED, 426'000))));
  const std::string text = ProgrammeText(*report, Language::kEnglish);
  EXPECT_THAT(text, HasSubstr("short of 126000 yen"));
  EXPECT_THAT(text, HasSubstr("174,000"));
  subsidy::v1::ExplainAmountRequest explain;
  explain.set_name(report->amount);
  const auto explained = client.peer->Unary<subsidy::v1::Explanation>(
      "tsunagu.subsidy.v1.ExplanationService/ExplainAmount", explain, client.once);
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_TRUE(explained->agrees());
  const auto again = RunProgramme(client, "areas/310000");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ProgrammeText(*again, Language::kEnglish), text) << "it is run once";
}

}  // namespace
}  // namespace tsunagu::demo
