// Ten times more calls than the server can handle: as many as possible are handled, and the others are refused at once.
#include <atomic>
#include <iostream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/http.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;

constexpr int kCallers = 80;

// Four threads, all of which can write in one commit; each commit takes 40 ms longer. So this server handles four
// updates in 40 ms on any machine, and ten times as many cost a busy machine little. Creates hold no thread until their
// commit: of those it handles as many as are offered.
ServerProcess::Options Small() {
  ServerProcess::Options options;
  options.flags = {"--workers", "4", "--queue", "60"};
  options.environment["TSUNAGU_FAILPOINTS"] = "store.before_commit=slow:40";
  options.admin_listener = true;
  return options;
}

struct Count {
  int offered = 0;
  int done = 0;
  absl::Duration time;
  double goodput() const { return done / absl::ToDoubleSeconds(time); }
  double offers() const { return offered / absl::ToDoubleSeconds(time); }
};

class OverloadTest : public testing::Test {
 protected:
  // Runs `callers` callers for `length`. After a refusal they retry soon, without the requested second.
  Count Load(int callers, absl::Duration pause, absl::Duration length) {
    std::atomic<int> offered{0}, done{0};
    const Stopwatch watch;
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&, caller] {
        Mutex mutex;
        CondVar never;
        while (watch.Elapsed() < length) {
          ++offered;
          const auto answer =
              server_.Call<Facility>("registry.v1.FacilityService/UpdateFacility", Renaming(caller, ++name_));
          if (answer.ok()) {
            ++done;
            continue;
          }
          EXPECT_EQ(answer.status().code(), absl::StatusCode::kResourceExhausted) << answer.status();
          MutexLock lock(mutex);
          never.wait_for(mutex, absl::ToChronoNanoseconds(pause));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return {offered, done, watch.Elapsed()};
  }
  void SetUp() override {
    std::vector<std::thread> threads;
    for (int caller = 0; caller < kCallers; ++caller) {
      threads.emplace_back([this, caller] {
        EXPECT_TRUE(server_.Call<Facility>(kCreateFacility, FacilityRequest(absl::StrCat("f-", caller))).ok());
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  static registry::v1::UpdateFacilityRequest Renaming(int caller, int name) {
    registry::v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/f-", caller));
    request.mutable_facility()->set_display_name(absl::StrCat("見本事業所", name));
    request.mutable_update_mask()->add_paths("display_name");
    return request;
  }
  bool AdminIsServed() {
    platform::v1::ListRolesRequest request;
    request.set_parent("services/registry");
    return server_.Call<platform::v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", request).ok();
  }

  Folder folder_;
  ServerProcess server_{folder_.path(), Small()};
  std::atomic<int> name_{0};
};

TEST_F(OverloadTest, GoodputStaysAndRefusalsAreQuick) {
  Load(8, absl::ZeroDuration(), absl::Milliseconds(500));
  Count peak, flood;
  for (int round = 0; round < 2; ++round) {  // alternated, so that other load affects both
    const Count few = Load(8, absl::Milliseconds(5), absl::Milliseconds(1500));
    std::thread admin([this] { EXPECT_TRUE(AdminIsServed()); });
    const Count many = Load(kCallers, absl::Milliseconds(30), absl::Milliseconds(1500));
    admin.join();
    peak = {peak.offered + few.offered, peak.done + few.done, peak.time + few.time};
    flood = {flood.offered + many.offered, flood.done + many.done, flood.time + many.time};
  }
  const std::string metrics = server_.SettledMetrics();
  const double refused = MetricIn(metrics, "tsunagu_refusal_seconds_count");
  const double quick = MetricIn(metrics, "tsunagu_refusal_seconds_bucket{le=\"0.01\"}");
  std::cout << "peak " << peak.goodput() << "/s; offered " << flood.offers() << "/s, done " << flood.goodput()
            << "/s; refused " << refused << ", in under 10 ms " << quick << "\n";
  EXPECT_GE(flood.offers(), 10 * peak.goodput()) << "no overload";
  EXPECT_GE(flood.goodput(), 0.8 * peak.goodput());
  EXPECT_GT(refused, 100);
  EXPECT_GE(quick, 0.99 * refused);
  EXPECT_GT(MetricIn(metrics, "tsunagu_shed_total"), 100);
  EXPECT_EQ(MetricIn(metrics, "tsunagu_limit_in_progress"), 0);
}

}  // namespace
}  // namespace tsunagu::process
