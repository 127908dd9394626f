// Events after a round was solved: its matching is kept up to date, each event states its guarantee, and the log proves
// it.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/verify.h"
#include "services/matching/snapshot/snapshot.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::RoundChange;
using matching_v1::RoundEvent;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;
using Seats = std::map<std::string, std::string>;

class RoundEventsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    SetRole("reader", {"rounds.read"}, "matching");
    SetRole("solver", {"rounds.read", "rounds.solve"}, "matching");
  }

  using Caps = std::vector<std::pair<std::string, int>>;
  void Solve(const std::string& id, const matching_v1::Snapshot& snapshot, const Caps& caps = {}) {
    matching_v1::CreateRoundRequest request;
    request.set_round_id(id);
    request.mutable_round()->set_display_name("試験");
    request.mutable_round()->set_seed(7);
    for (const auto& [place, limit] : caps) {
      auto& cap = *request.mutable_round()->add_caps();
      cap.set_place(place);
      cap.set_limit(limit);
    }
    ASSERT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request)), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), id, &snapshot)), "OK");
  }
  // Three openings with one post each, and four nurses whom no opening tells apart but by lot, and who would all rather
  // have a than b than c: the one with the first lot has a, and so on. names_ in the order of their lots.
  void SolveChain(const std::string& id = "r1") {
    matching_v1::Snapshot snapshot = ASnapshot(4);
    snapshot.mutable_openings()->DeleteSubrange(3, 1);
    for (auto& opening : *snapshot.mutable_openings()) {
      opening.set_posts(1);
      opening.clear_required_skills();
    }
    for (auto& nurse : *snapshot.mutable_nurses()) {
      nurse.clear_skills();
      nurse.clear_wishes();
      for (const char* wish : {"facilities/a", "facilities/b", "facilities/c"}) nurse.add_wishes(wish);
      nurse.set_home_mesh("53341188");
    }
    Solve(id, snapshot);
    names_.assign(4, "");
    for (const auto& [nurse, opening] : SeatsOf(id)) names_[opening.empty() ? 3 : opening.back() - 'a'] = nurse;
    chain_ = snapshot;
  }

  static RoundChange AChange(const std::string& fields) {
    RoundChange change;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &change)) << fields;
    return change;
  }
  static RoundChange Quits(const std::string& nurse, const std::string& more = "") {
    return AChange(absl::StrCat("nurse_quits { nurse: '", nurse, "' } ", more));
  }
  static RoundChange Arrives(const std::string& nurse) {
    return AChange(absl::StrCat("nurse_arrives { nurse: '", nurse, "' }"));
  }
  static RoundChange Posts(const std::string& opening, int posts, const std::string& more = "") {
    return AChange(absl::StrCat("posts_change { opening: '", opening, "' posts: ", posts, " } ", more));
  }
  static absl::StatusOr<matching_v1::ApplyEventsResponse> Apply(const Caller& caller, const std::string& id,
                                                                const std::vector<RoundChange>& changes,
                                                                const std::string& request_id = "",
                                                                bool validate_only = false) {
    matching_v1::ApplyEventsRequest request;
    request.set_name("rounds/" + id);
    request.mutable_changes()->Assign(changes.begin(), changes.end());
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    return caller.Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", request);
  }
  static absl::StatusOr<matching_v1::ListRoundEventsResponse> Log(const Caller& caller, const std::string& id,
                                                                  int size = 1000, const std::string& token = "") {
    matching_v1::ListRoundEventsRequest request;
    request.set_parent("rounds/" + id);
    request.set_page_size(size);
    request.set_page_token(token);
    return caller.Call<matching_v1::ListRoundEventsResponse>("matching.v1.RoundEventService/ListRoundEvents", request);
  }
  static absl::StatusOr<matching_v1::ListSeatsResponse> ListSeats(const Caller& caller, const std::string& id,
                                                                  int after_event = -1, int size = 1000,
                                                                  const std::string& token = "") {
    matching_v1::ListSeatsRequest request;
    request.set_parent("rounds/" + id);
    request.set_page_size(size);
    request.set_page_token(token);
    if (after_event >= 0) request.set_after_event(after_event);
    return caller.Call<matching_v1::ListSeatsResponse>("matching.v1.RoundEventService/ListSeats", request);
  }
  Seats SeatsOf(const std::string& id, int after_event = -1) {
    const auto listed = ListSeats(admin(), id, after_event);
    EXPECT_EQ(Said(listed), "OK");
    Seats seats;
    if (listed.ok()) {
      for (const auto& row : listed->seats()) seats[row.nurse()] = row.opening();
    }
    return seats;
  }
  absl::StatusOr<matching_v1::VerifyEventsResponse> VerifyEvents(const std::string& id) {
    matching_v1::VerifyEventsRequest request;
    request.set_name("rounds/" + id);
    return admin().Call<matching_v1::VerifyEventsResponse>("matching.v1.RoundEventService/VerifyEvents", request);
  }
  // "3 sound stable", or what is wrong.
  std::string Verified(const std::string& id) {
    const auto verified = VerifyEvents(id);
    if (!verified.ok()) return Said(verified);
    std::string text =
        absl::StrCat(verified->event_count(), verified->sound() ? " sound" : "", verified->stable() ? " stable" : "");
    for (const auto& finding : verified->findings()) absl::StrAppend(&text, " ", finding.kind());
    return text;
  }
  // "0 a>- 1 b>a": who moved, by their lots.
  std::string Moves(const google::protobuf::RepeatedPtrField<matching_v1::NurseMove>& moves) {
    const auto id = [](const std::string& opening) { return opening.empty() ? "-" : opening.substr(9); };
    std::vector<std::string> words;
    for (const auto& move : moves) {
      const auto lot = std::find(names_.begin(), names_.end(), move.nurse()) - names_.begin();
      words.push_back(absl::StrCat(lot, " ", id(move.opening_before()), ">", id(move.opening_after())));
    }
    std::sort(words.begin(), words.end());
    return absl::StrJoin(words, ", ");
  }
  std::string Pairs(const RoundEvent& event) {
    std::vector<std::string> words;
    for (const auto& pair : event.pairs()) {
      const auto lot = std::find(names_.begin(), names_.end(), pair.nurse()) - names_.begin();
      words.push_back(absl::StrCat(lot, " ", pair.opening().substr(9)));
    }
    std::sort(words.begin(), words.end());
    return absl::StrJoin(words, ", ");
  }
  matching_v1::Round Get(const std::string& id) {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/" + id);
    return *admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request);
  }
  int64_t Logged() { return Count(matching(), "SELECT COUNT(*) FROM `access_log`"); }

  std::vector<std::string> names_;
  matching_v1::Snapshot chain_;
};
WIRE_TEST_ON_BOTH(RoundEventsTest);

