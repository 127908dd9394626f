// Questions about solved rounds of visits: what-ifs and comparisons.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/service/service.h"
#include "tests/wire/visit_round_test_base.h"
#include "tests/wire/visit_rows.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class VisitQuestionsTest : public VisitRoundTestBase {
 protected:
  using WhatIfResponse = matching_v1::WhatIfVisitsResponse;
  using CompareResponse = matching_v1::CompareVisitRoundsResponse;

  void SetUp() override {
    VisitRoundTestBase::SetUp();
    if (IsSkipped()) return;
    SetRole("solver", {"rounds.read", "rounds.solve"}, "matching");
  }
  // near goes where it is, on two days; far wishes for the other facility, and has one nurse on Mondays.
  void SolveTwo(const std::string& fields = "") {
    ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]", 5'000)), "OK");
    ASSERT_EQ(Said(Supply("far", "school_half_days: HALF_DAY_MON_AM wishes: 'facilities/minami'")), "OK");
    Solve("r", fields);
  }
  absl::StatusOr<WhatIfResponse> WhatIf(const Caller& caller, const std::string& id, const std::string& fields) {
    return Ask<WhatIfResponse, matching_v1::WhatIfVisitsRequest>(caller, "VisitComparisonService/WhatIfVisits",
                                                                 absl::StrCat("name: 'rounds/", id, "' ", fields));
  }
  absl::StatusOr<WhatIfResponse> WhatIf(const std::string& id, const std::string& fields) {
    return WhatIf(reader(), id, fields);
  }
  absl::StatusOr<CompareResponse> CompareTwo(const std::string& one, const std::string& other,
                                             const std::string& fields = "") {
    return Ask<CompareResponse, matching_v1::CompareVisitRoundsRequest>(
        admin(), "VisitComparisonService/CompareVisitRounds",
        absl::StrCat("name: 'rounds/", one, "' other: 'rounds/", other, "' ", fields));
  }
  static std::string Covers(const google::protobuf::RepeatedPtrField<matching_v1::VisitRow::Cover>& covers) {
    std::vector<std::string> words;
    for (const auto& one : covers) words.push_back(absl::StrCat(one.supply().substr(14), one.count()));
    return words.empty() ? "-" : absl::StrJoin(words, "+");
  }
  // "3/6 3/6": covered of wanted, before and after; "b MON_AM far1/2 far2/2"; "far 1 2 BETTER".
  template <typename Response>
  static std::vector<std::string> Words(const Response& told) {
    std::vector<std::string> words;
    const auto figures = [](const matching_v1::VisitFigures& of) {
      return absl::StrCat(of.covered_count(), "/", of.wanted_count());
    };
    words.push_back(absl::StrCat(figures(told.difference().before()), " ", figures(told.difference().after())));
    for (const auto& row : told.half_days()) {
      words.push_back(absl::StrCat(row.opening().substr(9), " ", registry_v1::HalfDay_Name(row.half_day()).substr(9),
                                   row.holidays() ? " holidays " : " ", Covers(row.covers_before()), "/",
                                   row.wanted_before(), " ", Covers(row.covers_after()), "/", row.wanted_after()));
    }
    for (const auto& one : told.supplies()) {
      words.push_back(absl::StrCat(one.supply().substr(14), " ", one.visits_before(), " ", one.visits_after(), " ",
                                   matching_v1::SupplyChange::Liking_Name(one.liking()).substr(7)));
    }
    return words;
  }
};
WIRE_TEST_ON_BOTH(VisitQuestionsTest);

