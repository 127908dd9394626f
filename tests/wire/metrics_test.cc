// The metrics for operators change when the events that they count happen.
#include <functional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/journal/sealer.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "tests/process/http.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class MetricsTest : public SuiteTest {
 protected:
  static double Metric(const std::string& name, const std::string& labels = "service=\"registry\"") {
    return process::MetricIn(metrics::Registry::Process().Text(), absl::StrCat(name, "{", labels, "}"));
  }
  static bool Eventually(const std::function<bool()>& condition) {
    const Deadline patience = Deadline::After(absl::Seconds(20));
    while (!condition()) {
      if (patience.Over()) return false;
      std::this_thread::yield();
    }
    return true;
  }
  static Deadline Soon() { return Deadline::After(absl::Seconds(60)); }
};
WIRE_TEST_ON_BOTH(MetricsTest);

TEST_P(MetricsTest, JournalLagGrowsWhileNothingCanBeSealed) {
  if (GetParam() == Engine::kSqlite) GTEST_SKIP() << "on SQLite each change gives its rows their places itself";
  server().Spoil();
  ASSERT_EQ(Said(server().host().Find("registry")->sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  Execute(registry(), "UPDATE `journal_head` SET `id` = 2 WHERE `id` = 1");
  EXPECT_EQ(Metric("tsunagu_journal_lag_seconds"), 0);
  Create("a", AFacility("ほし", ""));
  clock().Advance(absl::Seconds(40));
  EXPECT_TRUE(Eventually([] { return Metric("tsunagu_journal_lag_seconds") >= 40; }));
  const double place = Metric("tsunagu_journal_place");
  Execute(registry(), "UPDATE `journal_head` SET `id` = 1 WHERE `id` = 2");
  EXPECT_TRUE(Eventually([&] { return Metric("tsunagu_journal_place") > place; }));
  EXPECT_TRUE(Eventually([] { return Metric("tsunagu_journal_lag_seconds") == 0; }));
}

TEST_P(MetricsTest, ConnectionsInUseAndWhoWaitsForThemAndForAThread) {
  // Alone: matching looks at places every two seconds, with a call that would wait here too.
  server().config().services = {"registry"};
  server().config().workers = 1;
  server().Restart();
  constexpr char kLane[] = "service=\"registry\",workload=\"interactive\"";
  const double waits = Metric("tsunagu_database_waits_total");
  const double waited = Metric("tsunagu_executor_wait_seconds_sum", kLane);
  const int bound = static_cast<int>(Metric("tsunagu_database_connections_bound"));
  ASSERT_GT(bound, 1);

  Mutex mutex;
  CondVar changed;
  bool over = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < bound; ++i) {
    threads.emplace_back([&] {
      EXPECT_EQ(Said(registry().Read(Soon(),
                                     [&](store::Session&) {
                                       MutexLock lock(mutex);
                                       while (!over) changed.wait(mutex);
                                       return absl::OkStatus();
                                     })),
                "OK");
    });
  }
  EXPECT_TRUE(Eventually([&] { return Metric("tsunagu_database_connections") == bound; }));
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      EXPECT_EQ(Said(admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                                       registry_v1::ListFacilitiesRequest())),
                "OK");
    });
  }
  EXPECT_TRUE(Eventually([] { return Metric("tsunagu_database_waiting") >= 1; }));
  EXPECT_TRUE(Eventually([&] { return Metric("tsunagu_executor_queued", kLane) == 1; }));
  EXPECT_EQ(Metric("tsunagu_executor_busy_threads"), 1);
  {
    MutexLock lock(mutex);
    over = true;
    changed.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(Metric("tsunagu_database_waits_total"), waits + 1);
  EXPECT_GT(Metric("tsunagu_executor_wait_seconds_sum", kLane), waited);
  EXPECT_EQ(Metric("tsunagu_executor_queued", kLane), 0);
  EXPECT_TRUE(Eventually([] { return Metric("tsunagu_database_connections") == 0; }));
}

// Two transactions take two rows in opposite order; the server ends one, and it is run again.
TEST_P(MetricsTest, TransactionsRunAgainAreCounted) {
  if (GetParam() == Engine::kSqlite) GTEST_SKIP() << "one writer has no conflicts";
  Create("a", AFacility("ほし", ""));
  Create("b", AFacility("ほし", ""));
  const double before = Metric("tsunagu_database_retries_total");
  Mutex mutex;
  CondVar changed;
  int holding = 0;
  const auto touch = [&](absl::string_view first, absl::string_view second) {
    constexpr absl::string_view kTouch = "UPDATE `facilities` SET `note` = `note` WHERE `id` = ?";
    bool met = false;
    return registry().Write(Soon(), [&](store::Session& session) -> absl::Status {
      RETURN_IF_ERROR(session.Execute(kTouch, {first}).status());
      if (!std::exchange(met, true)) {
        MutexLock lock(mutex);
        ++holding;
        changed.notify_all();
        while (holding < 2) changed.wait(mutex);
      }
      return session.Execute(kTouch, {second}).status();
    });
  };
  std::thread other([&] { EXPECT_EQ(Said(touch("b", "a")), "OK"); });
  EXPECT_EQ(Said(touch("a", "b")), "OK");
  other.join();
  EXPECT_GE(Metric("tsunagu_database_retries_total"), before + 1);
}

TEST_P(MetricsTest, CallsSentToAPeerOnceMoreAreCounted) {
  rpc::Peer nobody("nobody", rpc::Connect("unix:/nowhere/nobody.sock"));
  rpc::CallOptions options = admin().options();
  options.retry_safe = true;
  constexpr char kPeer[] = "peer=\"nobody\"";
  const double before = Metric("tsunagu_peer_retries_total", kPeer);
  const auto answer = nobody.Unary<registry_v1::ListFacilitiesResponse>(
      "tsunagu.registry.v1.FacilityService/ListFacilities", registry_v1::ListFacilitiesRequest(), options);
  EXPECT_EQ(Said(answer), "UNAVAILABLE PEER_UNAVAILABLE");
  EXPECT_EQ(Metric("tsunagu_peer_retries_total", kPeer), before + 4);
}

}  // namespace
}  // namespace tsunagu::wire