TEST_P(RoundEventsTest, AFreePostGoesDownTheChain) {
  SolveChain();
  const auto applied = Apply(reader(), "r1", {Quits(names_[0])});
  ASSERT_EQ(Said(applied), "OK");
  ASSERT_EQ(applied->events_size(), 1);
  const RoundEvent& event = applied->events(0);
  EXPECT_EQ(Moves(event.moves()), "0 a>-, 1 b>a, 2 c>b, 3 ->c");
  EXPECT_EQ(event.guarantee(), matching_v1::GUARANTEE_STABLE_NOBODY_WORSE);
  EXPECT_EQ(event.moved_count(), 3) << "beside whom it is about";
  EXPECT_EQ(event.matched_count(), 3);
  EXPECT_EQ(event.number(), 1);
  EXPECT_EQ(event.applier(), "admin");
  EXPECT_EQ(event.apply_date().day(), 3);
  EXPECT_THAT(event.pairs(), IsEmpty());
  EXPECT_EQ(applied->round().event_count(), 1);
  EXPECT_EQ(applied->round().events_digest(), event.digest());
  EXPECT_EQ(SeatsOf("r1"), (Seats{{names_[1], "openings/a"}, {names_[2], "openings/b"}, {names_[3], "openings/c"}}));
  EXPECT_EQ(SeatsOf("r1", 0).size(), 4) << "as it was solved";
  EXPECT_EQ(Verified("r1"), "1 sound stable");
  EXPECT_EQ(ListAssignments(admin(), "r1")->assignments_size(), 4) << "the result stays as it is";
  EXPECT_TRUE(Verify(admin(), "r1")->stable());

  // She comes back, as she was: what a full run would make.
  const auto back = Apply(reader(), "r1", {Arrives(names_[0]), Posts("openings/c", 1), Posts("openings/a", -1)});
  ASSERT_EQ(Said(back), "OK");
  EXPECT_EQ(Moves(back->events(0).moves()), "0 ->a, 1 a>b, 2 b>c, 3 c>-");
  EXPECT_EQ(Moves(back->events(1).moves()), "3 ->c");
  EXPECT_EQ(Moves(back->events(2).moves()), "0 a>b, 1 b>c, 3 c>-");
  EXPECT_EQ(back->events(2).moved_count(), 2) << "hers is the post that closes";
  EXPECT_EQ(Verified("r1"), "4 sound stable");
}

TEST_P(RoundEventsTest, AHeldPostWaitsUntilItIsFilled) {
  SolveChain();
  const auto held = Apply(reader(), "r1", {Quits(names_[0], "mode: MODE_HOLD")});
  ASSERT_EQ(Said(held), "OK");
  EXPECT_EQ(held->events(0).guarantee(), matching_v1::GUARANTEE_PAIRS_REMAIN);
  EXPECT_EQ(Moves(held->events(0).moves()), "0 a>-, 3 ->a") << "she has nothing, and nobody moves for it";
  EXPECT_EQ(Pairs(held->events(0)), "1 a, 2 a");
  EXPECT_EQ(held->events(0).pair_count(), 2);
  EXPECT_EQ(Moves(held->events(0).would_move()), "0 a>-, 1 b>a, 2 c>b, 3 ->c");
  EXPECT_EQ(Verified("r1"), "1 sound") << "it says that pairs are left";
  const auto over = Apply(reader(), "r1", {AChange("start_over {} most_moved: 2")});
  EXPECT_EQ(Said(over), "INVALID_ARGUMENT INVALID_REQUEST changes[0].most_moved:EVENT_BUDGET_EXCEEDED");
  const auto anew = Apply(reader(), "r1", {AChange("start_over {}")});
  EXPECT_EQ(Moves(anew->events(0).moves()), "1 b>a, 2 c>b, 3 a>c");
  EXPECT_EQ(anew->events(0).guarantee(), matching_v1::GUARANTEE_EQUAL_TO_FULL_RUN);
  EXPECT_EQ(Verified("r1"), "2 sound stable");

  SolveChain("r2");
  const auto close = Posts("openings/c", -1), open = Posts("openings/a", 1, "mode: MODE_HOLD");
  ASSERT_EQ(Said(Apply(reader(), "r2", {Quits(names_[3]), open})), "OK");
  const auto filled =
      Apply(reader(), "r2",
            {AChange("fill_opening { opening: 'openings/a' }"), AChange("fill_opening { opening: 'openings/b' }")});
  ASSERT_EQ(Said(filled), "OK");
  EXPECT_EQ(Moves(filled->events(0).moves()), "1 b>a, 2 c>b");
  EXPECT_EQ(filled->events(0).guarantee(), matching_v1::GUARANTEE_STABLE) << "nobody waits any more";
  EXPECT_EQ(Moves(filled->events(1).moves()), "");
  EXPECT_EQ(Verified("r2"), "4 sound stable");
}

