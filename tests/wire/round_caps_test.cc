// Caps of a round, and its cut-offs.
#include <algorithm>

#include "common/access/access.h"
#include "common/service/service.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

class RoundCapsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    for (auto& opening : *snapshot_.mutable_openings()) {
      opening.set_area(opening.name() == "openings/d" ? "areas/322016" : "areas/312011");
    }
  }
  std::string Create(const std::string& id, const std::vector<std::pair<std::string, int>>& caps) {
    matching_v1::CreateRoundRequest request;
    request.set_round_id(id);
    request.mutable_round()->set_display_name("試験");
    request.mutable_round()->set_seed(7);
    for (const auto& [place, limit] : caps) {
      auto& cap = *request.mutable_round()->add_caps();
      cap.set_place(place);
      cap.set_limit(limit);
    }
    return Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request));
  }
  int Solve(const std::string& id, const std::vector<std::pair<std::string, int>>& caps) {
    EXPECT_EQ(Create(id, caps), "OK");
    const auto solved = SolveRound(admin(), id, &snapshot_);
    EXPECT_EQ(Said(solved), "OK");
    EXPECT_TRUE(Verify(admin(), id)->stable()) << id;
    return solved->matched_count();
  }
  static absl::StatusOr<matching_v1::ListCutoffsResponse> ListCutoffs(const Caller& caller, const std::string& id,
                                                                      int size = 1000, const std::string& token = "") {
    matching_v1::ListCutoffsRequest request;
    request.set_parent("rounds/" + id);
    request.set_page_size(size);
    request.set_page_token(token);
    return caller.Call<matching_v1::ListCutoffsResponse>("matching.v1.RoundService/ListCutoffs", request);
  }
  static std::vector<std::string> Rows(const matching_v1::ListCutoffsResponse& page) {
    std::vector<std::string> rows;
    for (const auto& row : page.cutoffs()) {
      rows.push_back(absl::StrCat(row.name(), " ", row.filled_count(), "/", row.limit(), row.full() ? " full" : "",
                                  row.metres() < 0 ? "" : absl::StrCat(" ", row.extra_skills())));
    }
    return rows;
  }

  matching_v1::Snapshot snapshot_ = ASnapshot(10);  // two posts each at a and b are filled
};
WIRE_TEST_ON_BOTH(RoundCapsTest);

TEST_P(RoundCapsTest, CapsLieWithinOneAnotherAndHold) {
  EXPECT_EQ(Solve("none", {}), 4);
  EXPECT_EQ(Solve("facility", {{"facilities/a", 1}}), 3);
  EXPECT_EQ(Solve("town", {{"areas/312011", 3}}), 3);
  EXPECT_EQ(Solve("wide", {{"areas/310000", 9}, {"areas/312011", 2}, {"facilities/a", 1}, {"facilities/b", 2}}), 2);
  EXPECT_EQ(Solve("nobody", {{"areas/310000", 0}}), 0);
  EXPECT_EQ(Solve("elsewhere", {{"areas/320005", 1}}), 4);
  int parts = 0;
  const auto snapshot = ReadSnapshot(admin(), "wide", parts);
  std::vector<std::string> caps;
  for (const auto& cap : snapshot->caps()) {
    caps.push_back(absl::StrCat(cap.place(), " ", cap.limit(), " of ", cap.openings_size()));
  }
  EXPECT_THAT(caps,
              ElementsAre("areas/310000 9 of 3", "areas/312011 2 of 3", "facilities/a 1 of 1", "facilities/b 2 of 1"));
}

// No sent value is ignored: caps of another round are refused, and the openings in the caps of this one are computed
// again.
TEST_P(RoundCapsTest, CapsThatAreSentAreThoseOfTheRound) {
  for (const auto& [place, limit] :
       std::vector<std::pair<const char*, int>>{{"facilities/a", 1}, {"areas/312011", 3}}) {
    auto& cap = *snapshot_.add_caps();
    cap.set_place(place);
    cap.set_limit(limit);
    cap.add_openings(2'000'000'000);
  }
  snapshot_.mutable_nurses(1)->set_name("看護 花子");
  ASSERT_EQ(Create("other", {{"areas/312011", 4}}), "OK");
  EXPECT_EQ(
      Said(FreezeRound(admin(), "other", &snapshot_)),
      "INVALID_ARGUMENT INVALID_REQUEST snapshot.caps[0]:SNAPSHOT_CAPS_DIFFER snapshot.caps[1]:SNAPSHOT_CAPS_DIFFER "
      "snapshot.nurses[1].name:MALFORMED_NAME");
  snapshot_.mutable_nurses(1)->set_name("nurses/hanako");
  EXPECT_EQ(Solve("same", {{"areas/312011", 3}, {"facilities/a", 1}}), 3);
}

TEST_P(RoundCapsTest, PlacesWithoutAnOpeningAreNamed) {
  EXPECT_EQ(Solve("r", {{"areas/313025", 1}, {"facilities/typo", 1}, {"areas/312011", 9}, {"facilities/a", 9}}), 4);
  matching_v1::GetRoundRequest request;
  request.set_name("rounds/r");
  const auto round = admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request);
  ASSERT_EQ(Said(round), "OK");
  EXPECT_THAT(round->idle_places(), ElementsAre("areas/313025", "facilities/typo"));
  ASSERT_EQ(Said(CreateRound(admin(), "plain", 7)), "OK");
  const auto plain = SolveRound(admin(), "plain", &snapshot_);
  ASSERT_EQ(Said(plain), "OK");
  EXPECT_EQ(plain->idle_places_size(), 0);
}

