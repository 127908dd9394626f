// A published round opens proposals, one for each nurse with a place, once; it decides nothing by itself.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::Proposal;
using testing::ElementsAre;

class OpenProposalsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    registry_v1::Facility facility = AFacility("きた", "areas/312011");
    facility.set_latitude_e6(35'495'111);
    facility.set_longitude_e6(134'231'278);
    Create("kita", facility);
    for (const char* id : {"o1", "o2"}) {
      matching_v1::CreateOpeningRequest opening;
      opening.set_opening_id(id);
      opening.mutable_opening()->set_facility("facilities/kita");
      opening.mutable_opening()->set_area("areas/312011");
      opening.mutable_opening()->set_posts(1);
      opening.mutable_opening()->set_weekly_minutes(60);
      ASSERT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", opening)), "OK");
    }
    for (int i = 0; i < 3; ++i) {
      registry_v1::Nurse nurse = ANurse(absl::StrCat("見本 ", i), "areas/312011");
      nurse.set_seeking(true);
      nurse_ = Create(nurse).name();
    }
    matching_v1::CreateLegalBasisRequest basis;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "legal_basis_id: 'p' legal_basis { kind: BASIS_KIND_NOTICE number: '1' opening_kinds: OPENING_KIND_EMPLOYMENT "
        "operator_code: 'areas/310000' area: 'areas/310000' }",
        &basis));
    ASSERT_EQ(Said(admin().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/CreateLegalBasis", basis)),
              "OK");
    ASSERT_EQ(Said(CreateRound(reader(), "r", 1, "areas/310000")), "OK");
    const auto solved = SolveRound(reader(), "r");
    ASSERT_EQ(Said(solved), "OK");
    ASSERT_EQ(solved->matched_count(), 2);
  }
  std::string Publish() { return Said(PublishRound(reader(), "r")); }
  struct Opened {
    std::string said;
    std::map<std::string, std::string> proposal_of_opening;
    std::vector<std::string> refused;  // "opening:REASON"
    int after_event = -1;
  };
  Opened Open(bool validate_only = false, const std::string& basis = "legalBases/p") {
    matching_v1::OpenProposalsRequest request;
    request.set_round("rounds/r");
    request.set_legal_basis(basis);
    request.set_validate_only(validate_only);
    Opened opened;
    const auto stream = reader().Stream("matching.v1.ProposalService/OpenProposals");
    stream->Write(request);
    stream->WritesDone();
    matching_v1::OpenProposalsResponse answer;
    for (auto more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
      opened.proposal_of_opening[answer.opening()] = answer.proposal();
      opened.after_event = answer.after_event();
      for (const auto& refusal : answer.refusals()) {
        opened.refused.push_back(absl::StrCat(answer.opening(), ":", refusal.reason()));
      }
    }
    opened.said = Said(stream->Finish());
    return opened;
  }
  int Count() {
    matching_v1::ListProposalsRequest list;
    list.set_filter("round = \"rounds/r\" AND state = STATE_PROPOSED");
    const auto listed =
        reader().Call<matching_v1::ListProposalsResponse>("matching.v1.ProposalService/ListProposals", list);
    EXPECT_EQ(Said(listed), "OK");
    return listed->proposals_size();
  }

  std::string nurse_;  // one of three
};
WIRE_TEST_ON_BOTH(OpenProposalsTest);

TEST_P(OpenProposalsTest, OneForEachNurseWithAPlaceAndOnce) {
  EXPECT_EQ(Open().said, "FAILED_PRECONDITION ROUND_NOT_PUBLISHED");
  ASSERT_EQ(Publish(), "OK");
  EXPECT_EQ(Count(), 0) << "publishing decides nothing";
  EXPECT_EQ(Open(false, "").said, "INVALID_ARGUMENT INVALID_REQUEST legal_basis:LEGAL_BASIS_NOT_NAMED");
  const Opened looked = Open(true);
  EXPECT_EQ(looked.said, "OK");
  EXPECT_EQ(looked.proposal_of_opening, (std::map<std::string, std::string>{{"openings/o1", ""}, {"openings/o2", ""}}));
  EXPECT_EQ(Count(), 0);
  const Opened first = Open();
  EXPECT_EQ(first.said, "OK");
  EXPECT_EQ(Count(), 2);
  EXPECT_EQ(EightAtOnce([&](int) {
              const Opened again = Open();
              return again.said + (again.proposal_of_opening == first.proposal_of_opening ? " the same" : " others");
            }),
            (std::map<std::string, int>{{"OK the same", 8}}));
  EXPECT_EQ(Count(), 2);
}

