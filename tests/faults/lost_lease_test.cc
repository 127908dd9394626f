// A server stops while another takes over its operation: when it continues, it does no harm.
#include <signal.h>

#include <future>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/longrunning/operations.pb.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::faults {
namespace {

using google::longrunning::Operation;
using matching::v1::Round;
using process::ServerProcess;

constexpr char kRound[] = "rounds/one";

class LostLeaseTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!Ground::Has(Engine::kMysql)) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{Engine::kMysql, {"registry", "matching"}});
    database_ = ground_->Database("matching");
    ASSERT_NE(database_, nullptr);
  }

  // Returns the name of the operation. The server may stop before it has answered.
  static std::future<std::string> StartSolving(ServerProcess& server) {
    matching::v1::CreateRoundRequest create;
    create.set_round_id("one");
    create.mutable_round()->set_display_name("見本");
    create.mutable_round()->set_seed(1);
    const auto round = server.Call<Round>("matching.v1.RoundService/CreateRound", create);
    EXPECT_TRUE(round.ok()) << round.status();
    matching::v1::SolveRoundRequest solve;
    solve.set_name(kRound);
    auto& opening = *solve.mutable_snapshot()->add_openings();
    opening.set_name("openings/a");
    opening.set_facility("facilities/a");
    opening.set_latitude_e6(35'495'000);
    opening.set_longitude_e6(134'231'000);
    opening.set_posts(1);
    opening.set_weekly_minutes(600);
    return std::async(std::launch::async, [&server, solve] {
      const auto started = server.Call<Operation>("matching.v1.RoundService/SolveRound", solve);
      EXPECT_TRUE(started.ok()) << started.status();
      return started.ok() ? started->name() : "";
    });
  }
  // Returns a column of the only operation.
  int64_t Number(absl::string_view column) {
    int64_t number = -1;
    const absl::Status read = database_->Read(Deadline::After(process::kPatience), [&](store::Session& session) {
      return session.Query(absl::StrCat("SELECT `", column, "` FROM `operations`"), {}, [&](const store::Row& row) {
        number = row.Integer(0);
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(read.ok()) << read;
    return number;
  }
  static Round ReadRound(ServerProcess& server) {
    matching::v1::GetRoundRequest get;
    get.set_name(kRound);
    const auto round = server.Call<Round>("matching.v1.RoundService/GetRound", get);
    EXPECT_TRUE(round.ok()) << round.status();
    return round.value_or(Round());
  }
  void EndLease() {
    const absl::Status ended = database_->Write(Deadline::After(process::kPatience), [](store::Session& session) {
      return session.Execute("UPDATE `operations` SET `lease_time` = 0").status();
    });
    EXPECT_TRUE(ended.ok()) << ended;
  }
  static bool Await(absl::FunctionRef<bool()> done) {
    const Deadline patience = Deadline::After(process::kPatience);
    while (!done()) {
      if (patience.Over()) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::unique_ptr<Ground> ground_;
  std::unique_ptr<store::Database> database_;
  const process::Folder folder_of_the_other_;
};

// The first holder stops at the place that the parameter names, the second as soon as it has taken over the operation.
// So the first is alone when it continues, and anything it wrote would remain.
TEST_P(LostLeaseTest, AHolderThatWasStoppedWritesNothingWhenItGoesOn) {
  ServerProcess second(folder_of_the_other_.path(), ground_->Server("operation.after_claim=pause:1"));
  ServerProcess first(ground_->data_dir(), ground_->Server(absl::StrCat(GetParam(), "=pause:1")));
  std::future<std::string> operation = StartSolving(first);
  ASSERT_TRUE(first.process().WaitUntilStopped());
  EndLease();
  ASSERT_TRUE(second.process().WaitUntilStopped());
  ASSERT_EQ(Number("epoch"), 2);
  first.process().Signal(SIGCONT);
  EXPECT_TRUE(Await([&] { return first.process().Errors().find("operation_taken_over") != std::string::npos; }))
      << first.process().Errors();
  EXPECT_EQ(Number("end_time"), 0) << "the first ends it";
  const bool kept_before = absl::StrContains(GetParam(), "before_finish");
  EXPECT_EQ(ReadRound(first).state(), kept_before ? Round::STATE_SUCCEEDED : Round::STATE_DRAFT);

  second.process().Signal(SIGCONT);
  platform::v1::WaitOperationRequest wait;
  wait.set_name(operation.get());
  const auto done = first.Call<Operation>("platform.v1.OperationService/WaitOperation", wait);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(done->done() && done->has_response()) << done->ShortDebugString();
  EXPECT_EQ(Number("epoch"), 2);
  EXPECT_EQ(ReadRound(first).state(), Round::STATE_SUCCEEDED);
  EXPECT_EQ(ReadRound(first).etag(), "2") << "solved once";
}

// After its claim; in the transaction that stores the result, before its fence; and after that commit.
INSTANTIATE_TEST_SUITE_P(All, LostLeaseTest,
                         testing::Values("operation.after_claim", "operation.before_fence", "operation.before_finish"),
                         [](const auto& info) { return std::string(info.param).substr(10); });

}  // namespace
}  // namespace tsunagu::faults
