// The states of a round: draft, frozen, solved, published, cancelled.
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;

class RoundStatesTest : public SuiteTest {
 protected:
  static constexpr char kFrozen[] = "FAILED_PRECONDITION ROUND_FROZEN";
  static constexpr char kSolved[] = "FAILED_PRECONDITION ROUND_NOT_DRAFT";
  static constexpr char kNotSolved[] = "FAILED_PRECONDITION ROUND_NOT_SOLVED";
  static constexpr char kPublished[] = "FAILED_PRECONDITION ROUND_PUBLISHED";
  static constexpr char kCancelled[] = "FAILED_PRECONDITION ROUND_CANCELLED";

  void Draft(const std::string& id) { ASSERT_EQ(Said(CreateRound(admin(), id, 7)), "OK"); }
  matching_v1::Round Get(const std::string& id) {
    matching_v1::GetRoundRequest request;
    request.set_name("rounds/" + id);
    return *admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", request);
  }
  // What each move says of the round now. `snapshot` goes with a freeze only.
  std::vector<std::string> Moves(const std::string& id) {
    return {Said(FreezeRound(admin(), id, &snapshot_)), Said(SolveRound(admin(), id)), Said(PublishRound(admin(), id)),
            Said(CancelRound(admin(), id))};
  }

  const matching_v1::Snapshot snapshot_ = ASnapshot(10);
};
WIRE_TEST_ON_BOTH(RoundStatesTest);

TEST_P(RoundStatesTest, IsFrozenSolvedAndPublished) {
  Draft("r1");
  EXPECT_EQ(Get("r1").objective(), matching_v1::Round::OBJECTIVE_STABLE);
  EXPECT_EQ(Said(PublishRound(admin(), "r1")), kNotSolved);
  const auto frozen = FreezeRound(admin(), "r1", &snapshot_);
  ASSERT_EQ(Said(frozen), "OK");
  EXPECT_EQ(frozen->state(), matching_v1::Round::STATE_FROZEN);
  EXPECT_EQ(frozen->nurse_count(), 10);
  EXPECT_EQ(frozen->snapshot_digest().size(), 64);
  EXPECT_EQ(frozen->result_digest(), "");
  EXPECT_EQ(frozen->freeze_time().seconds(), absl::ToUnixSeconds(clock().Now()));
  EXPECT_EQ(jp::FormatIso(jp::DayOf(frozen->as_of_date())), "2050-04-03") << "today, since it was not said";
  int parts = 0;
  EXPECT_EQ(ReadSnapshot(admin(), "r1", parts)->nurses_size(), 10);
  EXPECT_EQ(Said(ListLeftOut(admin(), "r1")), "OK");
  EXPECT_EQ(Said(Verify(admin(), "r1")), kNotSolved);
  EXPECT_EQ(Said(ListAssignments(admin(), "r1")), kNotSolved);
  EXPECT_EQ(Said(FreezeRound(admin(), "r1", &snapshot_)), kFrozen);
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &snapshot_)), "FAILED_PRECONDITION SNAPSHOT_UNWANTED");
  EXPECT_EQ(Said(PublishRound(admin(), "r1")), kNotSolved);

  clock().Advance(absl::Hours(24));
  const auto solved = SolveRound(admin(), "r1");
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->snapshot_digest(), frozen->snapshot_digest());
  EXPECT_EQ(solved->freeze_time().seconds(), frozen->freeze_time().seconds());
  EXPECT_EQ(jp::FormatIso(jp::DayOf(solved->as_of_date())), "2050-04-03");
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  Draft("at-once");
  EXPECT_EQ(SolveRound(admin(), "at-once", &snapshot_)->result_digest(), solved->result_digest());

  EXPECT_EQ(Said(PublishRound(admin(), "r1", true)), "OK");
  EXPECT_EQ(Get("r1").state(), matching_v1::Round::STATE_SUCCEEDED) << "it was only checked";
  const auto published = PublishRound(admin(), "r1");
  ASSERT_EQ(Said(published), "OK");
  EXPECT_EQ(published->state(), matching_v1::Round::STATE_PUBLISHED);
  EXPECT_EQ(published->publisher(), "admin");
  EXPECT_EQ(jp::FormatIso(jp::DayOf(published->publish_date())), "2050-04-04");
  EXPECT_THAT(Moves("r1"), ElementsAre(kPublished, kPublished, kPublished, kPublished));
  EXPECT_EQ(ListAssignments(admin(), "r1")->assignments_size(), 10);
}

