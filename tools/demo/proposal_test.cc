#include "tools/demo/proposal.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"
#include "tools/demo/run.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::demo {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class WalkProposalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Import("areas", "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n");
    Import(
        "facilities",
        "facility_id,display_name,area,latitude_e6,longitude_e6\nakane,見本あかね,areas/312011,35495111,134231278\n");
    Import("openings", "opening_id,facility,area,posts,weekly_minutes\no1,facilities/akane,areas/312011,2,900\n");
    Import("legalBases",
           "legal_basis_id,operator_code,area,kind,number,opening_kinds\np,areas/310000,areas/"
           "310000,NOTICE,1,EMPLOYMENT\n");
  }
  void ImportNurses() {
    Import("nurses",
           "source_key,display_name,licence,weekly_minutes,home_mesh,home_area,commute_limit_metres,seeking\n"
           "n1,見本 花子,NURSE,1200,53341198,areas/312011,8000,true\nn2,見本 "
           "太郎,NURSE,1200,53341188,areas/312011,8000,true\n");
  }
  void Import(const std::string& collection, const std::string& csv) {
    suite::ImportOptions options;
    options.collection = collection;
    suite::Progress progress = suite::Progress::OnTerminal(Language::kEnglish);
    std::ostringstream lines;
    const auto summary = suite::ImportRows(client_, options, *suite::Input::Of(csv), lines, progress);
    ASSERT_TRUE(summary.ok() && summary->refused_count() == 0) << summary.status() << lines.str();
  }

  static suite::Client ForThis(suite::Client client) {
    client.once.purpose = client.stream.purpose = "demo";
    return client;
  }

  const suite::RunningSuite suite_;
  const suite::Client client_ = ForThis(suite_.Administrator());
};

TEST_F(WalkProposalTest, GoesFromTheRecommendationToWhatTheRegistryWasTold) {
  ImportNurses();
  const auto report = WalkProposal(client_, "areas/310000");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->proposal.state(), matching::v1::Proposal::STATE_STARTED);
  EXPECT_EQ(report->proposal.steps_size(), 7);
  EXPECT_EQ(report->employment.facility(), "facilities/akane");
  EXPECT_FALSE(report->seeking);
  const std::string text = ProposalText(*report, Language::kEnglish);
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("CONSENTED  the nurse\n"), HasSubstr("OFFERED    the facility\n"),
            HasSubstr("the registry was told: she works at facilities/akane and does not look for work any more\n"),
            Not(HasSubstr("花子")), Not(HasSubstr("太郎"))));
  EXPECT_THAT(ProposalText(*report, Language::kJapanese),
              HasSubstr("台帳への通知: facilities/akane で就業、求職は終了"));
  // A round includes the remaining nurses, and its report the remaining posts.
  std::ostringstream imports;
  const auto round = Demonstrate(client_, {.area = "areas/310000"}, imports);
  ASSERT_TRUE(round.ok()) << round.status();
  EXPECT_EQ(round->round.nurse_count(), 1);
  ASSERT_EQ(round->outcome.facilities.size(), 1u);
  EXPECT_EQ(round->outcome.facilities[0].posts, 1);
  EXPECT_EQ(round->outcome.facilities[0].filled, 1);
  const auto again = WalkProposal(client_, "areas/310000");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ProposalText(*again, Language::kEnglish), text) << "it is walked once";
}

TEST_F(WalkProposalTest, WhereNobodyFitsItSaysSo) {
  const auto report = WalkProposal(client_, "areas/310000");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(ProposalText(*report, Language::kEnglish), HasSubstr("nobody who fits"));
}

// A proposal that was begun before is continued.
TEST_F(WalkProposalTest, GoesOnWhereItBrokeOff) {
  ImportNurses();
  const auto nurses = client_.peer->Unary<registry::v1::ListNursesResponse>(
      "tsunagu.registry.v1.NurseService/ListNurses", registry::v1::ListNursesRequest(), client_.once);
  ASSERT_TRUE(nurses.ok()) << nurses.status();
  matching::v1::CreateProposalRequest create;
  create.mutable_proposal()->set_nurse(nurses->nurses(1).name());
  create.mutable_proposal()->set_opening("openings/o1");
  create.mutable_proposal()->set_legal_basis("legalBases/p");
  const auto begun = client_.peer->Unary<matching::v1::Proposal>("tsunagu.matching.v1.ProposalService/CreateProposal",
                                                                 create, client_.once);
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto report = WalkProposal(client_, "areas/310000");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->proposal.name(), begun->name());
  EXPECT_EQ(report->proposal.state(), matching::v1::Proposal::STATE_STARTED);
}

}  // namespace
}  // namespace tsunagu::demo
