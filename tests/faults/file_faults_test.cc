// The n-th operation on a file fails, for every n of a short workload.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/db/sqlite/faulty_files.h"
#include "common/records/store.h"
#include "gtest/gtest.h"
#include "tests/faults/facility_store.h"
#include "tests/process/process.h"

namespace tsunagu::faults {
namespace {

using store::FaultyFiles;
using Fault = FaultyFiles::Fault;

struct Sweep {
  std::string name;
  Fault fault;
  bool lasting;
};
void PrintTo(const Sweep& sweep, std::ostream* out) { *out << sweep.name; }

class FileFaultsTest : public testing::TestWithParam<Sweep> {
 protected:
  FileFaultsTest() {
    FaultyFiles::Install();
    // The tables, made once.
    History ignored("file-faults-template");
    EXPECT_TRUE(FacilityStore::Open(folder_ / "template.db", folder_.path(), ignored).ok());
  }

  std::string Fresh() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(Path() + end);
    std::filesystem::copy_file(folder_ / "template.db", Path());
    return Path();
  }
  std::string Path() const { return folder_ / "registry.db"; }

  // Opens, changes and reads, and closes, which moves the log into the file. Each of these may fail.
  void Work(History& history) const {
    for (int visit = 0; visit < 2; ++visit) {
      const auto store = FacilityStore::Open(Path(), folder_.path(), history);
      if (!store.ok()) continue;
      for (const char* id : {"f-a", "f-b"}) {
        (void)(*store)->Create(id, absl::StrCat("create ", id, visit));
        (void)(*store)->Read(id);
        (void)(*store)->Update(id, absl::StrCat("update ", id, visit));
      }
    }
  }

  // In memory: a real disk would only add time.
  const process::Folder folder_{"/dev/shm"};
};

TEST_P(FileFaultsTest, NothingAcknowledgedIsLostAndNothingIsDamaged) {
  const auto [name, fault, lasting] = GetParam();
  int64_t n = 1;
  for (bool failed = true; failed && !HasFailure(); ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    Fresh();
    History history(absl::StrCat("file-faults-", name));
    FaultyFiles::Fail(n, fault, lasting);
    Work(history);
    failed = FaultyFiles::Heal() > 0;
    ExpectFileHolds(Path(), history);
  }
  EXPECT_GT(n, 100) << "the workload is that long";
}

// The store that got the error continues to work afterwards.
TEST_P(FileFaultsTest, TheSameStoreWorksAgain) {
  const auto [name, fault, lasting] = GetParam();
  for (int64_t n = 1; n <= 40 && !HasFailure(); ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    Fresh();
    History history(absl::StrCat("file-faults-again-", name));
    {
      const auto store = FacilityStore::Open(Path(), folder_.path(), history);
      ASSERT_TRUE(store.ok()) << store.status();
      ASSERT_TRUE((*store)->Create("f-a", "create").ok());
      FaultyFiles::Fail(n, fault, lasting);
      for (int i = 0; i < 4; ++i) (void)(*store)->Update("f-a", absl::StrCat("update ", i));
      FaultyFiles::Heal();
      const absl::Status after = (*store)->Update("f-a", "after");
      EXPECT_TRUE(after.ok()) << after;
      EXPECT_TRUE((*store)->Read("f-a").ok());
    }
    ExpectFileHolds(Path(), history);
  }
}

INSTANTIATE_TEST_SUITE_P(All, FileFaultsTest,
                         testing::Values(Sweep{"Error", Fault::kError, false}, Sweep{"Errors", Fault::kError, true},
                                         Sweep{"NoSpace", Fault::kNoSpace, true},
                                         Sweep{"HalfAWrite", Fault::kHalfAWrite, false},
                                         Sweep{"SyncThenFull", Fault::kSyncThenFull, true}),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tsunagu::faults