TEST_P(RoundCapsTest, ACapIsPartOfTheSnapshot) {
  EXPECT_EQ(Solve("none", {}), 4);
  EXPECT_EQ(Solve("loose", {{"areas/312011", 9}}), 4);
  const auto digest = [&](const std::string& id) {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/" + id);
    const auto round = *admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request);
    EXPECT_EQ(round.engine_version(), 2);
    return round.snapshot_digest();
  };
  EXPECT_NE(digest("none"), digest("loose"));
}

TEST_P(RoundCapsTest, WhatContradictsItselfIsNamed) {
  EXPECT_EQ(
      Create(
          "bad",
          {{"facilities/a", 1}, {"nurses/a", 1}, {"areas/310001", 1}, {"facilities/a", 2}, {"", 1}, {"regions/x", -1}}),
      "INVALID_ARGUMENT INVALID_REQUEST round.caps[1].place:CAP_PLACE_UNFIT round.caps[2].place:WRONG_CHECK_DIGIT "
      "round.caps[3].place:CAP_REPEATED round.caps[4].place:FIELD_REQUIRED round.caps[5].limit:OUT_OF_RANGE");
  // A facility with posts in two towns, and one of these with another facility.
  auto& far = *snapshot_.add_openings();
  far = snapshot_.openings(0);
  far.set_name("openings/e");
  far.set_area("areas/322016");
  EXPECT_EQ(Create("cross", {{"facilities/a", 3}, {"areas/312011", 3}, {"areas/320005", 2}}), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "cross", &snapshot_)),
            "INVALID_ARGUMENT INVALID_REQUEST caps:CAPS_CROSS caps:CAPS_CROSS");
  EXPECT_EQ(Said(FreezeRound(admin(), "cross", &snapshot_)),
            "INVALID_ARGUMENT INVALID_REQUEST caps:CAPS_CROSS caps:CAPS_CROSS");
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `round_parts`"), 0);
}

