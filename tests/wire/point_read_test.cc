// A read of one record runs on gRPC's thread as long as it does not have to wait.
#include <atomic>
#include <deque>
#include <thread>

#include "common/db/database_testing.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class PointReadTest : public SuiteTest {};
INSTANTIATE_TEST_SUITE_P(, PointReadTest, testing::Values(Engine::kSqlite), EngineName);

TEST_P(PointReadTest, GoesToTheExecutorWhereItWouldHaveToWait) {
  CreateAreas();
  const store::Database::Load before = registry().load();
  absl::StatusOr<registry_v1::Area> area;
  std::thread reader;
  {
    std::deque<store::Holder> readers;
    for (int64_t i = 0; i < before.connections_bound; ++i) {
      readers.emplace_back([&](absl::FunctionRef<absl::Status(store::Session&)> body) {
        return registry().Read(Deadline::After(absl::Minutes(1)), body);
      });
    }
    reader = std::thread([&] { area = GetArea("areas/312011"); });
    while (registry().load().waiting == 0 || registry().load().waits < before.waits + 2) std::this_thread::yield();
    EXPECT_EQ(registry().load().waits, before.waits + 2) << "at once on gRPC's thread, then on the executor";
  }
  reader.join();
  EXPECT_EQ(Said(area), "OK");
  EXPECT_EQ(area->display_name(), "鳥取市");
}

// Reads of one turn of a connection's thread share a state of the database.
TEST_P(PointReadTest, SeesWhatWasAnsweredBeforeItWasSent) {
  CreateAreas();
  std::atomic<bool> done = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&] {
      while (!done) EXPECT_EQ(Said(GetArea("areas/312011")), "OK");
    });
  }
  for (int i = 0; i < 200; ++i) {
    registry_v1::UpdateAreaRequest update;
    update.mutable_area()->set_name("areas/312011");
    update.mutable_area()->set_kana(i % 2 == 0 ? "トットリシ" : "ミホンシ");
    update.mutable_update_mask()->add_paths("kana");
    ASSERT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", update)), "OK");
    const auto area = GetArea("areas/312011");
    ASSERT_EQ(Said(area), "OK");
    ASSERT_EQ(area->kana(), update.area().kana()) << "after " << i << " changes";
  }
  done = true;
  for (std::thread& other : others) other.join();
}

}  // namespace
}  // namespace tsunagu::wire