TEST_P(RoundEventsTest, ABudgetRefusesOrStops) {
  SolveChain();
  const auto refused = Apply(reader(), "r1", {Quits(names_[0], "most_moved: 2")});
  EXPECT_EQ(Said(refused), "INVALID_ARGUMENT INVALID_REQUEST changes[0].most_moved:EVENT_BUDGET_EXCEEDED");
  EXPECT_EQ(Text(FaultOf(refused.status()).faults(0), Language::kEnglish),
            "3 nurses would have to move, more than the 2 that may. Raise most_moved, or use OVER_BUDGET_STOP.");
  EXPECT_EQ(Verified("r1"), "0 sound stable") << "nothing is done";
  EXPECT_EQ(Said(Apply(reader(), "r1", {Quits(names_[0], "most_moved: 3")}, "", true)), "OK");
  EXPECT_EQ(Get("r1").event_count(), 0) << "it was only checked";
  const auto stopped = Apply(reader(), "r1", {Quits(names_[0], "most_moved: 1 over_budget: OVER_BUDGET_STOP")});
  ASSERT_EQ(Said(stopped), "OK");
  EXPECT_EQ(Moves(stopped->events(0).moves()), "0 a>-, 1 b>a");
  EXPECT_EQ(Pairs(stopped->events(0)), "2 b, 3 b");
  EXPECT_EQ(Moves(stopped->events(0).would_move()), "0 a>-, 1 b>a, 2 c>b, 3 ->c");
  EXPECT_EQ(Verified("r1"), "1 sound");
}