// As of employments, in visits and half-days.
TEST_P(VisitQuestionsTest, AnAreaIsExplainedAndDrawnToo) {
  SolveTwo();
  const auto area = [&](const std::string& fields) {
    const auto told = Ask<matching_v1::ExplainAreaResponse, matching_v1::ExplainAreaRequest>(
        admin(), "RoundExplanationService/ExplainArea", "name: 'rounds/r' " + fields);
    EXPECT_EQ(Said(told), "OK");
    return told.value_or(matching_v1::ExplainAreaResponse());
  };
  const auto words = [](const matching_v1::ExplainAreaResponse& told) {
    std::vector<std::string> words = {
        absl::StrCat(told.opening_count(), " ", told.filled_count(), "/", told.post_count())};
    for (const auto& row : told.short_posts()) {
      words.push_back(absl::StrCat(row.post_count(), " ",
                                   matching_v1::VisitRow::ShortReason_Name(row.short_reason()).substr(13), " ",
                                   matching_v1::Blocker_Name(row.blocker()).substr(8)));
    }
    for (const auto& row : told.shortages()) {
      words.push_back(absl::StrCat(row.opening().substr(9), " ", registry_v1::HalfDay_Name(row.half_day()).substr(9),
                                   row.holidays() ? " holidays " : " ", row.filled_count(), "/", row.post_count(), " ",
                                   matching_v1::VisitRow::ShortReason_Name(row.short_reason()).substr(13)));
    }
    return words;
  };
  EXPECT_THAT(words(area("")), ElementsAre("2 3/6", "2 NOBODY_ELIGIBLE HALF_DAYS", "1 SUPPLY_USED_UP UNSPECIFIED",
                                           "b MON_AM holidays 0/2 NOBODY_ELIGIBLE", "b MON_AM 1/2 SUPPLY_USED_UP"));
  EXPECT_THAT(words(area("area: 'areas/312011'")), ElementsAre("1 2/2"));
  const auto nowhere = Ask<matching_v1::ExplainAreaResponse, matching_v1::ExplainAreaRequest>(
      admin(), "RoundExplanationService/ExplainArea", "name: 'rounds/r' area: 'areas/470007'");
  EXPECT_EQ(Said(nowhere), "INVALID_ARGUMENT INVALID_REQUEST area:REFERENCE_NOT_FOUND");
  const auto explained = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
      admin(), "VisitRoundService/ExplainVisit", "name: 'rounds/r' opening: 'openings/b' half_day: HALF_DAY_MON_AM");
  EXPECT_EQ(area("").shortages(1).text().ja(), explained->text().ja());
  const auto map = [&](const std::string& fields) {
    const auto told = Ask<matching_v1::GetRoundMapResponse, matching_v1::GetRoundMapRequest>(
        admin(), "RoundExplanationService/GetRoundMap", "name: 'rounds/r' " + fields);
    EXPECT_EQ(Said(told), "OK");
    return told.value_or(matching_v1::GetRoundMapResponse());
  };
  EXPECT_THAT(map("").geo_json(),
              testing::HasSubstr("[134.230000,35.590000]},\"properties\":{\"opening\":\"openings/b\",\"facility\":"
                                 "\"facilities/minami\",\"posts\":4,\"filled\":1,\"short\":3}"));
  // After an event, what it has left.
  ASSERT_EQ(Said(Ask<matching_v1::ApplyVisitEventsResponse, matching_v1::ApplyVisitEventsRequest>(
                reader(), "VisitEventService/ApplyVisitEvents",
                "name: 'rounds/r' changes { remove_supply { supply: 'visitSupplies/near' } }")),
            "OK");
  EXPECT_EQ(words(area(""))[0], "2 1/6");
  EXPECT_EQ(area("").after_event(), 1);
  EXPECT_EQ(words(area("after_event: 0"))[0], "2 3/6");
  EXPECT_EQ(map("").after_event(), 1);
  EXPECT_THAT(map("").geo_json(), testing::HasSubstr("\"posts\":2,\"filled\":0,\"short\":2}"));
  EXPECT_THAT(map("after_event: 0").geo_json(), testing::HasSubstr("\"posts\":2,\"filled\":2,\"short\":0}"));
}