TEST_P(RoundStatesTest, IsCancelledFromEveryStateButPublished) {
  Draft("draft");
  Draft("frozen");
  ASSERT_EQ(Said(FreezeRound(admin(), "frozen", &snapshot_)), "OK");
  Draft("solved");
  ASSERT_EQ(Said(SolveRound(admin(), "solved", &snapshot_)), "OK");
  for (const char* id : {"draft", "frozen", "solved"}) {
    const auto cancelled = CancelRound(admin(), id);
    ASSERT_EQ(Said(cancelled), "OK") << id;
    EXPECT_EQ(cancelled->state(), matching_v1::Round::STATE_CANCELLED);
    EXPECT_EQ(cancelled->canceller(), "admin");
    EXPECT_EQ(cancelled->cancel_reason(), "見直し");
    EXPECT_THAT(Moves(id), ElementsAre(kCancelled, kCancelled, kCancelled, kCancelled)) << id;
  }
  EXPECT_EQ(ListAssignments(admin(), "solved")->assignments_size(), 10) << "what it has stays to be read";
  matching_v1::CancelRoundRequest silent;
  silent.set_name("rounds/draft");
  EXPECT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CancelRound", silent)),
            "INVALID_ARGUMENT INVALID_REQUEST reason:FIELD_REQUIRED");
}

TEST_P(RoundStatesTest, ASnapshotThatIsNotTheOneThatWasFrozenIsNotSolved) {
  Draft("r1");
  ASSERT_EQ(Said(FreezeRound(admin(), "r1", &snapshot_)), "OK");
  store::Store& store = server().host().Find("matching")->store();
  const std::string context = "round_parts r1 snapshot 0";
  const auto sealed = Column(matching(), "SELECT `bytes` FROM `round_parts` WHERE `kind` = 'snapshot' AND `part` = 0");
  matching_v1::Snapshot part;
  ASSERT_TRUE(part.ParseFromString(*store.Decrypt(context, sealed.front())));
  part.mutable_nurses(3)->set_weekly_minutes(1199);
  Execute(matching(), "UPDATE `round_parts` SET `bytes` = ? WHERE `kind` = 'snapshot' AND `part` = 0",
          {store::Blob{*store.Encrypt(context, part.SerializeAsString())}});
  EXPECT_EQ(Said(SolveRound(admin(), "r1")), "DATA_LOSS SNAPSHOT_CHANGED");
  EXPECT_EQ(Get("r1").state(), matching_v1::Round::STATE_FROZEN);
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `round_parts` WHERE `kind` = 'result'"), 0);
  Execute(matching(), "UPDATE `round_parts` SET `bytes` = ? WHERE `kind` = 'snapshot' AND `part` = 0",
          {store::Blob{sealed.front()}});
  EXPECT_EQ(Said(SolveRound(admin(), "r1")), "OK");
}

