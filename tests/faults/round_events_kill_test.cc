// kill -9 while events are applied to a round: each request is in the log whole, once, or not at all; none that was answered
// is lost, and the log proves the matching that it leaves.
#include <signal.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

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

  template <typename M, typename Request>
  static absl::StatusOr<M> Ask(ServerProcess& server, const std::string& method, const std::string& fields) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
    return server.Call<M>("matching.v1." + method, request);
  }

  // One opening with eight posts, and nobody yet.
  static void Solve(ServerProcess& server, const std::string& id) {
    const auto made = Ask<v1::Round, v1::CreateRoundRequest>(
        server, "RoundService/CreateRound", absl::StrCat("round_id: '", id, "' round { display_name: '見本' seed: 1 }"));
    ASSERT_TRUE(made.ok()) << made.status();
    const auto started = Ask<google::longrunning::Operation, v1::SolveRoundRequest>(
        server, "RoundService/SolveRound",
        absl::StrCat("name: 'rounds/", id,
                     "' snapshot { openings { name: 'openings/a' facility: 'facilities/a' latitude_e6: 35495000 "
                     "longitude_e6: 134231000 posts: 8 weekly_minutes: 600 } }"));
    ASSERT_TRUE(started.ok()) << started.status();
    platform::v1::WaitOperationRequest wait;
    wait.set_name(started->name());
    const auto done =
        server.Call<google::longrunning::Operation>("platform.v1.OperationService/WaitOperation", wait);
    ASSERT_TRUE(done.ok() && !done->has_error()) << done.status();
  }
  // Two events: she arrives, and a post more opens.
  static absl::StatusOr<v1::ApplyEventsResponse> Arrive(ServerProcess& server, const std::string& id, int nurse) {
    const std::string name = absl::StrCat("nurses/n", nurse);
    return Ask<v1::ApplyEventsResponse, v1::ApplyEventsRequest>(
        server, "RoundEventService/ApplyEvents",
        absl::StrCat("name: 'rounds/", id, "' request_id: '", id, "-", nurse, "' changes { nurse_arrives { nurse: '", name,
                     "' row { name: '", name,
                     "' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' commute_limit_metres: 50000 } } } "
                     "changes { posts_change { opening: 'openings/a' posts: 1 } }"));
  }
  static int SeatedIn(ServerProcess& server, const std::string& id) {
    const auto seats = Ask<v1::ListSeatsResponse, v1::ListSeatsRequest>(server, "RoundEventService/ListSeats",
                                                                        absl::StrCat("parent: 'rounds/", id, "'"));
    EXPECT_TRUE(seats.ok()) << seats.status();
    return seats.ok() ? seats->seats_size() : -1;
  }
  static v1::VerifyEventsResponse Verified(ServerProcess& server, const std::string& id) {
    const auto verified = Ask<v1::VerifyEventsResponse, v1::VerifyEventsRequest>(
        server, "RoundEventService/VerifyEvents", absl::StrCat("name: 'rounds/", id, "'"));
    EXPECT_TRUE(verified.ok()) << verified.status();
    return verified.value_or(v1::VerifyEventsResponse());
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
      server.process().Signal(SIGTERM);
      EXPECT_EQ(server.process().Wait(), 0) << server.process().Errors();
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
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0) << server.process().Errors();
  }
}

}  // namespace
}  // namespace tsunagu::faults