TEST_P(RoundEventsTest, NewRowsAndLostLicences) {
  SolveChain();
  RoundChange opens, comes;
  *opens.mutable_opening_arrives()->mutable_row() = chain_.openings(0);
  opens.mutable_opening_arrives()->set_opening("openings/z");
  opens.mutable_opening_arrives()->mutable_row()->set_name("openings/z");
  comes.mutable_nurse_arrives()->set_nurse("nurses/new");
  *comes.mutable_nurse_arrives()->mutable_row() = chain_.nurses(0);
  comes.mutable_nurse_arrives()->mutable_row()->set_name("nurses/new");
  names_.push_back("nurses/new");
  const auto applied = Apply(reader(), "r1", {opens, comes, AChange("licence_expires { nurse: '" + names_[0] + "' }")});
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_EQ(applied->events(0).guarantee(), matching_v1::GUARANTEE_STABLE_NOBODY_WORSE);
  EXPECT_EQ(Moves(applied->events(0).moves()), "1 b>z, 2 c>b, 3 ->c") << "of a wished facility";
  EXPECT_EQ(applied->events(1).guarantee(), matching_v1::GUARANTEE_STABLE) << "never more, once a post was filled so";
  EXPECT_EQ(SeatsOf("r1").size(), 5);
  EXPECT_EQ(SeatsOf("r1").at(names_[0]), "") << "no opening takes her, and she is still there";
  EXPECT_EQ(Verified("r1"), "3 sound stable");

  // A 助産師 counts as 看護師 where the employer does not say otherwise.
  matching_v1::Snapshot snapshot = chain_;
  snapshot.mutable_openings(0)->add_licences(registry_v1::LICENCE_MIDWIFE);
  snapshot.mutable_openings(1)->add_licences(registry_v1::LICENCE_NURSE);
  for (auto& nurse : *snapshot.mutable_nurses()) nurse.set_licence(registry_v1::LICENCE_MIDWIFE);
  Solve("r2", snapshot);
  std::string at_a;
  for (const auto& [nurse, opening] : SeatsOf("r2")) at_a = opening == "openings/a" ? nurse : at_a;
  const std::string expires = "licence_expires { nurse: '" + at_a + "' remaining_licence: ";
  EXPECT_EQ(Said(Apply(reader(), "r2", {AChange(expires + "LICENCE_MIDWIFE }")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].licence_expires.nurse:LICENCE_LOST_ALREADY");
  const auto lost = Apply(reader(), "r2", {AChange(expires + "LICENCE_NURSE }")});
  ASSERT_EQ(Said(lost), "OK");
  EXPECT_EQ(SeatsOf("r2").at(at_a), "openings/b");
  EXPECT_EQ(Verified("r2"), "1 sound stable");
  snapshot.mutable_openings(1)->set_named_licences_only(true);
  Solve("r3", snapshot);
  EXPECT_EQ(Said(Apply(reader(), "r3", {AChange(expires + "LICENCE_NURSE }")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].licence_expires.remaining_licence:LICENCE_OPENS_MORE");
}

// An event that nothing follows from promises what was true before it, and no more.
TEST_P(RoundEventsTest, ALicenceThatClosesNothingPromisesWhatWasTrueBefore) {
  const auto expires = [this] {
    return AChange("licence_expires { nurse: '" + names_[1] + "' remaining_licence: LICENCE_ASSISTANT_NURSE }");
  };
  SolveChain("chained");
  const auto chained = Apply(reader(), "chained", {Quits(names_[0]), expires()});
  ASSERT_EQ(Said(chained), "OK");
  EXPECT_EQ(chained->events(0).guarantee(), matching_v1::GUARANTEE_STABLE_NOBODY_WORSE);
  EXPECT_EQ(chained->events(1).guarantee(), matching_v1::GUARANTEE_STABLE);
  EXPECT_EQ(chained->events(1).moves_size(), 0);
  EXPECT_EQ(Verified("chained"), "2 sound stable");

  SolveChain("held");
  const auto held = Apply(reader(), "held", {Quits(names_[0], "mode: MODE_HOLD"), expires()});
  ASSERT_EQ(Said(held), "OK");
  EXPECT_EQ(held->events(1).guarantee(), matching_v1::GUARANTEE_PAIRS_REMAIN);
  EXPECT_GT(held->events(1).pair_count(), 0);
  EXPECT_EQ(held->events(1).pair_count(), held->events(0).pair_count());
  EXPECT_EQ(Verified("held"), "2 sound");

  SolveChain("untouched");
  const auto untouched = Apply(reader(), "untouched", {expires()});
  ASSERT_EQ(Said(untouched), "OK");
  EXPECT_EQ(untouched->events(0).guarantee(), matching_v1::GUARANTEE_EQUAL_TO_FULL_RUN);
}

TEST_P(RoundEventsTest, WhoIsNewComesFromTheRegistry) {
  SolveChain();
  CreateAreas();
  registry_v1::Facility facility = AFacility("きた", "areas/312011");
  facility.set_latitude_e6(35'495'000);
  facility.set_longitude_e6(134'231'000);
  Create("kita", facility);
  const auto open = [&](const std::string& id, const std::string& fields) {
    matching_v1::CreateOpeningRequest opening;
    opening.set_opening_id(id);
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, opening.mutable_opening()));
    opening.mutable_opening()->set_facility("facilities/kita");
    EXPECT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", opening)), "OK");
  };
  open("new", "posts: 1 weekly_minutes: 60");
  open("visit", "posts: 1 weekly_minutes: 60 kind: OPENING_KIND_VISIT school_half_days: HALF_DAY_MON_AM");
  registry_v1::Nurse nurse = ANurse("見本 はな", "areas/312011");
  nurse.set_seeking(true);
  const std::string seeks = Create(nurse).name();
  nurse.set_seeking(false);
  const std::string rests = Create(nurse).name();
  const auto opening = [&](const std::string& name) { return AChange("opening_arrives { opening: '" + name + "' }"); };
  EXPECT_EQ(Said(Apply(reader(), "r1", {opening("openings/visit"), Arrives(seeks), opening("openings/new")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].opening_arrives.opening:ROW_LEFT_OUT");
  EXPECT_EQ(Said(Apply(reader(), "r1", {opening("openings/x"), Arrives(rests), Arrives("nurses/x")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].opening_arrives.opening:NOT_IN_ROUND "
            "changes[1].nurse_arrives.nurse:NOT_IN_ROUND changes[2].nurse_arrives.nurse:NOT_IN_ROUND");
  ASSERT_EQ(Said(Apply(reader(), "r1", {Posts("openings/a", -1), Posts("openings/b", -1), Posts("openings/c", -1)})),
            "OK");
  const auto applied = Apply(reader(), "r1", {Arrives(seeks), opening("openings/new")}, "new");
  ASSERT_EQ(Said(applied), "OK");
  EXPECT_EQ(applied->events(0).change().nurse_arrives().row().etag(), "1") << "as the registry has her";
  EXPECT_EQ(applied->events(1).change().opening_arrives().row().area(), "areas/312011");
  EXPECT_EQ(applied->events(1).matched_count(), 1);
  EXPECT_EQ(Verified("r1"), "5 sound stable");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Arrives(seeks), opening("openings/new")}, "new")), "OK") << "that was before";
  EXPECT_EQ(Said(Apply(reader(), "r1", {Arrives(seeks), opening("openings/new")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].nurse_arrives.nurse:NURSE_THERE_ALREADY "
            "changes[1].opening_arrives.opening:OPENING_THERE_ALREADY");
}

TEST_P(RoundEventsTest, RefusesWhatCannotHappenAllAtOnce) {
  SolveChain();
  RoundChange again = Arrives(names_[1]), row, opens, other;
  *row.mutable_nurse_arrives() = again.nurse_arrives();
  *row.mutable_nurse_arrives()->mutable_row() = chain_.nurses(0);
  opens.mutable_opening_arrives()->set_opening("openings/a");
  other.mutable_nurse_arrives()->set_nurse("nurses/x");
  *other.mutable_nurse_arrives()->mutable_row() = chain_.nurses(0);
  EXPECT_EQ(Said(Apply(reader(), "r1",
                       {Quits("nurses/x"), Quits(names_[0]), Quits(names_[0]), again, Posts("openings/x", 1),
                        Posts("openings/a", -2), Posts("openings/a", 1000), opens, RoundChange(),
                        AChange("fill_opening { opening: 'openings/x' }")})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].nurse_quits.nurse:NOT_IN_ROUND "
            "changes[2].nurse_quits.nurse:NURSE_GONE_ALREADY changes[3].nurse_arrives.nurse:NURSE_THERE_ALREADY "
            "changes[4].posts_change.opening:NOT_IN_ROUND changes[5].posts_change.posts:EVENT_POSTS_OUT_OF_RANGE "
            "changes[6].posts_change.posts:EVENT_POSTS_OUT_OF_RANGE "
            "changes[7].opening_arrives.opening:OPENING_THERE_ALREADY changes[8].what:FIELD_REQUIRED "
            "changes[9].fill_opening.opening:NOT_IN_ROUND");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Quits(names_[1]), row, other})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[1].nurse_arrives.row:EVENT_ROW_UNWANTED "
            "changes[2].nurse_arrives.nurse:NOT_IN_ROUND");
  EXPECT_EQ(Said(Apply(reader(), "r1", {})), "INVALID_ARGUMENT INVALID_REQUEST changes:FIELD_REQUIRED");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Posts("openings/a", 2000)})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].posts_change.posts:OUT_OF_RANGE");
  EXPECT_EQ(Get("r1").event_count(), 0);
  EXPECT_EQ(Said(ListSeats(admin(), "r1", 1)), "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
  EXPECT_EQ(Said(Apply(reader(), "absent", {Posts("openings/a", 1)})), "NOT_FOUND ROUND_NOT_FOUND");
}

TEST_P(RoundEventsTest, OnlyOfARoundThatIsSolvedAndStandsForItself) {
  const std::vector<RoundChange> changes = {Posts("openings/a", 1)};
  const auto said = [&](const std::string& id) { return Said(Apply(reader(), id, changes)); };
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7, "areas/312011")), "OK");
  EXPECT_EQ(said("r1"), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  const matching_v1::Snapshot snapshot = ASnapshot(6);
  ASSERT_EQ(Said(FreezeRound(admin(), "r1", &snapshot)), "OK");
  EXPECT_EQ(said("r1"), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  ASSERT_EQ(Said(SolveRound(admin(), "r1")), "OK");
  EXPECT_EQ(said("r1"), "OK");
  ASSERT_EQ(Said(PublishRound(admin(), "r1")), "OK");
  EXPECT_EQ(said("r1"), "OK") << "that is what they are for";
  EXPECT_EQ(Get("r1").event_count(), 2);
  ASSERT_EQ(Said(CreateRound(admin(), "r2", 7, "areas/312011")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r2", &snapshot)), "OK");
  ASSERT_EQ(Said(PublishRound(admin(), "r2")), "OK");
  EXPECT_EQ(said("r1"), "FAILED_PRECONDITION ROUND_SUPERSEDED");
  EXPECT_EQ(Verified("r1"), "2 sound stable") << "and it stays to be read";
  Solve("r3", snapshot);
  ASSERT_EQ(Said(CancelRound(admin(), "r3")), "OK");
  EXPECT_EQ(said("r3"), "FAILED_PRECONDITION ROUND_CANCELLED");

  const auto with = [&](const std::string& id, const std::string& fields) {
    matching_v1::CreateRoundRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, request.mutable_round()));
    request.set_round_id(id);
    request.mutable_round()->set_display_name("試験");
    EXPECT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request)), "OK");
    EXPECT_EQ(Said(SolveRound(admin(), id, &snapshot)), "OK");
    return said(id);
  };
  EXPECT_EQ(with("r4", "objective: OBJECTIVE_COVERAGE"), "FAILED_PRECONDITION EVENTS_NOT_OF_OBJECTIVE");
  EXPECT_EQ(with("r5", "objective: OBJECTIVE_MIN_DISRUPTION present_round: 'rounds/r2'"),
            "FAILED_PRECONDITION EVENTS_NOT_OF_OBJECTIVE");
  EXPECT_EQ(with("r6", "caps { place: 'facilities/a' limit: 1 }"), "OK");
}

