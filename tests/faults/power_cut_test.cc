// The power of the store's disk is cut, in this process: acknowledged changes are present when it returns.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/db/sqlite/sqlite_database.h"
#include "common/records/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/facility_store.h"
#include "tests/faults/lossy_files.h"
#include "tests/faults/truth.h"
#include "tests/process/process.h"

namespace tsunagu::faults {
namespace {

constexpr int kCallers = 4;

class PowerCutTest : public testing::Test {
 protected:
  std::string Path(int cut) const { return absl::StrCat(folder_.path(), "/", cut, "/registry.db"); }
  void SetUp() override { std::filesystem::create_directory(folder_ / "0"); }

  // Writes from several threads until the power is cut; the surviving data is in the folder of the next cut.
  void WorkUntilCut(int cut, History& history, bool lies) {
    LossyFiles::Install();
    LossyFiles::set_lies(lies);
    std::filesystem::create_directory(folder_ / absl::StrCat(cut + 1));
    absl::StatusOr<std::unique_ptr<FacilityStore>> store = FacilityStore::Open(Path(cut), folder_.path(), history);
    ASSERT_TRUE(store.ok()) << store.status();
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        absl::Status status;
        for (int i = 0; OutcomeOf(status) == Outcome::kOk; ++i) {
          const std::string id = absl::StrCat("f-", cut, "-", caller, "-", i / 3);
          const std::string request = absl::StrCat("cut", cut, "-", caller, "-", i);
          status = i % 3 == 0 ? (*store)->Create(id, request) : (*store)->Update(id, request);
        }
      });
    }
    LossyFiles::WaitForOperations(LossyFiles::operations() + static_cast<int64_t>(1 + random_() % 400));
    LossyFiles::CutPower(random_, folder_ / absl::StrCat(cut + 1));
    for (std::thread& caller : callers) caller.join();
  }

  std::mt19937_64 random_{Seed()};
  const process::Folder folder_;
};

TEST_F(PowerCutTest, NothingAcknowledgedIsLost) {
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
  History history("power-cut");
  const int cuts = Kills();
  for (int cut = 0; cut < cuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(cut);
    WorkUntilCut(cut, history, /*lies=*/false);
    LossyFiles::Install();
    ExpectFileHolds(Path(cut + 1), history);
    std::filesystem::remove_all(folder_ / absl::StrCat(cut));
  }
  std::printf("%d power cuts in the process, seed %llu, %zu operations\n", cuts,
              static_cast<unsigned long long>(Seed()), history.operations().size());
}

// The test above can fail: a disk that only pretends to sync loses acknowledged changes.
TEST_F(PowerCutTest, IsNoticedWhereTheDiskLies) {
  History history("power-cut-lies");
  bool noticed = false;
  for (int cut = 0; cut < 20 && !noticed; ++cut) {
    WorkUntilCut(cut, history, /*lies=*/true);
    LossyFiles::Install();
    const auto database = store::OpenSqlite({Path(cut + 1)});
    const absl::StatusOr<Truth> truth = database.ok() ? ReadTruth(**database) : database.status();
    noticed = !truth.ok() || !Check(history.operations(), *truth).empty();
  }
  EXPECT_TRUE(noticed);
}

}  // namespace
}  // namespace tsunagu::faults
