// A caller who waits for an operation blocks no other caller.
#include <thread>

#include "google/longrunning/operations.pb.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::wire {
namespace {

using google::longrunning::Operation;

class OperationWaitTest : public SuiteTest {};
WIRE_TEST_ON_BOTH(OperationWaitTest);

TEST_P(OperationWaitTest, MoreWaitThanThereAreThreads) {
  server().config().workers = 2;
  server().Restart();
  const std::string id = NewId(clock().Now(), Entropy::System());
  Execute(
      matching(),
      "INSERT INTO `operations` (`id`, `method`, `principal`, `on_behalf_of`, `purpose`, `state`, `lease_time`) VALUES "
      "(?, 'tsunagu.matching.v1.RoundService/SolveRound', 'admin', '', '', 'RUNNING', 9000000000000000000)",
      {absl::string_view(id)});
  platform_v1::WaitOperationRequest wait;
  wait.set_name("services/matching/operations/" + id);
  *wait.mutable_timeout() = google::protobuf::util::TimeUtil::SecondsToDuration(20);
  std::vector<absl::StatusOr<Operation>> answers(3, absl::UnknownError(""));
  std::vector<std::thread> waiting;
  for (auto& answer : answers) {
    waiting.emplace_back([&] { answer = admin().Call<Operation>("platform.v1.OperationService/WaitOperation", wait); });
  }
  for (int i = 0; i < 100 && !HasFailure(); ++i) {
    EXPECT_EQ(Said(admin().Call<tsunagu::matching::v1::ListRoundsResponse>("matching.v1.RoundService/ListRounds",
                                                                           tsunagu::matching::v1::ListRoundsRequest())),
              "OK");
  }
  SteadyTime::Advance(absl::Seconds(20));
  for (std::thread& thread : waiting) thread.join();
  for (const auto& answer : answers) {
    ASSERT_EQ(Said(answer), "OK");
    EXPECT_FALSE(answer->done());
  }
}

}  // namespace
}  // namespace tsunagu::wire