TEST_P(RoundEventsTest, WhoMovedIsAsPrivateAsTheSnapshot) {
  SolveChain();
  const Caller solver = CallerWith("solver", {"solver@*"}, "matching");
  const Caller reading = CallerWith("reader", {"reader@*"}, "matching");
  Execute(matching(), "DELETE FROM `access_log`");
  EXPECT_EQ(Said(Apply(admin(), "r1", {Quits(names_[0])})), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_EQ(Said(Apply(solver.For("audit"), "r1", {Quits(names_[0])})), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Apply(solver.For("audit"), "r1", {Quits("nurses/x")})), "PERMISSION_DENIED PERMISSION_DENIED")
      << "nobody is told who is in the round";
  EXPECT_EQ(Said(Apply(reading, "r1", {Posts("openings/a", 1)})), "PERMISSION_DENIED PERMISSION_DENIED");
  const auto opened = Apply(solver, "r1", {Posts("openings/a", 1)});
  ASSERT_EQ(Said(opened), "OK");
  EXPECT_EQ(opened->events(0).moved_count(), 3);
  EXPECT_THAT(opened->events(0).moves(), IsEmpty());
  EXPECT_TRUE(opened->events(0).change().has_posts_change()) << "of nobody";
  EXPECT_EQ(Logged(), 0);
  ASSERT_EQ(Said(Apply(reader(), "r1", {Quits(names_[0], "mode: MODE_HOLD")})), "OK");
  EXPECT_GT(Logged(), 0);
  Execute(matching(), "DELETE FROM `access_log`");
  for (const Caller& caller : {reading, reading.For("audit"), admin()}) {
    const auto log = Log(caller, "r1");
    ASSERT_EQ(Said(log), "OK");
    ASSERT_EQ(log->events_size(), 2);
    for (const RoundEvent& event : log->events()) {
      EXPECT_EQ(event.ShortDebugString().find("nurses/"), std::string::npos) << event.ShortDebugString();
    }
    EXPECT_EQ(log->events(1).change().what_case(), RoundChange::WHAT_NOT_SET);
    EXPECT_EQ(log->events(1).change().mode(), RoundChange::MODE_HOLD);
    EXPECT_EQ(log->events(1).pair_count(), 2);
  }
  EXPECT_EQ(Logged(), 0);
  const auto log = Log(reader(), "r1");
  EXPECT_EQ(Moves(log->events(0).moves()), "1 b>a, 2 c>b, 3 ->c");
  EXPECT_EQ(Logged(), 1) << "all of a page at once";
  EXPECT_EQ(Said(ListSeats(reading, "r1")), "OK");
  EXPECT_EQ(Said(Log(CallerWith("nobody", {"reader@areas/312011"}, "matching"), "r1")), "NOT_FOUND ROUND_NOT_FOUND");
}

TEST_P(RoundEventsTest, ARepeatedRequestIsAnsweredAsBefore) {
  SolveChain();
  const auto first = Apply(reader(), "r1", {Quits(names_[0])}, "one");
  ASSERT_EQ(Said(first), "OK");
  ASSERT_EQ(Said(Apply(reader(), "r1", {Quits(names_[1])})), "OK");
  const auto again = Apply(reader(), "r1", {Quits(names_[0])}, "one");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Said(Apply(reader(), "r1", {Quits(names_[2])}, "one")),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  EXPECT_EQ(Get("r1").event_count(), 2);
  // The answer is stored: the data for computing it again has been deleted.
  Execute(matching(), "DELETE FROM `round_parts` WHERE `kind` <> 'events'");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Quits(names_[0])}, "one")), "OK");
  EXPECT_THAT(Said(Apply(reader(), "r1", {Quits(names_[1])}, "other")), StartsWith("DATA_LOSS"));
  ASSERT_EQ(Said(CancelRound(admin(), "r1")), "OK");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Quits(names_[0])}, "one")), "OK") << "whatever became of the round";
}

TEST_P(RoundEventsTest, PagesOfSeatsStayWithOneEvent) {
  Solve("r1", ASnapshot(10));
  ASSERT_EQ(Said(Apply(reader(), "r1", {Quits("nurses/n1009"), Posts("openings/a", 1)})), "OK");
  const Seats before = SeatsOf("r1");
  Seats paged;
  std::string token;
  for (int page = 0; page == 0 || !token.empty(); ++page) {
    const auto listed = ListSeats(admin(), "r1", -1, 4, token);
    ASSERT_EQ(Said(listed), "OK");
    EXPECT_EQ(listed->after_event(), 2);
    for (const auto& row : listed->seats()) EXPECT_TRUE(paged.emplace(row.nurse(), row.opening()).second);
    token = listed->next_page_token();
    ASSERT_EQ(Said(Apply(reader(), "r1", {Quits(absl::StrCat("nurses/n100", page)), Posts("openings/a", -1)})), "OK");
  }
  EXPECT_EQ(paged, before);
  std::vector<int> numbers;
  do {
    const auto log = Log(reader(), "r1", 3, token);
    ASSERT_EQ(Said(log), "OK");
    for (const RoundEvent& event : log->events()) numbers.push_back(event.number());
    token = log->next_page_token();
  } while (!token.empty());
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(Said(ListSeats(admin(), "r1", -1, 4, "x")),
            "INVALID_ARGUMENT INVALID_REQUEST page_token:INVALID_PAGE_TOKEN");
}