TEST_P(OpenProposalsTest, ProposesWhatEventsHaveLeft) {
  ASSERT_EQ(Publish(), "OK");
  matching_v1::ApplyEventsRequest events;
  events.set_name("rounds/r");
  auto& closes = *events.add_changes()->mutable_posts_change();
  closes.set_opening("openings/o1");
  closes.set_posts(-1);
  const auto applied =
      reader().Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", events);
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_EQ(applied->events(0).matched_count(), 1);
  const Opened opened = Open();
  EXPECT_EQ(opened.said, "OK");
  EXPECT_EQ(opened.after_event, 1);
  ASSERT_EQ(opened.proposal_of_opening.size(), 1u);
  EXPECT_NE(opened.proposal_of_opening.at("openings/o2"), "");
}

TEST_P(OpenProposalsTest, WhatHasChangedSinceTheSnapshotCounts) {
  ASSERT_EQ(Publish(), "OK");
  registry_v1::ListNursesRequest list;
  const auto listed = reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", list);
  for (const auto& nurse : listed->nurses()) {
    registry_v1::UpdateNurseRequest update;
    update.mutable_nurse()->set_name(nurse.name());
    update.mutable_nurse()->set_licence(registry_v1::LICENCE_ASSISTANT_NURSE);
    update.mutable_update_mask()->add_paths("licence");
    ASSERT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", update)), "OK");
  }
  matching_v1::UpdateOpeningRequest update;
  update.mutable_opening()->set_name("openings/o1");
  update.mutable_opening()->add_licences(registry_v1::LICENCE_NURSE);
  update.mutable_update_mask()->add_paths("licences");
  ASSERT_EQ(Said(reader().Call<matching_v1::Opening>("matching.v1.OpeningService/UpdateOpening", update)), "OK");
  matching_v1::UpdateLegalBasisRequest narrower;
  narrower.mutable_legal_basis()->set_name("legalBases/p");
  narrower.mutable_legal_basis()->add_licences(registry_v1::LICENCE_NURSE);
  narrower.mutable_update_mask()->add_paths("licences");
  ASSERT_EQ(Said(reader().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/UpdateLegalBasis", narrower)),
            "OK");
  const Opened opened = Open();
  EXPECT_EQ(opened.said, "OK");
  EXPECT_THAT(opened.refused,
              testing::UnorderedElementsAre("openings/o1:NURSE_LICENCE_NOT_TAKEN", "openings/o1:NURSE_OUTSIDE_BASIS",
                                            "openings/o2:NURSE_OUTSIDE_BASIS"));
  EXPECT_EQ(Count(), 0);
}

TEST_P(OpenProposalsTest, WhoExcludesTheFacilitySinceIsNotProposed) {
  ASSERT_EQ(Publish(), "OK");
  registry_v1::ListNursesRequest list;
  const auto listed = reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", list);
  for (const auto& nurse : listed->nurses()) {
    registry_v1::UpdateNurseRequest update;
    update.mutable_nurse()->set_name(nurse.name());
    update.mutable_nurse()->add_unwanted_facilities("facilities/kita");
    update.mutable_update_mask()->add_paths("unwanted_facilities");
    ASSERT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", update)), "OK");
  }
  EXPECT_THAT(Open().refused, testing::UnorderedElementsAre("openings/o1:NURSE_EXCLUDES_FACILITY",
                                                            "openings/o2:NURSE_EXCLUDES_FACILITY"));
  EXPECT_EQ(Count(), 0);
}

TEST_P(OpenProposalsTest, EightAtOnceOpenEachOnce) {
  ASSERT_EQ(Publish(), "OK");
  std::vector<Opened> opened(8);
  EightAtOnce([&](int i) {
    opened[i] = Open();
    return opened[i].said;
  });
  EXPECT_EQ(Count(), 2);
  for (const Opened& one : opened) {
    EXPECT_EQ(one.proposal_of_opening, opened[0].proposal_of_opening);
    EXPECT_TRUE(one.refused.empty());
  }
}

TEST_P(OpenProposalsTest, ALaterRoundOfTheAreaTakesItsPlace) {
  ASSERT_EQ(Publish(), "OK");
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(absl::StrCat("later", i));
    ASSERT_EQ(Said(CreateRound(reader(), ids[i], 1, "areas/310000")), "OK");
    ASSERT_EQ(Said(SolveRound(reader(), ids[i])), "OK");
  }
  ASSERT_EQ(Said(CreateRound(reader(), "elsewhere", 1, "areas/312011")), "OK");
  ASSERT_EQ(Said(SolveRound(reader(), "elsewhere")), "OK");
  ASSERT_EQ(Said(PublishRound(reader(), "elsewhere")), "OK");
  EXPECT_EQ(EightAtOnce([&](int i) { return Said(PublishRound(reader(), ids[i])); }),
            (std::map<std::string, int>{{"OK", 8}}));
  matching_v1::ListRoundsRequest list;
  list.set_filter("state = STATE_PUBLISHED");
  const auto listed = reader().Call<matching_v1::ListRoundsResponse>("matching.v1.RoundService/ListRounds", list);
  ASSERT_EQ(Said(listed), "OK");
  EXPECT_EQ(listed->rounds_size(), 2) << "one of each area";
  EXPECT_EQ(Open().said, "FAILED_PRECONDITION ROUND_SUPERSEDED");
  matching_v1::CreateProposalRequest one;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "proposal { opening: 'openings/o1' legal_basis: 'legalBases/p' round: 'rounds/r' }", &one));
  one.mutable_proposal()->set_nurse(nurse_);
  EXPECT_EQ(Said(reader().Call<Proposal>("matching.v1.ProposalService/CreateProposal", one)), "OK")
      << "one by one it comes of no round";
}