TEST_P(VisitQuestionsTest, TheTextNamesThePlaceOfTheCap) {
  ASSERT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  SolveTwo("caps { place: 'areas/310000' limit: 2 }");
  const auto listed = Ask<matching_v1::ListVisitsResponse, matching_v1::ListVisitsRequest>(
      admin(), "VisitRoundService/ListVisits", "parent: 'rounds/r'");
  int capped = 0;
  for (const auto& row : listed->visits()) {
    if (row.short_reason() != matching_v1::VisitRow::SHORT_REASON_CAPPED) continue;
    ++capped;
    const auto told = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
        admin(), "VisitRoundService/ExplainVisit",
        absl::StrCat("name: 'rounds/r' opening: '", row.opening(), "' half_day: ", row.half_day()));
    ASSERT_EQ(Said(told), "OK");
    EXPECT_EQ(told->cap(), "areas/310000");
    EXPECT_EQ(told->cap_display_name(), "鳥取県");
    EXPECT_THAT(told->text().ja(), testing::HasSubstr("場所ごとの上限に達しました: 鳥取県（310000）。"));
    EXPECT_THAT(told->text().en(), testing::HasSubstr("the cap of a place is reached: 鳥取県 (310000)."));
  }
  EXPECT_GT(capped, 0);
}

