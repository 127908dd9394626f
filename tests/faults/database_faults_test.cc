// The database server dies, hangs and returns under load: no acknowledged change is lost, and our server needs no
// restart.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/load.h"
#include "tests/faults/truth.h"
#include "tests/process/mariadb.h"

namespace tsunagu::faults {
namespace {

using process::Refusal;
using process::ServerProcess;

class DatabaseFaultsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!process::HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    mariadb_ = std::make_unique<process::Mariadb>();
    ground_ = std::make_unique<Ground>(Ground::Options{Engine::kMysql, {"registry"}, mariadb_->server()});
    server_ = std::make_unique<ServerProcess>(ground_->data_dir(), ground_->Server());
  }
  void TearDown() override {
    server_.reset();
    if (ground_ != nullptr) ExpectHolds(*ground_, history_);
  }

  // Expects only the errors of an unavailable database, and of callers who change the same record.
  static void ExpectHonest(const Load& load) {
    using Code = absl::StatusCode;
    EXPECT_THAT(load.refusals(),
                testing::IsSubsetOf(
                    {Refusal(Code::kUnavailable, "DATABASE_UNAVAILABLE"), Refusal(Code::kUnavailable, "COMMIT_UNKNOWN"),
                     Refusal(Code::kAborted, "REQUEST_IN_FLIGHT"), Refusal(Code::kAborted, "ETAG_MISMATCH"),
                     Refusal(Code::kAlreadyExists, "FACILITY_EXISTS")}));
  }

  std::unique_ptr<process::Mariadb> mariadb_;
  std::unique_ptr<Ground> ground_;
  std::unique_ptr<ServerProcess> server_;
  History history_{"database-faults"};
};

TEST_F(DatabaseFaultsTest, KilledAndStartedAgain) {
  Load load(*server_, history_, {"killed", 1, 6, Load::AfterRefusal::kSendAgain});
  for (int round = 1; round <= 5; ++round) {
    ASSERT_TRUE(load.WaitForAcknowledged(round * 50));
    mariadb_->Kill();
    EXPECT_TRUE(load.WaitForRefusal());
    mariadb_->Start();
  }
  ASSERT_TRUE(load.WaitForAcknowledged(300)) << "works again without a restart of ours";
  load.Stop();
  ExpectHonest(load);
}

// Shorter than any timeout: calls only take longer.
TEST_F(DatabaseFaultsTest, StoppedForASecond) {
  Load load(*server_, history_, {"second", 1, 6, Load::AfterRefusal::kSendAgain});
  ASSERT_TRUE(load.WaitForAcknowledged(50));
  mariadb_->Stop();
  (void)server_->process().Wait(absl::Seconds(1));
  mariadb_->Continue();
  ASSERT_TRUE(load.WaitForAcknowledged(load.acknowledged() + 100));
  load.Stop();
  ExpectHonest(load);
}

// Until callers are told that the outcome is unknown.
TEST_F(DatabaseFaultsTest, StoppedForLong) {
  Load load(*server_, history_, {"long", 1, 6, Load::AfterRefusal::kSendAgain});
  ASSERT_TRUE(load.WaitForAcknowledged(50));
  mariadb_->Stop();
  ASSERT_TRUE(load.WaitForRefusal());
  mariadb_->Continue();
  ASSERT_TRUE(load.WaitForAcknowledged(load.acknowledged() + 100));
  load.Stop();
  ExpectHonest(load);
}

}  // namespace
}  // namespace tsunagu::faults