TEST_P(RoundEventsTest, EightWritersMakeOneOrder) {
  Solve("r1", ASnapshot(10));
  EXPECT_EQ(EightAtOnce([&](int i) { return Said(Apply(reader(), "r1", {Quits(absl::StrCat("nurses/n100", i))})); }),
            (std::map<std::string, int>{{"OK", 8}}));
  EXPECT_EQ(Get("r1").event_count(), 8);
  EXPECT_EQ(Verified("r1"), "8 sound stable");
  EXPECT_EQ(EightAtOnce([&](int) { return Said(Apply(reader(), "r1", {Quits("nurses/n1008")})); }),
            (std::map<std::string, int>{
                {"OK", 1}, {"INVALID_ARGUMENT INVALID_REQUEST changes[0].nurse_quits.nurse:NURSE_GONE_ALREADY", 7}}));
  EXPECT_EQ(EightAtOnce([&](int) {
              return Said(Apply(reader(), "r1", {Arrives("nurses/n1008"), Quits("nurses/n1008")}, "same"));
            }).count("OK"),
            1u);
  EXPECT_EQ(Verified("r1"), "11 sound stable") << "one request is done once";
  // Some publish meanwhile: whoever is overtaken begins again.
  EXPECT_EQ(EightAtOnce([&](int i) {
              return i == 0 ? Said(PublishRound(admin(), "r1")) : Said(Apply(reader(), "r1", {Posts("openings/a", 1)}));
            }).count("OK"),
            1u);
  EXPECT_EQ(Verified("r1"), "18 sound stable");
}

TEST_P(RoundEventsTest, ADamagedLogIsFoundAndTakesNothingMore) {
  SolveChain();
  ASSERT_EQ(Said(Apply(reader(), "r1", {Quits(names_[0]), Posts("openings/c", 1)})), "OK");
  Execute(matching(), "DELETE FROM `round_parts` WHERE `kind` = 'events' AND `part` = 2");
  EXPECT_EQ(Verified("r1"), "2 DIGEST_DIFFERS");
  EXPECT_EQ(Said(Apply(reader(), "r1", {Posts("openings/c", 1)})), "DATA_LOSS EVENT_LOG_DAMAGED");
}

// Of a full region each of whose openings has posts left.
TEST_P(RoundEventsTest, UnderACapWhatOneGivesUpAnotherGets) {
  SolveChain();
  matching_v1::Snapshot snapshot = chain_;
  for (auto& opening : *snapshot.mutable_openings()) {
    opening.set_area("areas/312011");
    opening.set_posts(2);
  }
  Solve("capped", snapshot, {{"areas/310000", 3}, {"facilities/a", 1}});
  // Only lots tell nurses apart: the first has a, the others b.
  EXPECT_EQ(SeatsOf("capped"),
            (Seats{{names_[0], "openings/a"}, {names_[1], "openings/b"}, {names_[2], "openings/b"}, {names_[3], ""}}));
  const auto held = Apply(reader(), "capped", {Quits(names_[0], "mode: MODE_HOLD")});
  ASSERT_EQ(Said(held), "OK");
  EXPECT_EQ(Moves(held->events(0).moves()), "0 a>-, 3 ->a") << "she has nothing, and nobody moves for it";
  EXPECT_EQ(Pairs(held->events(0)), "1 a, 2 a");
  EXPECT_EQ(held->events(0).guarantee(), matching_v1::GUARANTEE_PAIRS_REMAIN);
  const auto anew = Apply(reader(), "capped", {AChange("start_over {}")});
  EXPECT_EQ(Moves(anew->events(0).moves()), "1 b>a, 3 a>b");
  EXPECT_EQ(anew->events(0).guarantee(), matching_v1::GUARANTEE_EQUAL_TO_FULL_RUN);
  // What a has to give up goes to another opening of the region.
  const auto closed = Apply(reader(), "capped", {Arrives(names_[0]), Posts("openings/a", -2)});
  ASSERT_EQ(Said(closed), "OK");
  EXPECT_EQ(Moves(closed->events(0).moves()), "0 ->a, 1 a>b, 3 b>-");
  EXPECT_EQ(Moves(closed->events(1).moves()), "0 a>b, 2 b>c");
  EXPECT_EQ(closed->events(1).guarantee(), matching_v1::GUARANTEE_STABLE);
  EXPECT_EQ(Verified("capped"), "4 sound stable");

  // An opening that comes counts where it lies.
  RoundChange opens;
  auto& row = *opens.mutable_opening_arrives()->mutable_row();
  row = snapshot.openings(0);
  opens.mutable_opening_arrives()->set_opening("openings/z");
  row.set_name("openings/z");
  opens.mutable_opening_arrives()->add_caps("facilities/nowhere");
  const auto opened = Apply(reader(), "capped", {opens});
  ASSERT_EQ(Said(opened), "OK");
  EXPECT_THAT(opened->events(0).change().opening_arrives().caps(), ElementsAre("areas/310000", "facilities/a"));
  EXPECT_EQ(Moves(opened->events(0).moves()), "0 b>z, 2 c>b") << "the cap of its facility";
  EXPECT_EQ(Verified("capped"), "5 sound stable");
  row.set_name("openings/y");
  opens.mutable_opening_arrives()->set_opening("openings/y");
  row.set_area("areas/322016");
  EXPECT_EQ(Said(Apply(reader(), "capped", {opens})),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].opening_arrives.opening:EVENT_CAPS_CROSS");
}

