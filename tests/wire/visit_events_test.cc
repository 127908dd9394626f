// Events of rounds of visits: each is a full run on the present rows, and what contracts hold stays.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/visit_round_test_base.h"
#include "tests/wire/visit_rows.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::wire {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Lt;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Outcomes = std::map<std::string, int>;

class VisitEventsTest : public VisitRoundTestBase {
 protected:
  using ApplyResponse = matching_v1::ApplyVisitEventsResponse;
  using Verified = matching_v1::VerifyVisitEventsResponse;

  void SetUp() override {
    VisitRoundTestBase::SetUp();
    if (IsSkipped()) return;
    SetRole("reader", {"rounds.read"}, "matching");
    SetRole("solver", {"rounds.read", "rounds.solve"}, "matching");
  }
  // near goes where it is, on two days; far wishes for the other facility, and has one nurse on Mondays.
  void SolveTwo() {
    ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]", 5'000)), "OK");
    ASSERT_EQ(Said(Supply("far", "school_half_days: HALF_DAY_MON_AM wishes: 'facilities/minami'")), "OK");
    Solve("r");
  }
  absl::StatusOr<ApplyResponse> Apply(const Caller& caller, const std::string& id, const std::string& fields) {
    return Ask<ApplyResponse, matching_v1::ApplyVisitEventsRequest>(caller, "VisitEventService/ApplyVisitEvents",
                                                                    absl::StrCat("name: 'rounds/", id, "' ", fields));
  }
  absl::StatusOr<ApplyResponse> Apply(const std::string& id, const std::string& fields) {
    return Apply(reader(), id, fields);
  }
  absl::StatusOr<matching_v1::ListVisitEventsResponse> List(const Caller& caller, const std::string& id,
                                                            const std::string& fields = "") {
    return Ask<matching_v1::ListVisitEventsResponse, matching_v1::ListVisitEventsRequest>(
        caller, "VisitEventService/ListVisitEvents", absl::StrCat("parent: 'rounds/", id, "' ", fields));
  }
  // "2 sound", or what is wrong.
  std::string Judged(const std::string& id, const std::string& fields = "") {
    const auto told = Ask<Verified, matching_v1::VerifyVisitEventsRequest>(
        admin(), "VisitEventService/VerifyVisitEvents", absl::StrCat("name: 'rounds/", id, "' ", fields));
    if (!told.ok()) return Said(told);
    std::string text = absl::StrCat(told->after_event(), told->sound() ? " sound" : "");
    for (const auto& finding : told->findings()) absl::StrAppend(&text, " ", finding.kind());
    return text;
  }
};
WIRE_TEST_ON_BOTH(VisitEventsTest);

constexpr char kNurseMore[] =
    "changes { change_supply { supply: 'visitSupplies/far' half_days { half_day: HALF_DAY_MON_AM visits: 1 } } } ";
constexpr char kNearQuits[] = "changes { remove_supply { supply: 'visitSupplies/near' } } ";
// At the door of the other facility, which takes it before far.
constexpr char kComes[] =
    "changes { add_supply { supply: 'visitSupplies/new' row { name: 'visitSupplies/new' kind: SUPPLIER_POOL "
    "latitude_e6: 35590000 longitude_e6: 134230000 reach_metres: 1000 licence: LICENCE_NURSE skills: SKILL_SUCTION "
    "wishes: 'facilities/minami' given { half_day: HALF_DAY_MON_AM visit_count: 2 } school_visit_count: 5 "
    "all_visit_count: 9 } } } ";

