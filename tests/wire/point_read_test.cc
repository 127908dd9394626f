// A read of one record runs on gRPC's thread, as long as it has to wait for nothing.
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

}  // namespace
}  // namespace tsunagu::wire
