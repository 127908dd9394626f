// A designated city (政令市) is matched together with its wards: an area in a ward is in the city.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/handover.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::wire {
namespace {

using testing::UnorderedElementsAre;

// 鶴見区 of 横浜市, and 横須賀市 beside it.
class DesignatedCityTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    Import("areas",
           "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n140007,神奈川県,,"
           "ｶﾅｶﾞﾜｹﾝ,\n"
           "141003,神奈川県,横浜市,ｶﾅｶﾞﾜｹﾝ,ﾖｺﾊﾏｼ\n141011,神奈川県,横浜市鶴見区,ｶﾅｶﾞﾜｹﾝ,ﾖｺﾊﾏｼﾂﾙﾐｸ\n"
           "142018,神奈川県,横須賀市,ｶﾅｶﾞﾜｹﾝ,ﾖｺｽｶｼ\n",
           4);
    Import("facilities",
           "facility_id,display_name,area,latitude_e6,longitude_e6\nward,見本つるみ,areas/141011,35508000,139682000\n"
           "whole,見本よこはま,areas/141003,35508000,139682000\nother,見本よこすか,areas/142018,35281000,139672000\n",
           3);
    Import("openings",
           "opening_id,facility,area,display_name,posts,weekly_minutes\nward,facilities/ward,areas/141011,一,1,900\n"
           "whole,facilities/whole,areas/141003,二,1,900\nother,facilities/other,areas/142018,三,1,900\n",
           3);
    Import(
        "nurses",
        "source_key,display_name,weekly_minutes,licence,home_mesh,home_area,commute_limit_metres,seeking\n"
        "w,見本一,1200,NURSE,53392534,areas/141011,20000,true\no,見本二,1200,NURSE,52397534,areas/142018,20000,true\n",
        2);
    Import("legalBases",
           "legal_basis_id,operator_code,area,kind,number,opening_kinds\n"
           "p,areas/140007,areas/140007,NOTICE,1,EMPLOYMENT\n",
           1);
    EXPECT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  }
  void Import(const std::string& collection, const std::string& file, int rows) {
    const Imported imported = ImportCsv(reader(), collection, file);
    EXPECT_EQ(imported.summary, absl::StrCat(rows, " rows: ", rows, " created")) << absl::StrJoin(imported.rows, "; ");
  }
  std::string Solved(const std::string& id, const std::string& area) {
    EXPECT_EQ(Said(CreateRound(reader(), id, 7, area)), "OK");
    const auto solved = SolveRound(reader(), id);
    EXPECT_EQ(Said(solved), "OK");
    return solved.ok() ? absl::StrCat(solved->nurse_count(), " for ", solved->opening_count()) : "";
  }
};
WIRE_TEST_ON_BOTH(DesignatedCityTest);

TEST_P(DesignatedCityTest, ARoundOfTheCityIsOneOfItsWards) {
  EXPECT_EQ(Solved("city", "areas/141003"), "1 for 2");
  EXPECT_EQ(Solved("ward", "areas/141011"), "1 for 1");
  EXPECT_EQ(Solved("prefecture", "areas/140007"), "2 for 3");
  EXPECT_TRUE(Verify(reader(), "city")->stable());
  matching_v1::ExplainAreaRequest request;
  request.set_name("rounds/prefecture");
  const auto posts = [&](const std::string& area) {
    request.set_area(area);
    const auto told =
        reader().Call<matching_v1::ExplainAreaResponse>("matching.v1.RoundExplanationService/ExplainArea", request);
    EXPECT_EQ(Said(told), "OK");
    return told.ok() ? told->post_count() : -1;
  };
  EXPECT_EQ(posts("areas/141003"), 2);
  EXPECT_EQ(posts("areas/141011"), 1);
  EXPECT_EQ(posts("areas/142018"), 1);
}