// A promised post is not offered again, and a nurse who has accepted takes part in no round.
TEST_P(OpenProposalsTest, ALaterRoundLeavesOutWhatIsPromised) {
  ASSERT_EQ(Publish(), "OK");
  const std::string name = Open().proposal_of_opening["openings/o1"];
  matching_v1::GetProposalRequest get;
  get.set_name(name);
  const auto proposal = reader().Call<Proposal>("matching.v1.ProposalService/GetProposal", get);
  ASSERT_EQ(Said(proposal), "OK");
  const auto step = [&](const char* method, auto request, const std::string& fields) {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(absl::StrCat("name: '", name, "' ", fields), &request));
    EXPECT_EQ(Said(reader().Call<Proposal>(absl::StrCat("matching.v1.ProposalService/", method), request)), "OK")
        << method;
  };
  const std::string hers = absl::StrCat("nurse: '", proposal->nurse(), "'");
  step("ConsentProposal", matching_v1::ConsentProposalRequest(), hers + " nurse_display_name: '見本' evidence: '電話'");
  step("AgreeProposal", matching_v1::AgreeProposalRequest(), "");
  step("RecordInterview", matching_v1::RecordInterviewRequest(), "interview_date { year: 2050 month: 4 day: 3 }");
  step("DecideProposal", matching_v1::DecideProposalRequest(), "hired: true start_date { year: 2050 month: 5 day: 1 }");
  const auto left_out = [&](const std::string& id) {
    EXPECT_EQ(Said(CreateRound(reader(), id, 1, "areas/310000")), "OK");
    EXPECT_EQ(Said(SolveRound(reader(), id)), "OK");
    matching_v1::ListLeftOutRequest request;
    request.set_parent("rounds/" + id);
    const auto listed =
        reader().Call<matching_v1::ListLeftOutResponse>("matching.v1.RoundService/ListLeftOut", request);
    EXPECT_EQ(Said(listed), "OK");
    std::vector<std::string> said;
    for (const auto& row : listed->left_out()) said.push_back(matching_v1::LeftOutReason_Name(row.reason()).substr(16));
    return said;
  };
  EXPECT_THAT(left_out("offered"), ElementsAre("POSTS_PROMISED"));
  step("AcceptProposal", matching_v1::AcceptProposalRequest(), hers);
  EXPECT_THAT(left_out("accepted"), testing::UnorderedElementsAre("POSTS_PROMISED", "NURSE_PROMISED"));
}

TEST_P(OpenProposalsTest, WhatCannotBeProposedAnyMoreIsTold) {
  ASSERT_EQ(Publish(), "OK");
  matching_v1::EndOpeningRequest end;
  end.set_name("openings/o1");
  *end.mutable_end_date() = jp::ToDate(jp::JapanDay(clock().Now()) - 1);
  ASSERT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/EndOpening", end)), "OK");
  const Opened opened = Open();
  EXPECT_EQ(opened.said, "OK");
  EXPECT_THAT(opened.refused, ElementsAre("openings/o1:OPENING_OVER"));
  EXPECT_EQ(Count(), 1);
}

}  // namespace
}  // namespace tsunagu::wire