TEST_P(RoundCapsTest, CutoffsAreToldWhereEnoughHavePosts) {
  SetRole("reader", {"rounds.read"}, "matching");
  const Caller reader = CallerWith("reader", {"reader@*"}, "matching");
  Solve("r1", {{"areas/312011", 3}});
  const auto all = ListCutoffs(reader, "r1");
  ASSERT_EQ(Said(all), "OK");
  const std::vector<std::string> rows = Rows(*all);
  ASSERT_EQ(rows.size(), 5);
  EXPECT_EQ(rows[0], "areas/312011 3/3 full") << "ten could have come, and three are there: the last is one of three";
  EXPECT_EQ(rows[3], "openings/c 0/5");
  EXPECT_EQ(rows[4], "openings/d 0/5");
  std::vector<std::string> paged;
  std::string token;
  do {
    const auto page = ListCutoffs(reader, "r1", 2, token);
    for (const std::string& row : Rows(*page)) paged.push_back(row);
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(paged, rows);
  for (int i = 0; i < 2; ++i) snapshot_.mutable_openings(i)->set_posts(i == 0 ? 5 : 1);
  Solve("more", {{"areas/312011", 6}});
  const auto more = ListCutoffs(reader, "more");
  EXPECT_EQ(Rows(*more)[0], "areas/312011 6/6 full 0");
  EXPECT_EQ(Rows(*more)[1], "openings/a 5/5 full 0");
  EXPECT_EQ(Rows(*more)[2], "openings/b 1/1 full") << "one post is one person's";
  for (const auto& row : more->cutoffs()) EXPECT_TRUE(row.metres() == -1 || row.metres() % 1000 == 0) << row.metres();
  ASSERT_EQ(Create("draft", {}), "OK");
  EXPECT_EQ(Said(ListCutoffs(reader, "draft")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
}

// A cap is named as the registry calls its place, and by its code.
TEST_P(RoundCapsTest, TheTextNamesThePlaceOfTheCap) {
  CreateAreas();
  ASSERT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  Solve("area", {{"areas/312011", 3}});
  std::string left;
  const auto rows = ListAssignments(admin(), "area");
  for (const auto& row : rows->assignments()) {
    if (row.unmatched_reason() == matching_v1::UNMATCHED_REASON_CAPPED) left = row.nurse();
  }
  ASSERT_NE(left, "");
  matching_v1::ExplainAssignmentRequest nurse;
  nurse.set_name("rounds/area");
  nurse.set_nurse(left);
  const auto her = reader().Call<matching_v1::ExplainAssignmentResponse>(
      "matching.v1.RoundExplanationService/ExplainAssignment", nurse);
  ASSERT_EQ(Said(her), "OK");
  EXPECT_THAT(her->text().ja(), testing::HasSubstr("上限に達した場所: 鳥取市（312011）。"));
  EXPECT_THAT(her->text().en(), testing::HasSubstr("Caps reached: 鳥取市 (312011)."));
  const auto step =
      std::find_if(her->steps().begin(), her->steps().end(), [](const auto& one) { return !one.cap().empty(); });
  ASSERT_NE(step, her->steps().end());
  EXPECT_EQ(step->cap(), "areas/312011");
  EXPECT_EQ(step->cap_display_name(), "鳥取市");
  EXPECT_THAT(step->text().ja(), testing::HasSubstr("鳥取市（312011）の上限に達し"));
  matching_v1::ExplainOpeningRequest opening;
  opening.set_name("rounds/area");
  opening.set_opening(step->opening());
  const auto it =
      admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening", opening);
  ASSERT_EQ(Said(it), "OK");
  EXPECT_THAT(it->text().ja(), testing::HasSubstr("鳥取市（312011）の上限のため入れなかった人は"));
  EXPECT_THAT(it->text().en(), testing::HasSubstr("The cap of 鳥取市 (312011) is reached."));
  // Where there is no name, its id.
  Solve("facility", {{"facilities/a", 1}});
  opening.set_name("rounds/facility");
  opening.set_opening("openings/a");
  const auto a =
      admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening", opening);
  EXPECT_THAT(a->text().ja(), testing::HasSubstr("aの上限のため入れなかった人は"));
}

// Nobody goes first where a cap lets nobody in.
TEST_P(RoundCapsTest, ACapOfZeroIsNotReachedByAnybody) {
  ASSERT_EQ(Solve("zero", {{"areas/310000", 0}}), 0);
  matching_v1::ExplainAssignmentRequest nurse;
  nurse.set_name("rounds/zero");
  nurse.set_nurse("nurses/n1000");
  const auto her = reader().Call<matching_v1::ExplainAssignmentResponse>(
      "matching.v1.RoundExplanationService/ExplainAssignment", nurse);
  ASSERT_EQ(Said(her), "OK");
  int capped = 0;
  for (const auto& step : her->steps()) {
    if (step.cap().empty()) continue;
    ++capped;
    EXPECT_TRUE(step.cap_is_zero());
    EXPECT_EQ(step.text().ja(), "空きはありますが、310000の上限が0人のため、だれも決まりません。");
    EXPECT_EQ(step.text().en(), "It has posts left, but the cap of 310000 is 0: nobody can have one.");
  }
  EXPECT_EQ(capped, 2);
  matching_v1::ExplainOpeningRequest opening;
  opening.set_name("rounds/zero");
  opening.set_opening("openings/a");
  const auto it =
      admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening", opening);
  ASSERT_EQ(Said(it), "OK");
  EXPECT_THAT(it->text().ja(), testing::EndsWith("310000の上限は0人です。上限を上げると、決まることがあります。"));
  EXPECT_THAT(it->text().en(), testing::EndsWith("since the cap of 310000 is 0: 10. The cap of 310000 is 0. With a "
                                                 "higher one it may get somebody."));
}

// A nurse whom a cap keeps out is told of the cap and of no other reason.
TEST_P(RoundCapsTest, WhoACapKeepsOutIsToldSo) {
  Solve("r1", {{"areas/312011", 3}, {"facilities/a", 1}});
  int capped = 0;
  const auto rows = ListAssignments(admin(), "r1");
  for (const auto& row : rows->assignments()) {
    if (row.unmatched_reason() != matching_v1::UNMATCHED_REASON_CAPPED) continue;
    ++capped;
    matching_v1::ExplainAssignmentRequest request;
    request.set_name("rounds/r1");
    request.set_nurse(row.nurse());
    const auto why = reader().Call<matching_v1::ExplainAssignmentResponse>(
        "matching.v1.RoundExplanationService/ExplainAssignment", request);
    ASSERT_EQ(Said(why), "OK");
    for (const auto& step : why->steps()) {
      if (step.opening() != "openings/a") continue;
      EXPECT_EQ(step.cap(), "facilities/a") << step.DebugString();
    }
  }
  EXPECT_GT(capped, 0);
  matching_v1::ExplainOpeningRequest request;
  request.set_name("rounds/r1");
  request.set_opening("openings/a");
  const auto a =
      admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening", request);
  EXPECT_EQ(a->filled_count(), 1);
  EXPECT_EQ(a->obstacles().cap(), "facilities/a");
  EXPECT_THAT(a->text().ja(), testing::HasSubstr("上限のため入れなかった人は"));
}

}  // namespace
}  // namespace tsunagu::wire