// A round from the data that the sender of events knows: the rows only. The expected result is computed from them by
// the rules, which are independent of events.
class Rows {
 public:
  explicit Rows(uint64_t seed) : random_(seed) {
    rows_ = ASnapshot(10 + Below(6));
    for (auto& nurse : *rows_.mutable_nurses()) Vary(nurse);
    rows_.mutable_openings()->DeleteSubrange(2, 2);
    for (auto& opening : *rows_.mutable_openings()) opening.set_area(AreaOf(opening.facility()));
    // Wider ones first, as the snapshot has them while something lies in each.
    if (seed % 3 > 0)
      caps_ = {{"areas/312011", 2 + Below(4)}, {"facilities/f", 1 + Below(2)}, {"facilities/b", Below(3)}};
    for (const char* name : {"c", "e", "f"}) *rows_.add_openings() = AnOpening(name);
    whole_ = rows_;
  }

  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  const matching_v1::Snapshot& at_first() const { return whole_; }
  const std::vector<std::pair<std::string, int>>& caps() const { return caps_; }
  // Those of the rows that are there now, for the rules.
  std::vector<matching::rules::Cap> CapsNow() const {
    std::vector<matching::rules::Cap> caps;
    const matching_v1::Snapshot now = Now();
    for (const auto& [place, limit] : caps_) {
      caps.push_back({limit, {}});
      for (int i = 0; i < now.openings_size(); ++i) {
        if (now.openings(i).area() == place || now.openings(i).facility() == place) caps.back().openings.push_back(i);
      }
    }
    return caps;
  }

  // The present rows: without nurses who have left or lost their licence, and openings without posts.
  matching_v1::Snapshot Now() const {
    matching_v1::Snapshot now;
    for (const auto& nurse : rows_.nurses()) {
      if (gone_.count(nurse.name()) == 0 && nurse.licence() != registry_v1::LICENCE_UNSPECIFIED)
        *now.add_nurses() = nurse;
    }
    for (const auto& opening : rows_.openings()) {
      if (opening.posts() > 0) *now.add_openings() = opening;
    }
    return now;
  }

  // Returns a possible event, and applies it to the rows.
  RoundChange Next() {
    RoundChange change = Something();
    if (Below(3) == 0) change.set_mode(RoundChange::MODE_HOLD);
    if (Below(4) == 0) {
      change.set_most_moved(Below(3));
      change.set_over_budget(RoundChange::OVER_BUDGET_STOP);
    }
    return change;
  }