TEST_P(DesignatedCityTest, RecommendationsAndTheHandOverSeeTheWards) {
  matching_v1::RecommendNursesRequest nurses;
  nurses.set_opening("openings/whole");
  nurses.set_area("areas/141003");
  nurses.set_operator_code("areas/140007");
  nurses.set_legal_basis("legalBases/p");
  const auto found = reader().For("test").Call<matching_v1::RecommendNursesResponse>(
      "matching.v1.RecommendationService/RecommendNurses", nurses);
  ASSERT_EQ(Said(found), "OK");
  EXPECT_EQ(found->counts().considered_count(), 1);

  matching_v1::RecommendOpeningsRequest openings;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "person { name: 'nurses/-' licence: LICENCE_NURSE weekly_minutes: 1200 home_mesh: '53392534' "
      "commute_limit_metres: "
      "20000 } area: 'areas/141003' operator_code: 'areas/140007' legal_basis: 'legalBases/p'",
      &openings));
  const auto told = reader().For("test").Call<matching_v1::RecommendOpeningsResponse>(
      "matching.v1.RecommendationService/RecommendOpenings", openings);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_EQ(told->counts().considered_count(), 2);

  matching_v1::ReadHandoverOpeningsRequest handover;
  handover.set_area("areas/141003");
  const auto stream = reader().Stream("matching.v1.HandoverService/ReadHandoverOpenings");
  if (stream->Write(handover)) stream->WritesDone();
  std::vector<std::string> handed;
  matching_v1::HandoverOpening row;
  for (auto more = stream->Read(row); more.ok() && *more; more = stream->Read(row)) handed.push_back(row.opening());
  EXPECT_EQ(Said(stream->Finish()), "OK");
  EXPECT_THAT(handed, UnorderedElementsAre("openings/ward", "openings/whole"));
}

TEST_P(DesignatedCityTest, ACommuteRuleOfTheCityHoldsInItsWards) {
  const char* heading = "commute_rule_id,area,road_factor_permille\n";
  Import("commuteRules", absl::StrCat(heading, "city,areas/141003,1500\nprefecture,areas/140007,1200\n"), 2);
  const auto rules = [&]() -> std::vector<std::string> {
    matching_v1::RecommendOpeningsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "person { name: 'nurses/-' licence: LICENCE_NURSE weekly_minutes: 1200 home_mesh: '53392534' "
        "commute_limit_metres: "
        "90000 } area: 'areas/140007' operator_code: 'areas/140007' legal_basis: 'legalBases/p'",
        &request));
    const auto told = reader().For("test").Call<matching_v1::RecommendOpeningsResponse>(
        "matching.v1.RecommendationService/RecommendOpenings", request);
    EXPECT_EQ(Said(told), "OK");
    std::vector<std::string> rows;
    if (!told.ok()) return rows;
    for (const auto& row : told->candidates()) {
      rows.push_back(absl::StrCat(row.opening(), " ", row.way().commute_rule(), " ", row.way().road_factor_permille()));
    }
    return rows;
  };
  const std::string whole = "openings/whole commuteRules/city 1500",
                    other = "openings/other commuteRules/prefecture 1200";
  EXPECT_THAT(rules(), UnorderedElementsAre("openings/ward commuteRules/city 1500", whole, other));
  // The rows of the round contain this, and the verifier uses only the rows.
  EXPECT_EQ(Solved("r1", "areas/140007"), "2 for 3");
  EXPECT_TRUE(Verify(reader(), "r1")->stable());
  int parts = 0;
  const auto snapshot = ReadSnapshot(reader(), "r1", parts);
  ASSERT_EQ(Said(snapshot), "OK");
  std::vector<std::string> kept;
  for (const auto& rule : snapshot->commute_rules()) kept.push_back(absl::StrCat(rule.name(), " ", rule.area()));
  EXPECT_THAT(kept, UnorderedElementsAre("commuteRules/city areas/141003", "commuteRules/city areas/141011",
                                         "commuteRules/prefecture areas/140007"));
  Import("commuteRules", absl::StrCat(heading, "ward,areas/141011,1100\n"), 1);
  EXPECT_THAT(rules(), UnorderedElementsAre("openings/ward commuteRules/ward 1100", whole, other));
}

