#include "services/suite/proposals.h"

#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/jp/civil_day.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::suite {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class ProposalsTest : public testing::Test {
 protected:
  void SetUp() override {
    client_.once.purpose = client_.stream.purpose = "tests";
    Import("areas", "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n");
    Import("facilities", "facility_id,display_name,area\nakane,見本あかね,areas/312011\n");
    Import("openings", "opening_id,facility,area,posts,weekly_minutes\no1,facilities/akane,areas/312011,1,900\n");
    Import("legalBases",
           "legal_basis_id,operator_code,area,kind,number,opening_kinds\np,areas/310000,areas/"
           "310000,NOTICE,1,EMPLOYMENT\n");
    Import("nurses",
           "source_key,display_name,licence,weekly_minutes,home_mesh,commute_limit_metres,seeking\n"
           "n1,見本,NURSE,1200,53341198,8000,true\n");
    const auto nurses = client_.peer->Unary<registry::v1::ListNursesResponse>(
        "tsunagu.registry.v1.NurseService/ListNurses", registry::v1::ListNursesRequest(), client_.once);
    ASSERT_TRUE(nurses.ok()) << nurses.status();
    nurse_ = nurses->nurses(0).name();
    matching::v1::CreateProposalRequest create;
    create.mutable_proposal()->set_nurse(nurse_);
    create.mutable_proposal()->set_opening("openings/o1");
    create.mutable_proposal()->set_legal_basis("legalBases/p");
    const auto made = client_.peer->Unary<matching::v1::Proposal>("tsunagu.matching.v1.ProposalService/CreateProposal",
                                                                  create, client_.once);
    ASSERT_TRUE(made.ok()) << made.status();
    proposal_ = made->name();
  }
  void Import(const std::string& collection, const std::string& rows) {
    ImportOptions options;
    options.collection = collection;
    std::ostringstream told;
    const auto imported = ImportRows(client_, options, *Input::Of(rows), told, silent_);
    ASSERT_TRUE(imported.ok() && imported->refused_count() == 0) << told.str() << imported.status();
  }
  std::string Step(const std::string& word, const std::map<std::string, std::string>& said) {
    std::ostringstream told;
    const absl::Status done = TakeStep(client_, word, proposal_, said, told);
    return done.ok() ? told.str() : ErrorJson(done, Language::kEnglish);
  }
  std::string List(const ProposalFilter& filter) {
    std::ostringstream told;
    const absl::Status done = ListProposals(client_, filter, told);
    return done.ok() ? told.str() : ErrorJson(done, Language::kEnglish);
  }

  RunningSuite suite_;
  Client client_ = suite_.Administrator();
  Progress silent_{nullptr, Language::kEnglish, Clock::System()};
  std::string nurse_, proposal_;
};

TEST_F(ProposalsTest, FromConsentToStaying) {
  const std::string today = jp::FormatIso(jp::JapanDay(Clock::System().Now()));
  EXPECT_THAT(List({.opening = "o1"}), HasSubstr(proposal_));
  EXPECT_THAT(Step("consent", {{"nurse", nurse_}, {"evidence", "電話"}, {"nurse_display_name", "見本"}}),
              MatchesRegex("proposals/.*: CONSENTED, reply by [0-9-]+\n"));
  EXPECT_THAT(Step("meet", {{"day", today}}), HasSubstr("FAILED_PRECONDITION"));
  EXPECT_THAT(Step("agree", {}), HasSubstr(": AGREED"));
  EXPECT_THAT(Step("meet", {{"day", today}}), HasSubstr(": MET"));
  EXPECT_THAT(Step("hire", {{"day", today}}), HasSubstr(": OFFERED"));
  EXPECT_THAT(Step("accept", {{"nurse", nurse_}}), HasSubstr(": ACCEPTED"));
  const std::string before = jp::FormatIso(jp::JapanDay(Clock::System().Now()) - 1);
  EXPECT_THAT(Step("start", {{"day", before}}), HasSubstr("START_BEFORE_CONSENT"));
  EXPECT_THAT(Step("start", {{"day", today}}), HasSubstr(": STARTED"));
  EXPECT_THAT(Step("retain", {{"day", today}, {"months", "1"}}), HasSubstr("RETENTION_CHECK_EARLY"));
  EXPECT_THAT(Step("leave", {{"day", today}, {"reason", "COMMUTE"}}), HasSubstr(": LEFT"));
  EXPECT_THAT(List({.nurse = nurse_}), Not(testing::AnyOf(HasSubstr(proposal_), HasSubstr("INVALID_ARGUMENT"))));
  EXPECT_THAT(List({.nurse = nurse_, .over = true}), HasSubstr("LEFT"));
}

TEST_F(ProposalsTest, WhatAStepDoesNotTakeIsSaid) {
  EXPECT_THAT(Step("agree", {{"months", "1"}}), HasSubstr("NOT_OF_STEP"));
  EXPECT_THAT(Step("withdraw", {{"reason", "BORED"}}), HasSubstr("NOT_OF_STEP"));
  EXPECT_THAT(Step("withdraw", {}), HasSubstr("FIELD_REQUIRED"));
  EXPECT_THAT(Step("withdraw", {{"reason", "NURSE_DECLINED"}}), HasSubstr(": WITHDRAWN"));
}

}  // namespace
}  // namespace tsunagu::suite
