// A designated city (政令市) is matched together with its wards: an area in a ward is in the city.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/handover.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

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

}  // namespace
}  // namespace tsunagu::wire
