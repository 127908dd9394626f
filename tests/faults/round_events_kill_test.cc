// kill -9 while events are applied to a round: each request is in the log whole, once, or not at all; none that was answered
// is lost, and the log proves the matching that it leaves.
#include <signal.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tests/faults/requests.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::faults {
namespace {

namespace v1 = matching::v1;
using process::ServerProcess;

class RoundEventsKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "matching"}});
  }

  // One opening with eight posts, and nobody yet.
  static void Solve(ServerProcess& server, const std::string& id) {
    Made<v1::Round, v1::CreateRoundRequest>(
        server, "matching.v1.RoundService/CreateRound",
        absl::StrCat("round_id: '", id, "' round { display_name: '見本' seed: 1 }"));
    Operate<v1::SolveRoundRequest>(
        server, "matching.v1.RoundService/SolveRound",
        absl::StrCat("name: 'rounds/", id,
                     "' snapshot { openings { name: 'openings/a' facility: 'facilities/a' latitude_e6: 35495000 "
                     "longitude_e6: 134231000 posts: 8 weekly_minutes: 600 } }"));
  }
  // Two events: she arrives, and a post more opens.
  static absl::StatusOr<v1::ApplyEventsResponse> Arrive(ServerProcess& server, const std::string& id, int nurse) {
    const std::string name = absl::StrCat("nurses/n", nurse);
    return Ask<v1::ApplyEventsResponse, v1::ApplyEventsRequest>(
        server, "matching.v1.RoundEventService/ApplyEvents",
        absl::StrCat("name: 'rounds/", id, "' request_id: '", id, "-", nurse, "' changes { nurse_arrives { nurse: '", name,
                     "' row { name: '", name,
                     "' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' commute_limit_metres: 50000 } } } "
                     "changes { posts_change { opening: 'openings/a' posts: 1 } }"));
  }
  static int SeatedIn(ServerProcess& server, const std::string& id) {
    return Made<v1::ListSeatsResponse, v1::ListSeatsRequest>(server, "matching.v1.RoundEventService/ListSeats",
                                                             absl::StrCat("parent: 'rounds/", id, "'"))
        .seats_size();
  }
  static v1::VerifyEventsResponse Verified(ServerProcess& server, const std::string& id) {
    return Made<v1::VerifyEventsResponse, v1::VerifyEventsRequest>(
        server, "matching.v1.RoundEventService/VerifyEvents", absl::StrCat("name: 'rounds/", id, "'"));
  }

  std::unique_ptr<Ground> ground_;
};

INSTANTIATE_TEST_SUITE_P(All, RoundEventsKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST_P(RoundEventsKillTest, EachRequestIsWholeOnceOrNotAtAll) {
  constexpr int kNurses = 8;
  for (const int kill : {1, 2, 5}) {
    SCOPED_TRACE(kill);
    const std::string id = absl::StrCat("r", kill);
    {
      ServerProcess server(ground_->data_dir(), ground_->Server());
      Solve(server, id);
      if (HasFatalFailure()) return;
      Stop(server);
    }
    std::vector<std::atomic<bool>> answered(kNurses);
    {
      ServerProcess::Options options = ground_->Server(absl::StrCat("store.before_request_kept=kill:", kill));
      options.may_not_listen = true;
      ServerProcess server(ground_->data_dir(), options);
      ASSERT_TRUE(server.listens());
      std::vector<std::jthread> writers;
      for (int i = 0; i < kNurses; ++i) {
        writers.emplace_back([&, i] { answered[i] = Arrive(server, id, i).ok(); });
      }
      writers.clear();
      EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    }
    ServerProcess server(ground_->data_dir(), ground_->Server());
    const v1::VerifyEventsResponse left = Verified(server, id);
    EXPECT_TRUE(left.sound()) << left.ShortDebugString();
    EXPECT_EQ(left.event_count(), 2 * SeatedIn(server, id)) << "never half of a request";
    int kept = 0;
    for (int i = 0; i < kNurses; ++i) kept += answered[i];
    EXPECT_GE(SeatedIn(server, id), kept) << "an answered event is lost";
    for (int i = 0; i < kNurses; ++i) {
      const auto again = Arrive(server, id, i);
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(again->events_size(), 2);
    }
    EXPECT_EQ(SeatedIn(server, id), kNurses);
    const v1::VerifyEventsResponse whole = Verified(server, id);
    EXPECT_TRUE(whole.sound() && whole.stable()) << whole.ShortDebugString();
    EXPECT_EQ(whole.event_count(), 2 * kNurses);
    Stop(server);
  }
}

}  // namespace
}  // namespace tsunagu::faults
