// Changes that are too large are refused before anything is stored: an event that is too large for a message, here with
// a limit that a small one reaches, and a round with too many pairs.
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "common/base/error.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/matching/events/applied_events.h"
#include "services/matching/events/visit_log.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/snapshot/snapshot.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::matching {
namespace {

template <typename M>
M Read(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::Snapshot ReadRows(const std::string& text) {
  auto rows = Read<v1::Snapshot>(text);
  EXPECT_TRUE(Canonicalise(rows).ok());
  return rows;
}

v1::Round ARound(const v1::Snapshot& rows) {
  v1::Round round;
  round.set_seed(1);
  round.set_rule_table_version(rules::kRuleTableVersion);
  round.set_snapshot_digest(DigestOf(rows));
  return round;
}

Applying With(size_t most_bytes) { return {"somebody", jp::CivilDay(2026, 4, 1), Deadline::Never(), most_bytes}; }

class EventLimitsTest : public testing::Test {
 protected:
  EventLimitsTest() { Reason::Declare(v1::Reason_descriptor()); }
};

constexpr char kNurse[] =
    "nurses { name: 'nurses/$0' licence: LICENCE_NURSE home_mesh: '53341188' commute_limit_metres: 9000 "
    "weekly_minutes: 600 } ";
constexpr char kOpening[] =
    "openings { name: 'openings/$0' facility: 'facilities/a' latitude_e6: 35495000 longitude_e6: 134231000 posts: 1 "
    "weekly_minutes: 600 } ";
constexpr char kSupply[] =
    "supplies { name: 'visitSupplies/$0' kind: SUPPLIER_POOL latitude_e6: 35495000 longitude_e6: 134231000 "
    "reach_metres: 9000 licence: LICENCE_NURSE given { half_day: HALF_DAY_MON_AM visit_count: 1 } "
    "school_visit_count: 1 all_visit_count: 1 } ";
constexpr char kVisited[] =
    "openings { name: 'openings/$0' facility: 'facilities/a' latitude_e6: $1 longitude_e6: 134231000 posts: 1 "
    "weekly_minutes: 60 visits { half_day: HALF_DAY_MON_AM posts: 1 } } ";

// Returns rows of two kinds in these numbers.
std::string Rows(const char* one, int ones, const char* other, int others, int latitude_e6 = 35'495'000) {
  std::string text;
  for (int i = 0; i < ones; ++i) absl::StrAppend(&text, absl::Substitute(one, i));
  for (int i = 0; i < others; ++i) absl::StrAppend(&text, absl::Substitute(other, i, latitude_e6));
  return text;
}

TEST_F(EventLimitsTest, BytesOfAnEvent) {
  LoggedRound round;
  round.solved.snapshot = ReadRows(Rows(kNurse, 1, kOpening, 1));
  round.solved.round = ARound(round.solved.snapshot);
  round.solved.opening_of_nurse = {0};
  const auto changes = Read<v1::ApplyEventsRequest>("changes { nurse_quits { nurse: 'nurses/0' } }").changes();
  const auto events = ApplyChanges(round, changes, With(kMostEventBytes));
  ASSERT_TRUE(events.ok()) << events.status();
  const size_t bytes = events->at(0).ByteSizeLong();
  EXPECT_TRUE(ApplyChanges(round, changes, With(bytes)).ok());
  EXPECT_EQ(ReasonOf(ApplyChanges(round, changes, With(bytes - 1)).status()), Reason("EVENT_TOO_LARGE"));
}

TEST_F(EventLimitsTest, BytesOfAnEventOfVisits) {
  VisitsAfter round;
  round.whole = ReadRows(Rows(kSupply, 1, kVisited, 1));
  round.solved.snapshot = round.whole;
  round.solved.round = ARound(round.whole);
  const auto result = SolveVisits(round.whole, round.solved.round);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->covered, 1);
  round.solved.rows = result->rows;
  const auto request = Read<v1::ApplyVisitEventsRequest>("changes { remove_supply { supply: 'visitSupplies/0' } }");
  const auto events = ApplyVisitChanges(round, request, {}, With(kMostEventBytes));
  ASSERT_TRUE(events.ok()) << events.status();
  const size_t bytes = events->at(0).ByteSizeLong();
  EXPECT_TRUE(ApplyVisitChanges(round, request, {}, With(bytes)).ok());
  EXPECT_EQ(ReasonOf(ApplyVisitChanges(round, request, {}, With(bytes - 1)).status()), Reason("EVENT_TOO_LARGE"));
}

TEST_F(EventLimitsTest, PairsOfARound) {
  LoggedRound round;
  round.solved.snapshot = ReadRows(Rows(kNurse, 5'001, kOpening, 5'000));
  round.solved.round = ARound(round.solved.snapshot);
  round.solved.opening_of_nurse.assign(5'001, -1);
  const auto changes = Read<v1::ApplyEventsRequest>("changes { nurse_quits { nurse: 'nurses/0' } }").changes();
  const auto refused = ApplyChanges(round, changes, With(kMostEventBytes));
  EXPECT_EQ(ReasonOf(refused.status()), Reason("ROUND_TOO_LARGE_FOR_EVENTS"));
}

// Supplies and half-days are far apart, so that a run over five million pairs takes little time.
TEST_F(EventLimitsTest, PairsOfARoundOfVisits) {
  VisitsAfter round;
  round.whole = ReadRows(Rows(kSupply, 2'500, kVisited, 2'001, 43'000'000));
  round.solved.snapshot = round.whole;
  round.solved.round = ARound(round.whole);
  const auto apply = [&](const std::string& changes) {
    return ApplyVisitChanges(round, Read<v1::ApplyVisitEventsRequest>(changes), {}, With(kMostEventBytes)).status();
  };
  EXPECT_EQ(ReasonOf(apply("changes { remove_supply { supply: 'visitSupplies/0' } }")),
            Reason("VISITS_TOO_MANY_FOR_EVENTS"));
  EXPECT_EQ(apply("changes { remove_opening { opening: 'openings/0' } }"), absl::OkStatus()) << "exactly five million";
}

}  // namespace
}  // namespace tsunagu::matching