// The day of a round is the day of its openings.
TEST_P(RoundStatesTest, ItsDaySaysWhatTakesPart) {
  CreateAreas();
  EXPECT_EQ(ImportCsv(admin(), "facilities",
                      "facility_id,display_name,area,latitude_e6,longitude_e6\nakane,見本あかね,areas/312011,35495111,"
                      "134231278\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,posts,weekly_minutes,valid_from_date,valid_to_date\n"
                      "now,facilities/akane,1,900,2050-04-01,2050-04-30\nlater,facilities/akane,2,900,2050-05-01,\n")
                .summary,
            "2 rows: 2 created");
  const auto openings = [&](const std::string& id, const char* day) {
    matching_v1::CreateRoundRequest request;
    request.set_round_id(id);
    request.mutable_round()->set_display_name("試験");
    *request.mutable_round()->mutable_as_of_date() = jp::ToDate(*jp::ParseDay(day));
    EXPECT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request)), "OK");
    EXPECT_EQ(Said(FreezeRound(reader(), id)), "OK");
    EXPECT_EQ(jp::FormatIso(jp::DayOf(Get(id).as_of_date())), day);
    int parts = 0;
    std::string names;
    const auto snapshot = ReadSnapshot(admin(), id, parts);
    for (const auto& row : snapshot->openings()) absl::StrAppend(&names, row.name(), " in ", row.area(), " ");
    return names;
  };
  EXPECT_EQ(openings("april", "2050-04-30"), "openings/now in areas/312011 ");
  EXPECT_EQ(openings("may", "2050-05-01"), "openings/later in areas/312011 ");
}

TEST_P(RoundStatesTest, OfEightWritersOneMovesIt) {
  for (int round = 0; round < 3; ++round) {
    const std::string id = absl::StrCat("r", round);
    Draft(id);
    EXPECT_THAT(EightAtOnce([&](int) { return Said(FreezeRound(admin(), id, &snapshot_)); }),
                ElementsAre(Pair(kFrozen, 7), Pair("OK", 1)));
    EXPECT_THAT(EightAtOnce([&](int) { return Said(SolveRound(admin(), id)); }),
                ElementsAre(Pair(kSolved, 7), Pair("OK", 1)));
    EXPECT_THAT(EightAtOnce([&](int) { return Said(PublishRound(admin(), id)); }),
                ElementsAre(Pair(kPublished, 7), Pair("OK", 1)));
    Draft("c" + id);
    EXPECT_THAT(EightAtOnce([&](int) { return Said(CancelRound(admin(), "c" + id)); }),
                ElementsAre(Pair(kCancelled, 7), Pair("OK", 1)));
  }
}

// Four freeze a draft, and four solve it with a snapshot of their own: it has one snapshot, and its digest.
TEST_P(RoundStatesTest, WhoFreezesAndWhoSolvesADraftDoNotMix) {
  const matching_v1::Snapshot other = ASnapshot(7);
  for (int round = 0; round < 3; ++round) {
    const std::string id = absl::StrCat("r", round);
    Draft(id);
    const auto told = EightAtOnce([&](int i) {
      return i % 2 == 0 ? Said(FreezeRound(admin(), id, &snapshot_)) : Said(SolveRound(admin(), id, &other));
    });
    EXPECT_EQ(told.at("OK"), 1) << testing::PrintToString(told);
    for (const auto& [said, count] : told) {
      EXPECT_TRUE(said == "OK" || said == kFrozen || said == kSolved || said == "FAILED_PRECONDITION SNAPSHOT_UNWANTED")
          << said;
    }
    int parts = 0;
    const auto kept = ReadSnapshot(admin(), id, parts);
    const auto state = Get(id).state();
    EXPECT_EQ(kept->nurses_size(), state == matching_v1::Round::STATE_FROZEN ? 10 : 7);
    EXPECT_EQ(kept->openings_size(), 4);
  }
}

// Publishing and cancelling exclude each other.
TEST_P(RoundStatesTest, WhatIsPublishedIsNotCancelled) {
  for (int round = 0; round < 3; ++round) {
    const std::string id = absl::StrCat("r", round);
    Draft(id);
    ASSERT_EQ(Said(SolveRound(admin(), id, &snapshot_)), "OK");
    const auto told = EightAtOnce(
        [&](int i) { return i % 2 == 0 ? Said(PublishRound(admin(), id)) : Said(CancelRound(admin(), id)); });
    const bool published = Get(id).state() == matching_v1::Round::STATE_PUBLISHED;
    EXPECT_THAT(told, ElementsAre(Pair(published ? kPublished : kCancelled, 7), Pair("OK", 1)));
  }
}

}  // namespace
}  // namespace tsunagu::wire