TEST_P(VisitEventsTest, AnEventIsTheFullRunOverWhatIsThereThen) {
  SolveTwo();
  const std::vector<std::string> at_first = Rows("r");
  const auto applied = Apply("r", absl::StrCat(kNurseMore, kNearQuits));
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_EQ(applied->round().event_count(), 2);
  ASSERT_EQ(applied->events_size(), 2);
  const auto& more = applied->events(0);
  EXPECT_EQ(more.guarantee(), matching_v1::GUARANTEE_EQUAL_TO_FULL_RUN);
  EXPECT_EQ(more.difference().before().covered_count(), 3);
  EXPECT_EQ(more.difference().after().covered_count(), 4);
  EXPECT_EQ(more.half_days_size(), 1);
  EXPECT_EQ(more.moved_count(), 0);
  EXPECT_EQ(applied->events(1).difference().lost_count(), 2);
  EXPECT_EQ(applied->events(1).moved_count(), 0) << "they are of whom it is about";
  EXPECT_THAT(Rows("r"), ElementsAre("a MON_AM short 1 SUPPLY_USED_UP", "a WED_AM short 1 NOBODY_ELIGIBLE",
                                     "b MON_AM far 2", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  EXPECT_EQ(Rows("r", 1000, 0), at_first) << "the result stays as it is";
  EXPECT_EQ(Rows("r", 1, 1), Rows("r", 1000, 1));
  EXPECT_THAT(Rows("r", 1000, 3), ElementsAre("INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND"));
  EXPECT_TRUE(Verify(admin(), "r")->stable());
  EXPECT_EQ(Judged("r"), "2 sound");
  EXPECT_EQ(Judged("r", "after_event: 1"), "1 sound");
  EXPECT_EQ(Judged("r", "after_event: 0"), "0 sound");
  const auto told = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
      admin(), "VisitRoundService/ExplainVisit", "name: 'rounds/r' opening: 'openings/a' half_day: HALF_DAY_MON_AM");
  EXPECT_EQ(told->after_event(), 2);
  EXPECT_EQ(told->supplies_size(), 1);
}

TEST_P(VisitEventsTest, WhatIsTriedIsNotKept) {
  SolveTwo();
  const std::vector<std::string> at_first = Rows("r");
  const auto tried = Apply("r", absl::StrCat(kNearQuits, "validate_only: true"));
  ASSERT_EQ(Said(tried), "OK");
  EXPECT_EQ(tried->events(0).difference().after().covered_count(), 1);
  EXPECT_EQ(Rows("r"), at_first);
  // The same request again is the same event.
  const auto once = Apply("r", absl::StrCat(kNearQuits, "request_id: 'x'"));
  ASSERT_EQ(Said(once), "OK");
  EXPECT_EQ(Apply("r", absl::StrCat(kNearQuits, "request_id: 'x'"))->DebugString(), once->DebugString());
  EXPECT_EQ(Said(Apply("r", absl::StrCat(kNurseMore, "etag: '1'"))), "ABORTED ETAG_MISMATCH");
  EXPECT_THAT(List(admin(), "r")->events(), SizeIs(1));
  // It is not worked out again: what that would take is gone.
  Execute(matching(), "DELETE FROM `round_parts` WHERE `kind` <> 'events'");
  EXPECT_EQ(Said(Apply("r", absl::StrCat(kNearQuits, "request_id: 'x'"))), "OK");
  EXPECT_THAT(Said(Apply("r", absl::StrCat(kNurseMore, "request_id: 'y'"))), StartsWith("DATA_LOSS"));
}

TEST_P(VisitEventsTest, ABudgetCountsWhatOthersLose) {
  SolveTwo();
  ASSERT_EQ(
      Said(Apply("r", "changes { change_half_day { opening: 'openings/b' half_day: HALF_DAY_MON_AM posts: -1 } }")),
      "OK");
  EXPECT_EQ(Said(Apply("r", absl::StrCat(kComes, "most_moved: 0"))),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0]:VISIT_BUDGET_EXCEEDED");
  EXPECT_THAT(List(admin(), "r")->events(), SizeIs(1));
  const auto applied = Apply("r", absl::StrCat(kComes, "most_moved: 2"));
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_GE(applied->events(0).moved_count(), 1) << "far goes to the other facility, where near may have to go";
  EXPECT_EQ(Judged("r"), "2 sound");
  // What it wishes is told to those who may read the rows.
  EXPECT_THAT(List(reader(), "r")->events(1).change().add_supply().row().wishes(), ElementsAre("facilities/minami"));
  EXPECT_THAT(List(admin(), "r")->events(1).change().add_supply().row().wishes(), IsEmpty());
  const auto page = List(admin(), "r", "page_size: 1");
  ASSERT_THAT(page->events(), SizeIs(1));
  EXPECT_EQ(List(admin(), "r", absl::StrCat("page_token: '", page->next_page_token(), "'"))->events(0).number(), 2);
}

TEST_P(VisitEventsTest, WhatContractsHoldStays) {
  SolveTwo();
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  const Opened opened = Open("r");
  ASSERT_THAT(opened.contracts, SizeIs(2));
  const std::string of_near = opened.contracts.at("a near"), of_far = opened.contracts.at("b far");
  EXPECT_EQ(Said(Apply("r", kNearQuits)), "INVALID_ARGUMENT INVALID_REQUEST changes[0]:VISITS_HELD_BY_CONTRACTS");
  EXPECT_EQ(Said(Apply("r", "changes { remove_opening { opening: 'openings/a' } }")),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0]:VISITS_HELD_BY_CONTRACTS");
  // far's visit is held, and what comes takes what is left of that half-day.
  ASSERT_EQ(Said(Supply("late", kMonday)), "OK");
  const auto came = Apply("r", "changes { add_supply { supply: 'visitSupplies/late' } } most_moved: 0");
  ASSERT_EQ(Said(came), "OK");
  EXPECT_EQ(came->events(0).held_size(), 2);
  EXPECT_EQ(came->events(0).difference().before().covered_count(), 3);
  EXPECT_EQ(came->events(0).difference().after().covered_count(), 4);
  EXPECT_THAT(Rows("r"), ElementsAre("b MON_AM late 1", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  EXPECT_EQ(Judged("r"), "1 sound");
  const Opened again = Open("r");
  ASSERT_THAT(again.contracts, SizeIs(3)) << "what was proposed, and what the event has added";
  EXPECT_EQ(again.contracts.at("a near"), of_near);
  EXPECT_EQ(again.contracts.at("b far"), of_far);
  EXPECT_NE(again.contracts.at("b late"), "");
  EXPECT_EQ(Open("r").contracts, again.contracts) << "once";
  // One that is declined holds nothing any more, and what it says is not proposed again.
  ASSERT_EQ(Decline(of_near), "OK");
  const auto fewer = Apply("r",
                           "changes { change_half_day { opening: 'openings/b' half_day: HALF_DAY_MON_AM holidays: true "
                           "posts: -1 } }");
  ASSERT_EQ(Said(fewer), "OK");
  ASSERT_THAT(fewer->events(0).held(), SizeIs(1))
      << "of the two that are held the one that the event before did not know";
  EXPECT_EQ(fewer->events(0).held(0).supply(), "visitSupplies/late");
  ASSERT_THAT(fewer->events(0).declined(), SizeIs(1));
  EXPECT_EQ(fewer->events(0).declined(0).visit_contract(), of_near);
  EXPECT_THAT(Rows("r"),
              ElementsAre("a MON_AM near 1", "a WED_AM near 1", "b MON_AM holidays short 1 NOBODY_ELIGIBLE"));
  EXPECT_EQ(Open("r").contracts, again.contracts) << "nothing is proposed again";
  ASSERT_EQ(Said(Apply("r", kNearQuits)), "OK");
  EXPECT_EQ(Accept(of_far), "OK");
  EXPECT_THAT(Rows("r"), ElementsAre("a MON_AM short 1 NOBODY_ELIGIBLE", "a WED_AM short 1 NOBODY_ELIGIBLE",
                                     "b MON_AM holidays short 1 NOBODY_ELIGIBLE"));
  EXPECT_EQ(Judged("r"), "3 sound");
}

TEST_P(VisitEventsTest, AContractThatIsOverHoldsNothing) {
  SolveTwo();
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  const std::string of_near = Open("r").contracts.at("a near");
  ASSERT_EQ(Accept(of_near), "OK");
  ASSERT_EQ(Said(Apply("r", kNurseMore)), "OK");
  EXPECT_THAT(Rows("r"), Not(Contains("a MON_AM near 1"))) << "it is held";
  ASSERT_EQ(Said(Ask<VisitContract, matching_v1::EndVisitContractRequest>(
                admin(), "VisitContractService/EndVisitContract",
                absl::StrCat("name: '", of_near, "' end_date { year: 2050 month: 4 day: 3 }"))),
            "OK");
  clock().Advance(absl::Hours(24));
  const auto applied = Apply("r", kNurseMore);
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_THAT(applied->events(0).over(), ElementsAre(of_near));
  EXPECT_THAT(applied->events(0).held(), IsEmpty()) << "what far holds is known";
  EXPECT_THAT(Rows("r"), Contains("a MON_AM near 1"));
  EXPECT_EQ(Judged("r"), "2 sound");
  EXPECT_EQ(Judged("r", "after_event: 1"), "1 sound");
}

// Each change brings a supply with 20 KB of wishes: together they fill a request, and their events do not fit into an
// answer.
TEST_P(VisitEventsTest, ARequestAsLargeAsThereIs) {
  SolveTwo();
  matching_v1::ApplyVisitEventsRequest request;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kComes, &request));
  request.set_name("rounds/r");
  const matching_v1::VisitChange comes = request.changes(0);
  request.clear_changes();
  for (int i = 0; i < 100; ++i) {
    auto& add = *(*request.add_changes() = comes).mutable_add_supply();
    add.set_supply(absl::StrCat("visitSupplies/n", i));
    add.mutable_row()->set_name(add.supply());
    add.mutable_row()->clear_wishes();
    for (int facility = 0; facility < 100; ++facility) {  // ids have 64 characters at most
      add.mutable_row()->add_wishes(absl::StrCat("facilities/", std::string(62, 'f'), facility));
      add.mutable_row()->add_unwanted_facilities(absl::StrCat("facilities/", std::string(62, 'u'), facility));
    }
  }
  const auto apply = [&] {
    return reader().Call<ApplyResponse>("matching.v1.VisitEventService/ApplyVisitEvents", request);
  };
  const auto applied = apply();
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_EQ(applied->round().event_count(), 100);
  EXPECT_THAT(applied->events(), SizeIs(AllOf(Ge(1), Lt(100)))) << "the first of them";
  int listed = 0;
  for (std::string token = "page_size: 1000"; !token.empty();) {
    const auto page = List(reader(), "r", token);
    ASSERT_EQ(Said(page), "OK");
    for (const auto& event : page->events()) EXPECT_EQ(event.number(), ++listed);
    token = page->next_page_token().empty() ? "" : absl::StrCat("page_token: '", page->next_page_token(), "'");
  }
  EXPECT_EQ(listed, 100);
  EXPECT_EQ(Judged("r"), "100 sound");
  *request.add_changes() = comes;
  EXPECT_EQ(Said(apply()), "INVALID_ARGUMENT INVALID_REQUEST changes:TOO_MANY_ITEMS");
}

// 1,001 supplies and 2,000 half-days: 2,002,000 pairs, of which 200 million are 99.
TEST_P(VisitEventsTest, ALargeRoundTakesFewerChangesAtOnce) {
  RandomVisits random(1);
  matching_v1::Snapshot rows = random.Rows();
  const auto opening = rows.openings(0);
  const auto supply = rows.supplies(0);
  rows.Clear();
  for (int i = 0; i < 1'000; ++i) (*rows.add_openings() = opening).set_name(absl::StrCat("openings/o", i));
  for (int i = 0; i < 1'001; ++i) (*rows.add_supplies() = supply).set_name(absl::StrCat("visitSupplies/s", i));
  ASSERT_EQ(CreateOfVisits("r", ""), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r", &rows)), "OK");
  matching_v1::ApplyVisitEventsRequest request;
  request.set_name("rounds/r");
  for (int i = 0; i < 100; ++i) *request.add_changes() = random.Next(rows);
  const auto apply = [&] {
    return reader().Call<ApplyResponse>("matching.v1.VisitEventService/ApplyVisitEvents", request);
  };
  const auto refused = apply();
  EXPECT_EQ(Said(refused), "INVALID_ARGUMENT INVALID_REQUEST changes:VISIT_CHANGES_TOO_MANY");
  request.mutable_changes()->DeleteSubrange(2, 98);
  EXPECT_EQ(Said(apply()), "OK");
}

TEST_P(VisitEventsTest, WhatIsNoEventIsRefused) {
  SolveTwo();
  EXPECT_EQ(Said(Apply("r",
                       "changes { change_cap { place: 'areas/310000' limit: 1 } } changes { remove_supply { supply: "
                       "'visitSupplies/x' } }")),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].change_cap:CAP_IS_NO_EVENT "
            "changes[1].remove_supply.supply:NOT_IN_ROUND");
  EXPECT_EQ(Said(Apply(admin(), "r", kNurseMore)), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_EQ(Said(Apply(CallerWith("solver", {"solver@*"}, "matching").For("tests"), "r", kNurseMore)),
            "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Ask<matching_v1::ApplyEventsResponse, matching_v1::ApplyEventsRequest>(
                admin(), "RoundEventService/ApplyEvents", "name: 'rounds/r' changes { start_over {} }")),
            "FAILED_PRECONDITION ROUND_OF_VISITS");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1, "areas/310000")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "e")), "OK");
  EXPECT_EQ(Said(Apply("e", kNurseMore)), "FAILED_PRECONDITION ROUND_NOT_OF_VISITS");
  Solve("c", "objective: OBJECTIVE_COVERAGE");
  EXPECT_EQ(Said(Apply("c", kNurseMore)), "FAILED_PRECONDITION EVENTS_NOT_OF_OBJECTIVE");
  EXPECT_EQ(Judged("c"), "0 sound");
  for (const char* id : {"r", "later"}) {
    if (std::string(id) == "later") Solve(id);
    ASSERT_EQ(Said(PublishRound(admin(), id)), "OK");
  }
  EXPECT_EQ(Said(Apply("r", kNurseMore)), "FAILED_PRECONDITION ROUND_SUPERSEDED");
}