// A supply of a ward and one of the city beside one of another city; openings for visits in the ward and elsewhere.
class DesignatedCityVisitsTest : public DesignatedCityTest {
 protected:
  void SetUp() override {
    DesignatedCityTest::SetUp();
    if (IsSkipped()) return;
    Import("openings",
           "opening_id,facility,area,display_name,posts,weekly_minutes,kind,supplier,school_half_days\n"
           "visit,facilities/ward,areas/141011,訪問,2,60,VISIT,VISITING_STATION,MON_AM\n"
           "away,facilities/other,areas/142018,訪問,1,60,VISIT,VISITING_STATION,MON_AM\n",
           2);
    const char* heading =
        "visit_supply_id,supplier_code,kind,area,latitude_e6,longitude_e6,reach_metres,licence,school_half_days\n";
    Import("visitSupplies",
           absl::StrCat(heading, "ward,14-1,VISITING_STATION,areas/141011,35508000,139682000,9000,NURSE,MON_AM\n",
                        "far,14-2,VISITING_STATION,areas/141003,35408000,139682000,9000,NURSE,MON_AM\n",
                        "other,14-3,VISITING_STATION,areas/142018,35281000,139672000,9000,NURSE,MON_AM\n"),
           3);
  }
  Caller OfficerOf(const std::string& area) {
    return CallerWith(area.substr(6), {"prefecture-officer@" + area}, "matching");
  }
  template <typename M, typename Request>
  static absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const std::string& fields) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
    return caller.Call<M>("matching.v1." + method, request);
  }
  static std::vector<std::string> SuppliesSeen(const Caller& caller) {
    const auto listed = Ask<matching_v1::ListVisitSuppliesResponse, matching_v1::ListVisitSuppliesRequest>(
        caller, "VisitSupplyService/ListVisitSupplies", "");
    if (!listed.ok()) return {Said(listed)};
    std::vector<std::string> names;
    for (const auto& supply : listed->visit_supplies()) names.push_back(supply.name());
    return names;
  }
};
WIRE_TEST_ON_BOTH(DesignatedCityVisitsTest);

TEST_P(DesignatedCityVisitsTest, TheOfficerOfTheCitySeesAndChangesWhatIsInItsWards) {
  const Caller city = OfficerOf("areas/141003");
  EXPECT_THAT(SuppliesSeen(city), UnorderedElementsAre("visitSupplies/ward", "visitSupplies/far"));
  EXPECT_THAT(SuppliesSeen(OfficerOf("areas/141011")), UnorderedElementsAre("visitSupplies/ward"));
  EXPECT_THAT(SuppliesSeen(OfficerOf("areas/142018")), UnorderedElementsAre("visitSupplies/other"));
  const auto update = [&](const std::string& id) {
    return Said(Ask<matching_v1::VisitSupply, matching_v1::UpdateVisitSupplyRequest>(
        city, "VisitSupplyService/UpdateVisitSupply",
        absl::StrCat("visit_supply { name: 'visitSupplies/", id,
                     "' reach_metres: 8000 } update_mask { paths: 'reach_metres' }")));
  };
  EXPECT_EQ(update("ward"), "OK");
  EXPECT_EQ(update("other"), "NOT_FOUND VISIT_SUPPLY_NOT_FOUND");
  const auto contract = [&](const std::string& opening, const std::string& supply) {
    return Said(Ask<matching_v1::VisitContract, matching_v1::CreateVisitContractRequest>(
        city, "VisitContractService/CreateVisitContract",
        absl::StrCat("visit_contract { opening: 'openings/", opening, "' supplier_code: '14-1' supply: 'visitSupplies/",
                     supply, "' school_half_days: HALF_DAY_MON_AM valid_from_date { year: 2050 month: 4 day: 4 } }")));
  };
  EXPECT_EQ(contract("visit", "ward"), "OK");
  EXPECT_NE(contract("away", "ward"), "OK") << "it stands in another city";
}

