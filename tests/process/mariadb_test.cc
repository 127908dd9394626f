// A database server that dies, is unavailable, or is unsuitable: calls return errors, no acknowledged change is lost,
// and when it is back, calls work again without a restart of our server.
#include <signal.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/http.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;
using registry::v1::GetFacilityRequest;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Refusal kUnknown = {absl::StatusCode::kUnavailable, "COMMIT_UNKNOWN"};
const Refusal kAway = {absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"};

class MariadbTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (HasMariadb()) mariadb_ = new Mariadb;
  }
  static void TearDownTestSuite() { delete mariadb_; }
  void SetUp() override {
    if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    mariadb_->Start();
  }
  static std::string Prefix() {
    static int count = 0;
    return absl::StrCat("p", ++count);
  }

  inline static Mariadb* mariadb_ = nullptr;
};

// The whole transaction except COMMIT has been sent.
TEST_F(MariadbTest, KilledBeforeCommit) {
  const MariadbRegistry registry(*mariadb_, Prefix());
  ServerProcess::Options options = registry.Options("store.before_commit=pause:1");
  options.admin_listener = true;
  ServerProcess server(registry.data_dir(), options);
  const auto request = FacilityRequest("once");
  constexpr char kUnknownCommits[] = "tsunagu_unknown_commits_total{service=\"registry\"}";
  EXPECT_EQ(MetricIn(server.Metrics(), kUnknownCommits), 0);
  Refusal refusal;
  std::thread caller([&] { refusal = RefusalOf(server.Call<Facility>(kCreateFacility, request).status()); });
  EXPECT_TRUE(server.process().WaitUntilStopped());
  mariadb_->Kill();
  server.process().Signal(SIGCONT);
  caller.join();
  EXPECT_EQ(refusal, kUnknown) << "COMMIT was sent and nobody answered";
  EXPECT_EQ(MetricIn(server.Metrics(), kUnknownCommits), 1);

  EXPECT_EQ(RefusalOf(server.Call<Facility>(kCreateFacility, request).status()), kAway);
  mariadb_->Start();
  EXPECT_EQ(FacilityCount(server), 0);
  const auto facility = server.Call<Facility>(kCreateFacility, request);
  ASSERT_TRUE(facility.ok()) << facility.status();
  EXPECT_EQ(RevisionCount(server, facility->name()), 1);
  EXPECT_EQ(FacilityCount(server), 1);
}

TEST_F(MariadbTest, KilledAfterCommit) {
  const MariadbRegistry registry(*mariadb_, Prefix());
  ServerProcess server(registry.data_dir(), registry.Options("store.after_commit=pause:1"));
  const auto request = FacilityRequest("once");
  absl::StatusOr<Facility> first;
  std::thread caller([&] { first = server.Call<Facility>(kCreateFacility, request); });
  EXPECT_TRUE(server.process().WaitUntilStopped());
  mariadb_->Kill();
  server.process().Signal(SIGCONT);
  caller.join();
  ASSERT_TRUE(first.ok()) << "it was committed: " << first.status();
  mariadb_->Start();
  GetFacilityRequest get;
  get.set_name(first->name());
  const auto kept = server.Call<Facility>("registry.v1.FacilityService/GetFacility", get);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->SerializeAsString(), first->SerializeAsString());
}

TEST_F(MariadbTest, ReadsWorkAgainToo) {
  const MariadbRegistry registry(*mariadb_, Prefix());
  ServerProcess server(registry.data_dir(), registry.Options());
  EXPECT_EQ(FacilityCount(server), 0);
  mariadb_->Kill();
  const auto list = [&] {
    return server.Call<registry::v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                             registry::v1::ListFacilitiesRequest());
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(RefusalOf(list().status()), kAway);
  mariadb_->Start();
  const absl::Status back = list().status();
  EXPECT_TRUE(back.ok()) << "the first one already: " << back;
}

// Many pooled connections are idle when the server restarts; no read uses a dead one.
TEST_F(MariadbTest, NoReadNoticesARestart) {
  const MariadbRegistry registry(*mariadb_, Prefix());
  ServerProcess server(registry.data_dir(), registry.Options());
  const auto read_by_many = [&] {
    std::vector<std::thread> callers;
    for (int i = 0; i < 12; ++i) {
      callers.emplace_back([&] {
        for (int j = 0; j < 5; ++j) EXPECT_EQ(FacilityCount(server), 0);
      });
    }
    for (std::thread& caller : callers) caller.join();
  };
  read_by_many();
  mariadb_->Kill();
  mariadb_->Start();
  read_by_many();
}

TEST_F(MariadbTest, AwayAtStart) {
  const MariadbRegistry registry(*mariadb_, Prefix());
  mariadb_->Kill();
  std::vector<std::string> command = {Binary("tsunagu-registry"), "--listen", "127.0.0.1:0"};
  command.insert(command.end(), registry.flags().begin(), registry.flags().end());
  const Outcome outcome = RunToEnd(command);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors,
              AllOf(HasSubstr("DATABASE_NOT_REACHED"), HasSubstr("127.0.0.1"), Not(HasSubstr("terminate"))));
}

TEST_F(MariadbTest, PasswordIsNeverShown) {
  Folder folder;
  const Outcome outcome =
      RunToEnd({Binary("tsunagu-registry"), "--database", "mysql://u:hush@127.0.0.1:1/t", "--data-dir", folder.path()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, Not(HasSubstr("hush@")));
}

TEST_F(MariadbTest, SchemaThatDoesNotFitNamesTheCommandThatHelps) {
  const std::string prefix = Prefix();
  const MariadbRegistry registry(*mariadb_, prefix);
  const auto apply = [&] { return registry.Tool({"migrate", "--apply"}).output; };
  const auto plan = [&] { return registry.Tool({"migrate", "--plan"}).output; };
  EXPECT_EQ(plan(), "0 to apply (tsunagu migrate --apply)\n");

  std::vector<std::string> command = {Binary("tsunagu-registry"), "--listen", "127.0.0.1:0"};
  command.insert(command.end(), registry.flags().begin(), registry.flags().end());
  for (const std::string& change : {std::string("DROP TABLE ") + prefix + "_registry.facilities",
                                    "ALTER TABLE " + prefix + "_registry.facilities DROP COLUMN note"}) {
    SCOPED_TRACE(change);
    mariadb_->Define(change);
    const Outcome refused = RunToEnd(command);
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, HasSubstr("tsunagu migrate --apply"));
    const std::string planned = plan();
    EXPECT_THAT(planned, AllOf(HasSubstr("registry: "), HasSubstr("to apply (tsunagu migrate --apply)")));
    EXPECT_EQ(plan(), planned) << "a plan changes nothing";
    EXPECT_THAT(apply(), HasSubstr("applied"));
    EXPECT_EQ(plan(), "0 to apply (tsunagu migrate --apply)\n");
    ServerProcess server(registry.data_dir(), registry.Options());
    EXPECT_EQ(FacilityCount(server), 0);
  }
}

}  // namespace
}  // namespace tsunagu::process