 private:
  void Vary(matching_v1::SnapshotNurse& nurse) {
    nurse.clear_wishes();
    for (const char* facility : {"a", "b", "c", "e", "f"}) {
      if (Below(3) == 0) nurse.add_wishes(absl::StrCat("facilities/", facility));
    }
    nurse.set_licence(Below(3) == 0 ? registry_v1::LICENCE_MIDWIFE : registry_v1::LICENCE_NURSE);
    nurse.set_home_mesh(Below(2) == 0 ? "53341198" : "53341188");
    nurse.set_commute_limit_metres(1'000 + 500 * Below(8));
  }
  matching_v1::SnapshotOpening AnOpening(const std::string& name) {
    matching_v1::SnapshotOpening opening = rows_.openings(0);
    opening.set_name("openings/" + name);
    opening.set_facility("facilities/" + name.substr(0, 1));
    opening.set_area(AreaOf(opening.facility()));
    opening.set_longitude_e6(134'231'000 + 3'000 * Below(6));
    opening.set_posts(1 + Below(2));
    if (Below(3) == 0) opening.add_licences(Below(2) == 0 ? registry_v1::LICENCE_MIDWIFE : registry_v1::LICENCE_NURSE);
    return opening;
  }
  static const char* AreaOf(const std::string& facility) {
    return facility == "facilities/b" || facility == "facilities/e" ? "areas/322016" : "areas/312011";
  }
  RoundChange Something() {
    RoundChange change;
    auto& nurse = *rows_.mutable_nurses(Below(rows_.nurses_size()));
    auto& opening = *rows_.mutable_openings(Below(rows_.openings_size()));
    switch (Below(12)) {
      case 0: {
        const std::string name = absl::StrCat("nurses/new", ++fresh_);
        auto row = nurse;
        row.set_name(name);
        Vary(row);
        *rows_.add_nurses() = row;
        change.mutable_nurse_arrives()->set_nurse(name);
        *change.mutable_nurse_arrives()->mutable_row() = row;
        return change;
      }
      case 1:
        *change.mutable_opening_arrives()->mutable_row() = AnOpening(absl::StrCat("f", ++fresh_));
        change.mutable_opening_arrives()->set_opening(change.opening_arrives().row().name());
        *rows_.add_openings() = change.opening_arrives().row();
        return change;
      case 2:
      case 3:
        change.mutable_posts_change()->set_opening(opening.name());
        change.mutable_posts_change()->set_posts(1 + Below(2));
        opening.set_posts(opening.posts() + change.posts_change().posts());
        return change;
      case 4:
      case 5:
        if (opening.posts() == 0) return Something();
        change.mutable_posts_change()->set_opening(opening.name());
        change.mutable_posts_change()->set_posts(-1 - Below(opening.posts()));
        opening.set_posts(opening.posts() + change.posts_change().posts());
        return change;
      case 6:
        if (nurse.licence() == registry_v1::LICENCE_UNSPECIFIED) return Something();
        change.mutable_licence_expires()->set_nurse(nurse.name());
        // A 助産師 who is a 看護師 still loses the posts that want a 助産師.
        if (nurse.licence() == registry_v1::LICENCE_MIDWIFE && Below(3) > 0) {
          change.mutable_licence_expires()->set_remaining_licence(registry_v1::LICENCE_NURSE);
        }
        nurse.set_licence(change.licence_expires().remaining_licence());
        return change;
      case 7:
        change.mutable_fill_opening()->set_opening(opening.name());
        return change;
      case 8:
        if (Below(3) > 0) return Something();
        change.mutable_start_over();
        return change;
      default:
        if (gone_.erase(nurse.name()) > 0) {
          change.mutable_nurse_arrives()->set_nurse(nurse.name());
        } else {
          gone_.insert(nurse.name());
          change.mutable_nurse_quits()->set_nurse(nurse.name());
        }
        return change;
    }
  }

  std::mt19937_64 random_;
  matching_v1::Snapshot rows_, whole_;
  std::vector<std::pair<std::string, int>> caps_;
  std::set<std::string> gone_;
  int fresh_ = 0;
};

// Returns the assignment according to the rows, as a list for the rules.
std::vector<int32_t> Assigned(const matching_v1::Snapshot& now, const Seats& seats) {
  std::map<std::string, int32_t> index;
  for (int i = 0; i < now.openings_size(); ++i) index[now.openings(i).name()] = i;
  std::vector<int32_t> assigned;
  for (const auto& nurse : now.nurses()) {
    const std::string& opening = seats.at(nurse.name());
    assigned.push_back(opening.empty() ? -1 : index.at(opening));
  }
  return assigned;
}

std::string AboutWhom(const RoundChange& change) {
  return absl::StrCat(change.nurse_quits().nurse(), change.nurse_arrives().nurse(), change.licence_expires().nurse());
}

// Checks each guarantee on the present rows.
void HoldAgainstRules(const RoundEvent& event, const Rows& rows, const Seats& seats) {
  namespace rules = matching::rules;
  const matching_v1::Snapshot now = rows.Now();
  rules::Instance instance = matching::ToInstance(now, 7);
  instance.caps = rows.CapsNow();
  const std::vector<int32_t> assigned = Assigned(now, seats);
  const rules::Verdict verdict = rules::VerifyMatching(instance, assigned);
  ASSERT_EQ(verdict.finding_count, event.pair_count());
  for (const auto& finding : verdict.findings) {
    ASSERT_TRUE(finding.kind == rules::FindingKind::kBlockingPair ||
                finding.kind == rules::FindingKind::kEmptyPostWanted);
  }
  ASSERT_EQ(event.guarantee() == matching_v1::GUARANTEE_PAIRS_REMAIN, event.pair_count() > 0);
  if (event.guarantee() == matching_v1::GUARANTEE_EQUAL_TO_FULL_RUN) {
    ASSERT_EQ(rules::Solve(instance).opening_of_nurse, assigned);
  }
  if (event.change().has_most_moved() && !event.change().has_start_over()) {
    ASSERT_LE(event.moved_count(), event.change().most_moved());
  }
  if (event.guarantee() != matching_v1::GUARANTEE_STABLE_NOBODY_WORSE) return;
  rules::Candidates lists(instance);
  for (const auto& move : event.moves()) {
    if (move.nurse() == AboutWhom(event.change())) continue;
    ASSERT_NE(move.opening_after(), "");
    for (int nurse = 0; nurse < now.nurses_size(); ++nurse) {
      if (now.nurses(nurse).name() != move.nurse()) continue;
      for (const int32_t opening : lists.Of(nurse)) {
        const std::string& name = now.openings(opening).name();
        if (name == move.opening_after()) break;
        ASSERT_NE(name, move.opening_before()) << "she is worse off";
      }
    }
  }
}

TEST_P(RoundEventsTest, AnyLogKeepsWhatItsEventsPromise) {
  std::map<matching_v1::Guarantee, int> guarantees;
  std::map<RoundChange::WhatCase, int> whats;
  int others = 0;
  const int logs = GetParam() == Engine::kSqlite ? 12 : 3;
  for (int log = 0; log < logs; ++log) {
    const std::string id = absl::StrCat("log", log);
    SCOPED_TRACE(id);
    Rows rows(log);
    Solve(id, rows.at_first(), rows.caps());
    Seats seats = SeatsOf(id);
    for (int i = 0; i < 25; ++i) {
      const Rows before = rows;
      const RoundChange change = i == 24 ? AChange("start_over {}") : rows.Next();
      const auto applied = Apply(reader(), id, {change});
      if (!applied.ok()) {  // what she is left with, or all that may move, is too much to know beforehand
        ASSERT_THAT(Said(applied), testing::AnyOf(testing::HasSubstr("LICENCE_OPENS_MORE"),
                                                  testing::HasSubstr("EVENT_BUDGET_EXCEEDED")));
        const int skip = rows.Below(1000);
        rows = before;
        for (int j = 0; j <= skip % 7; ++j) rows.Below(2);
        continue;
      }
      const RoundEvent& event = applied->events(0);
      SCOPED_TRACE(event.ShortDebugString());
      ASSERT_EQ(event.number(), applied->round().event_count());
      // The moves are all that differs.
      if (change.has_nurse_arrives()) seats[change.nurse_arrives().nurse()] = "";
      for (const auto& move : event.moves()) {
        ASSERT_EQ(seats.at(move.nurse()), move.opening_before());
        seats[move.nurse()] = move.opening_after();
        others += move.nurse() != AboutWhom(change);
      }
      if (change.has_nurse_quits()) seats.erase(change.nurse_quits().nurse());
      HoldAgainstRules(event, rows, seats);
      if (HasFatalFailure()) return;
      ++guarantees[event.guarantee()];
      ++whats[change.what_case()];
    }
    EXPECT_EQ(SeatsOf(id), seats);
    EXPECT_EQ(Verified(id), absl::StrCat(Get(id).event_count(), " sound stable"));
    // A separate round of the present rows has the same result.
    const matching_v1::Snapshot now = rows.Now();
    Solve(id + "-anew", now, rows.caps());
    for (const auto& [nurse, opening] : SeatsOf(id + "-anew")) EXPECT_EQ(seats.at(nurse), opening) << nurse;
  }
  EXPECT_EQ(guarantees.size(), 4u) << "each is met";
  EXPECT_EQ(whats.size(), 7u);
  EXPECT_GT(others, 20);
}

}  // namespace
}  // namespace tsunagu::wire