TEST_P(DesignatedCityVisitsTest, ARoundOfVisitsOfTheCityIsOneOfItsWards) {
  const Caller city = OfficerOf("areas/141003").For("tests");
  const auto solved = [&](const Caller& caller, const std::string& id, const std::string& area) {
    const auto created = Ask<matching_v1::Round, matching_v1::CreateRoundRequest>(
        caller, "RoundService/CreateRound",
        absl::StrCat("round_id: '", id, "' round { display_name: '訪問' area: '", area,
                     "' seed: 7 opening_kind: OPENING_KIND_VISIT }"));
    EXPECT_EQ(Said(created), "OK");
    const auto round = SolveRound(caller, id);
    EXPECT_EQ(Said(round), "OK");
    return round.ok() ? absl::StrCat(round->supply_count(), " for ", round->opening_count()) : "";
  };
  EXPECT_EQ(solved(reader(), "prefecture", "areas/140007"), "3 for 2");
  EXPECT_EQ(solved(reader(), "ward", "areas/141011"), "1 for 1");
  EXPECT_EQ(solved(reader(), "city", "areas/141003"), "2 for 1");
  EXPECT_TRUE(Verify(reader(), "city")->stable());

  // As the officer of the city reads it.
  const auto told = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
      city, "VisitRoundService/ExplainVisit",
      "name: 'rounds/city' opening: 'openings/visit' half_day: HALF_DAY_MON_AM");
  ASSERT_EQ(Said(told), "OK");
  std::vector<std::string> verdicts;
  for (const auto& supply : told->supplies()) {
    verdicts.push_back(absl::StrCat(supply.supply(), " ", supply.count(), " ",
                                    matching_v1::ExplainVisitResponse::Standing_Name(supply.standing()).substr(9)));
  }
  EXPECT_THAT(verdicts, UnorderedElementsAre("visitSupplies/ward 1 COVERS", "visitSupplies/far 0 NOT_ELIGIBLE"));
  EXPECT_EQ(told->visit().short_count(), 1);
  const auto posts = [&](const Caller& caller, const std::string& round, const std::string& area) {
    const auto area_told = Ask<matching_v1::ExplainAreaResponse, matching_v1::ExplainAreaRequest>(
        caller, "RoundExplanationService/ExplainArea", absl::StrCat("name: 'rounds/", round, "' area: '", area, "'"));
    EXPECT_EQ(Said(area_told), "OK");
    return area_told.ok() ? area_told->post_count() : -1;
  };
  EXPECT_EQ(posts(city, "city", "areas/141003"), 2);
  EXPECT_EQ(posts(city, "city", "areas/141011"), 2);
  EXPECT_EQ(posts(reader(), "prefecture", "areas/141003"), 2);
  EXPECT_EQ(posts(reader(), "prefecture", "areas/142018"), 1);
  const auto of_prefecture = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
      city, "VisitRoundService/ExplainVisit",
      "name: 'rounds/prefecture' opening: 'openings/visit' half_day: HALF_DAY_MON_AM");
  EXPECT_EQ(Said(of_prefecture), "NOT_FOUND ROUND_NOT_FOUND") << "it tells of other cities too";
}