TEST_P(VisitEventsTest, EightWhoApplyAtOnceMakeOneLog) {
  SolveTwo();
  EXPECT_EQ(EightAtOnce([&](int) { return Said(Apply("r", kNurseMore)); }), (Outcomes{{"OK", 8}}));
  const auto listed = List(admin(), "r");
  ASSERT_THAT(listed->events(), SizeIs(8));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(listed->events(i).number(), i + 1);
  EXPECT_EQ(Judged("r"), "8 sound");
}

TEST_P(VisitEventsTest, ALogThatWasChangedIsFound) {
  SolveTwo();
  ASSERT_EQ(Said(Apply("r", absl::StrCat(kNurseMore, kNearQuits))), "OK");
  Execute(matching(), "DELETE FROM `round_parts` WHERE `kind` = 'events' AND `part` = 2");
  EXPECT_EQ(Judged("r"), "2 DIGEST_DIFFERS");
  EXPECT_EQ(Judged("r", "after_event: 1"), "1 sound");
  EXPECT_EQ(Said(Apply("r", kNurseMore)), "DATA_LOSS EVENT_LOG_DAMAGED");
}

// After each event of a random log the round is the one that is solved from the changed rows: in its own words, from
// the rows that it gives away, and from rows that the test has changed itself.
TEST_P(VisitEventsTest, ARandomLogIsTheFullRunOfItsRows) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    RandomVisits random(seed + 100);
    matching_v1::Snapshot rows = random.Rows();
    const std::string id = absl::StrCat("r", seed);
    ASSERT_EQ(CreateOfVisits(id, ""), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), id, &rows)), "OK");
    for (int event = 1; event <= 5; ++event) {
      matching_v1::ApplyVisitEventsRequest request;
      request.set_name("rounds/" + id);
      *request.add_changes() = random.Next(rows);
      rows = RowsAfter(std::move(rows), request.changes(0));
      const auto applied = reader().Call<ApplyResponse>("matching.v1.VisitEventService/ApplyVisitEvents", request);
      ASSERT_EQ(Said(applied), "OK") << request.DebugString();
      int parts = 0;
      auto given = ReadSnapshot(admin(), id, parts);
      ASSERT_EQ(Said(given), "OK");
      const std::string own = absl::StrCat("own", seed, "-", event), same = absl::StrCat("same", seed, "-", event);
      ASSERT_EQ(CreateOfVisits(own, ""), "OK");
      ASSERT_EQ(Said(SolveRound(admin(), own, &rows)), "OK");
      EXPECT_EQ(Rows(id, 1000, event), Rows(own));
      ASSERT_EQ(CreateOfVisits(same, ""), "OK");
      const auto solved = SolveRound(admin(), same, &*given);
      ASSERT_EQ(Said(solved), "OK");
      EXPECT_EQ(solved->result_digest(), applied->events(0).result_digest());
      EXPECT_EQ(Judged(id), absl::StrCat(event, " sound"));
    }
    EXPECT_EQ(Judged(id, "after_event: 2"), "2 sound");
  }
}

}  // namespace
}  // namespace tsunagu::wire