// The same that a round would come to: by what counts most, not by who goes first.
TEST_P(VisitQuestionsTest, AWhatIfGoesByTheObjectiveOfTheRound) {
  ASSERT_EQ(Said(Supply("able", "school_half_days: HALF_DAY_MON_AM skills: SKILL_OXYGEN")), "OK");
  Solve("s");
  Solve("c", "objective: OBJECTIVE_COVERAGE");
  ASSERT_EQ(Said(Supply("door", "school_half_days: HALF_DAY_MON_AM", 5'000)), "OK");
  constexpr char kDoorComes[] = "changes { add_supply { supply: 'visitSupplies/door' } }";
  for (const auto& [id, covered] : std::vector<std::pair<std::string, int>>{{"s", 1}, {"c", 2}}) {
    const auto told = WhatIf(id, kDoorComes);
    ASSERT_EQ(Said(told), "OK") << id;
    EXPECT_EQ(told->difference().before().covered_count(), 1) << id;
    EXPECT_EQ(told->difference().after().covered_count(), covered) << id;
  }
}

// At the other facility's door: on Monday, and twice in the holidays.
constexpr char kNewSupply[] =
    "changes { add_supply { supply: 'visitSupplies/new' row { name: 'visitSupplies/new' kind: SUPPLIER_POOL "
    "latitude_e6: 35590000 longitude_e6: 134230000 reach_metres: 1000 licence: LICENCE_NURSE skills: SKILL_SUCTION "
    "given { half_day: HALF_DAY_MON_AM holidays: true visit_count: 2 } given { half_day: HALF_DAY_MON_AM visit_count: "
    "1 } "
    "school_visit_count: 5 holiday_visit_count: 5 all_visit_count: 9 } } }";
constexpr char kNewOpening[] =
    "changes { add_opening { opening: 'openings/x' row { name: 'openings/x' facility: 'facilities/kita' "
    "area: 'areas/312011' latitude_e6: 35500000 longitude_e6: 134230000 posts: 1 weekly_minutes: 60 "
    "visits { half_day: HALF_DAY_WED_AM posts: 1 } } } }";

TEST_P(VisitQuestionsTest, SaysWhatWouldBeOtherwise) {
  SolveTwo();
  struct Case {
    const char* name;
    std::string changes;
    std::vector<std::string> told;
  };
  const Case cases[] = {
      {"nothing", "changes { change_supply { supply: 'visitSupplies/far' } }", {"3/6 3/6"}},
      {"a nurse more",
       "changes { change_supply { supply: 'visitSupplies/far' half_days { half_day: HALF_DAY_MON_AM visits: 1 } } }",
       {"3/6 4/6", "b MON_AM far1/2 far2/2", "far 1 2 BETTER"}},
      {"another half-day, of another week",
       "changes { change_supply { supply: 'visitSupplies/far' half_days { half_day: HALF_DAY_MON_AM holidays: true "
       "visits: 2 } } }",
       {"3/6 5/6", "b MON_AM holidays -/2 far2/2", "far 1 3 BETTER"}},
      {"fewer a week",
       "changes { change_supply { supply: 'visitSupplies/near' extra_school_visits: -1399 } }",
       {"3/6 2/6", "a WED_AM near1/1 -/1", "near 2 1 WORSE"}},
      {"further, but it likes what it has",
       "changes { change_supply { supply: 'visitSupplies/near' extra_metres: 10000 } }",
       {"3/6 3/6"}},
      {"further, with a nurse more",
       "changes { change_supply { supply: 'visitSupplies/near' extra_metres: 10000 half_days { half_day: "
       "HALF_DAY_MON_AM "
       "visits: 1 } } }",
       {"3/6 4/6", "b MON_AM far1/2 far1+near1/2", "near 2 3 BETTER"}},
      {"a supply less",
       "changes { remove_supply { supply: 'visitSupplies/near' } }",
       {"3/6 1/6", "a MON_AM near1/1 -/1", "a WED_AM near1/1 -/1", "near 2 0 UNSPECIFIED"}},
      {"a supply more",
       kNewSupply,
       {"3/6 6/6", "b MON_AM far1/2 far1+new1/2", "b MON_AM holidays -/2 new2/2", "new 0 3 UNSPECIFIED"}},
      {"an opening less",
       "changes { remove_opening { opening: 'openings/a' } }",
       {"3/6 1/4", "a MON_AM near1/1 -/0", "a WED_AM near1/1 -/0", "near 2 0 WORSE"}},
      {"a half-day more",
       "changes { change_half_day { opening: 'openings/a' half_day: HALF_DAY_FRI_AM posts: 1 } }",
       {"3/6 3/7", "a FRI_AM -/0 -/1"}},
      {"a half-day less",
       "changes { change_half_day { opening: 'openings/b' half_day: HALF_DAY_MON_AM holidays: true posts: -2 } }",
       {"3/6 3/4", "b MON_AM holidays -/2 -/0"}},
      {"more posts",
       "changes { change_half_day { opening: 'openings/a' half_day: HALF_DAY_WED_AM posts: 2 } }",
       {"3/6 3/8", "a WED_AM near1/1 near1/3"}},
      {"two changes, one of the other",
       absl::StrCat(kNewSupply, " changes { change_supply { supply: 'visitSupplies/new' extra_holiday_visits: -4 } }"),
       {"3/6 5/6", "b MON_AM far1/2 far1+new1/2", "b MON_AM holidays -/2 new1/2", "new 0 2 UNSPECIFIED"}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const auto told = WhatIf("r", one.changes);
    ASSERT_EQ(Said(told), "OK");
    EXPECT_EQ(Words(*told), one.told);
  }
  EXPECT_EQ(WhatIf("r", kNewOpening)->difference().after().wanted_count(), 7);
  EXPECT_TRUE(Verify(admin(), "r")->stable()) << "nothing is stored";
  EXPECT_THAT(Rows("r"), ElementsAre("a MON_AM near 1", "a WED_AM near 1", "b MON_AM far 1",
                                     "b MON_AM short 1 SUPPLY_USED_UP", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
}

TEST_P(VisitQuestionsTest, CapsHaveOtherLimits) {
  SolveTwo("caps { place: 'areas/310000' limit: 5 } caps { place: 'areas/312011' limit: 1 }");
  const auto wider = WhatIf("r", "changes { change_cap { place: 'areas/312011' limit: 2 } }");
  ASSERT_EQ(Said(wider), "OK");
  EXPECT_EQ(wider->difference().before().covered_count(), 2);
  EXPECT_EQ(wider->difference().after().covered_count(), 3);
  EXPECT_EQ(wider->difference().better_count(), 1);
  const auto none = WhatIf("r", "changes { change_cap { place: 'areas/310000' } }");
  EXPECT_EQ(none->difference().after().covered_count(), 0);
  EXPECT_EQ(none->difference().worse_count(), 2);
  // What is added counts where it lies: the cap of its area has no room.
  const std::string counted = absl::StrCat(kNewOpening,
                                           " changes { change_half_day { opening: 'openings/x' half_day: "
                                           "HALF_DAY_WED_AM posts: 4 } }");
  EXPECT_EQ(WhatIf("r", counted)->difference().after().covered_count(), 2);
  EXPECT_EQ(Said(WhatIf("r", "changes { change_cap { place: 'areas/322016' limit: 2 } }")),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].change_cap.place:NOT_IN_ROUND");
}

TEST_P(VisitQuestionsTest, WhatCannotBeIsSaidAtOnce) {
  SolveTwo();
  struct Case {
    const char* name;
    std::string changes, said;
  };
  const Case cases[] = {
      {"no change", "changes {}", "changes[0].what:FIELD_REQUIRED"},
      {"unknown rows",
       "changes { remove_supply { supply: 'visitSupplies/x' } } changes { remove_opening { opening: 'openings/x' } } "
       "changes { change_half_day { opening: 'openings/x' half_day: HALF_DAY_MON_AM posts: 1 } }",
       "changes[0].remove_supply.supply:NOT_IN_ROUND changes[1].remove_opening.opening:NOT_IN_ROUND "
       "changes[2].change_half_day.opening:NOT_IN_ROUND"},
      {"a supply that is there", "changes { add_supply { supply: 'visitSupplies/near' } }",
       "changes[0].add_supply.supply:SUPPLY_THERE_ALREADY"},
      {"a supply that nobody knows", "changes { add_supply { supply: 'visitSupplies/x' } }",
       "changes[0].add_supply.supply:NOT_IN_ROUND"},
      {"an opening that is there", "changes { add_opening { opening: 'openings/a' } }",
       "changes[0].add_opening.opening:OPENING_THERE_ALREADY"},
      {"limits",
       "changes { change_supply { supply: 'visitSupplies/near' extra_metres: -5000 extra_all_visits: 1 half_days { "
       "half_day: HALF_DAY_FRI_AM visits: -1 } } } changes { change_half_day { opening: 'openings/a' half_day: "
       "HALF_DAY_MON_AM posts: -2 } }",
       "changes[0].change_supply.extra_all_visits:VISIT_LIMIT_OUT_OF_RANGE "
       "changes[0].change_supply.extra_metres:VISIT_LIMIT_OUT_OF_RANGE "
       "changes[0].change_supply.half_days[0].visits:VISIT_LIMIT_OUT_OF_RANGE "
       "changes[1].change_half_day.posts:VISIT_LIMIT_OUT_OF_RANGE"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(Said(WhatIf("r", one.changes)), "INVALID_ARGUMENT INVALID_REQUEST " + one.said);
  }
}

// What comes without a row is as the records of today have it.
TEST_P(VisitQuestionsTest, RowsOfTodayAreFound) {
  SolveTwo();
  ASSERT_EQ(Said(Supply("late", "holiday_half_days: HALF_DAY_MON_AM concurrent_visit_count: 2")), "OK");
  EXPECT_THAT(Words(*WhatIf("r", "changes { add_supply { supply: 'visitSupplies/late' } }")),
              ElementsAre("3/6 5/6", "b MON_AM holidays -/2 late2/2", "late 0 2 UNSPECIFIED"));
  ASSERT_EQ(OpeningSays("pair", "facilities/kita", "areas/312011",
                        "kind: OPENING_KIND_VISIT posts: 1 school_half_days: [HALF_DAY_THU_AM, HALF_DAY_THU_PM] "
                        "together { half_days: [HALF_DAY_THU_AM, HALF_DAY_THU_PM] }"),
            "OK");
  EXPECT_EQ(Said(WhatIf("r", "changes { add_opening { opening: 'openings/pair' } }")),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].add_opening.opening:ROW_LEFT_OUT");
}

// A caller who varies the rows could find out where a supply refuses to go, which is told to nobody: varying needs the
// same permission as reading the rows.
TEST_P(VisitQuestionsTest, WhoMayNotReadTheRowsDoesNotVaryThem) {
  SolveTwo();
  const char change[] = "changes { remove_supply { supply: 'visitSupplies/near' } }";
  EXPECT_EQ(Said(WhatIf(admin(), "r", change)), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  const Caller solver = CallerWith("solver", {"solver@*"}, "matching").For("tests");
  EXPECT_EQ(Said(WhatIf(solver, "r", change)), "PERMISSION_DENIED PERMISSION_DENIED");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1, "areas/310000")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "e")), "OK");
  EXPECT_EQ(Said(WhatIf("e", change)), "FAILED_PRECONDITION ROUND_NOT_OF_VISITS");
  ASSERT_EQ(CreateOfVisits("draft", ""), "OK");
  EXPECT_EQ(Said(WhatIf("draft", change)), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
}

TEST_P(VisitQuestionsTest, RoundsAreCompared) {
  SolveTwo();
  EXPECT_THAT(Words(*CompareTwo("r", "r")), ElementsAre("3/6 3/6"));
  ASSERT_EQ(UpdateSupply("far", "concurrent_visit_count: 2", "concurrent_visit_count"), "OK");
  Solve("s");
  const std::vector<std::string> told = {"3/6 4/6", "b MON_AM far1/2 far2/2", "far 1 2 UNSPECIFIED"};
  EXPECT_EQ(Words(*CompareTwo("r", "s")), told);
  const auto first = CompareTwo("r", "s", "page_size: 1");
  EXPECT_THAT(Words(*first), ElementsAre("3/6 4/6", "b MON_AM far1/2 far2/2"));
  EXPECT_THAT(Words(*CompareTwo("r", "s", absl::StrCat("page_size: 1 page_token: '", first->next_page_token(), "'"))),
              ElementsAre("3/6 4/6", "far 1 2 UNSPECIFIED"));
  EXPECT_EQ(Said(CompareTwo("r", "s", "after_event: 1")), "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1, "areas/310000")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "e")), "OK");
  EXPECT_EQ(Said(CompareTwo("r", "e")), "FAILED_PRECONDITION ROUND_NOT_OF_VISITS");
}

// A what-if says what a round would come to that is solved from the changed rows.
TEST_P(VisitQuestionsTest, AWhatIfIsTheRoundThatWouldBe) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    RandomVisits random(seed);
    matching_v1::Snapshot rows = random.Rows();
    const std::string was = absl::StrCat("was", seed), is = absl::StrCat("is", seed);
    ASSERT_EQ(CreateOfVisits(was, ""), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), was, &rows)), "OK");
    matching_v1::WhatIfVisitsRequest request;
    request.set_name("rounds/" + was);
    for (int i = 0; i < 3; ++i) {
      *request.add_changes() = random.Next(rows);
      rows = RowsAfter(std::move(rows), request.changes(i));
    }
    const auto told = reader().Call<WhatIfResponse>("matching.v1.VisitComparisonService/WhatIfVisits", request);
    ASSERT_EQ(Said(told), "OK") << request.DebugString();
    ASSERT_EQ(CreateOfVisits(is, ""), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), is, &rows)), "OK");
    auto compared = CompareTwo(was, is, "page_size: 1000");
    ASSERT_EQ(Said(compared), "OK");
    const auto liked = told->difference();
    EXPECT_LE(liked.better_count() + liked.worse_count(), told->supplies_size());
    compared->mutable_difference()->set_better_count(liked.better_count());
    compared->mutable_difference()->set_worse_count(liked.worse_count());
    EXPECT_EQ(compared->difference().DebugString(), liked.DebugString()) << request.DebugString();
    ASSERT_EQ(compared->half_days_size(), told->half_days_size());
    for (int i = 0; i < told->half_days_size(); ++i) {
      EXPECT_EQ(compared->half_days(i).DebugString(), told->half_days(i).DebugString());
    }
    // Nothing is otherwise where nothing is changed.
    request.clear_changes();
    request.add_changes()->mutable_change_supply()->set_supply("visitSupplies/s0");
    const auto same = reader().Call<WhatIfResponse>("matching.v1.VisitComparisonService/WhatIfVisits", request);
    ASSERT_EQ(Said(same), "OK");
    EXPECT_THAT(same->half_days(), IsEmpty());
    EXPECT_THAT(same->supplies(), IsEmpty());
    EXPECT_EQ(same->difference().lost_count() + same->difference().gained_count(), 0);
    EXPECT_EQ(same->difference().before().DebugString(), same->difference().after().DebugString());
  }
}

}  // namespace
}  // namespace tsunagu::wire