// Each is of whoever answers for its area, and the one takes nothing from the other; but a post is promised once.
class DesignatedCityRoundsTest : public DesignatedCityTest {
 protected:
  void Publish(const std::string& id, const std::string& area) {
    Solved(id, area);
    ASSERT_EQ(Said(PublishRound(reader(), id)), "OK");
  }
  std::string StateOf(const std::string& id) {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/" + id);
    const auto round = reader().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request);
    return round.ok() ? matching_v1::Round::State_Name(round->state()).substr(6) : Said(round);
  }
  // What became of openings/ward: its proposal, or why there is none.
  std::string ProposedFrom(const std::string& id) {
    matching_v1::OpenProposalsRequest request;
    request.set_round("rounds/" + id);
    request.set_legal_basis("legalBases/p");
    std::string said;
    const auto stream = reader().Stream("matching.v1.ProposalService/OpenProposals");
    if (stream->Write(request)) stream->WritesDone();
    matching_v1::OpenProposalsResponse answer;
    for (auto more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
      if (answer.opening() != "openings/ward") continue;
      said = answer.proposal();
      for (const auto& refusal : answer.refusals()) absl::StrAppend(&said, refusal.reason());
    }
    const std::string end = Said(stream->Finish());
    return end == "OK" ? said : end;
  }
  template <typename Request>
  std::string Step(const char* method, const std::string& proposal, const std::string& fields) {
    Request request;
    EXPECT_TRUE(
        google::protobuf::TextFormat::ParseFromString(absl::StrCat("name: '", proposal, "' ", fields), &request));
    return Said(reader().Call<matching_v1::Proposal>(absl::StrCat("matching.v1.ProposalService/", method), request));
  }
  void AsFarAsMet(const std::string& proposal) {
    matching_v1::GetProposalRequest get;
    get.set_name(proposal);
    const auto found = reader().Call<matching_v1::Proposal>("matching.v1.ProposalService/GetProposal", get);
    ASSERT_EQ(Said(found), "OK");
    ASSERT_EQ(Step<matching_v1::ConsentProposalRequest>(
                  "ConsentProposal", proposal,
                  absl::StrCat("nurse: '", found->nurse(), "' nurse_display_name: '見本' evidence: '電話'")),
              "OK");
    ASSERT_EQ(Step<matching_v1::AgreeProposalRequest>("AgreeProposal", proposal, ""), "OK");
    ASSERT_EQ(Step<matching_v1::RecordInterviewRequest>("RecordInterview", proposal,
                                                        "interview_date { year: 2050 month: 4 day: 3 }"),
              "OK");
  }
};
WIRE_TEST_ON_BOTH(DesignatedCityRoundsTest);

TEST_P(DesignatedCityRoundsTest, OfTheCityAndOfItsPrefectureBothStandAndPromiseNothingTwice) {
  Publish("prefecture", "areas/140007");
  Publish("city", "areas/141003");
  EXPECT_EQ(StateOf("prefecture"), "PUBLISHED");
  EXPECT_EQ(StateOf("city"), "PUBLISHED");
  const std::string one = ProposedFrom("prefecture");
  ASSERT_EQ(one.substr(0, 10), "proposals/");
  EXPECT_EQ(ProposedFrom("city"), "PROPOSED_ALREADY") << "the same nurse got it by both";

  // Another nurse, and the next round of the city: that of the prefecture stays.
  Import("nurses",
         "source_key,display_name,weekly_minutes,licence,home_mesh,home_area,commute_limit_metres,seeking\n"
         "n,見本三,1200,NURSE,53392534,areas/141011,20000,true\n",
         1);
  const Imported gone =
      ImportCsv(reader(), "nurses",
                "source_key,display_name,weekly_minutes,licence,home_mesh,home_area,commute_limit_metres,seeking\n"
                "w,見本一,1200,NURSE,53392534,areas/141011,20000,false\n");
  ASSERT_EQ(gone.summary, "1 rows: 1 updated") << absl::StrJoin(gone.rows, "; ");
  Publish("later", "areas/141003");
  EXPECT_EQ(StateOf("city"), "SUPERSEDED");
  EXPECT_EQ(StateOf("prefecture"), "PUBLISHED");
  const std::string other = ProposedFrom("later");
  ASSERT_EQ(other.substr(0, 10), "proposals/") << "both are asked for one post";
  ASSERT_NE(other, one);

  AsFarAsMet(one);
  AsFarAsMet(other);
  const auto told = EightAtOnce([&](int i) {
    return Step<matching_v1::DecideProposalRequest>("DecideProposal", i % 2 == 0 ? one : other,
                                                    "hired: true start_date { year: 2050 month: 5 day: 1 }");
  });
  EXPECT_EQ(told, (std::map<std::string, int>{{"OK", 1},
                                              {"FAILED_PRECONDITION PROPOSAL_STEP_UNFIT", 3},
                                              {"INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED", 4}}));
}

}  // namespace
}  // namespace tsunagu::wire
