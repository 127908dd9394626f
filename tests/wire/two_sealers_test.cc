// Two replicas on one database, each with a sealer: one chain, and one of them seals until it is gone.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/db/mysql/mysql_testing.h"
#include "common/db/open.h"
#include "common/host/keys.h"
#include "common/journal/sealer.h"
#include "common/journal/verify_journal.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/testing/note_newer.pb.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using trial::newer::Note;

// One process of a service that has nothing but notes.
class Replica {
 public:
  Replica(const std::string& location, const HostConfig& keys, const Clock& clock) {
    auto database = store::Open(location);
    EXPECT_EQ(Said(database), "OK");
    auto keyring = OpenKeyring(keys, "trial", **database, clock);
    EXPECT_EQ(Said(keyring), "OK");
    service_ = std::make_unique<Service>("trial", *std::move(database), *std::move(keyring), clock, Entropy::System());
    notes_ = service_->Add<Note>().table;
    store::Opening opening;
    opening.may_migrate = true;
    const absl::Status opened = service_->Open(opening);
    EXPECT_EQ(Said(opened), "OK");
  }

  std::string Create(const std::string& id) {
    const identity::Actor actor{"tests", "", "", "tests", "", identity::Scope::Everything()};
    Note note;
    return Said(service_->store().Change(actor, Patience(), {}, note, [&](store::Tx& tx) {
      note.Clear();
      note.set_text(id);
      return notes_->Insert(tx, id, note);
    }));
  }
  std::string SealWaiting() { return Said(service_->sealer().SealWaiting(Patience())); }
  store::Database& database() { return service_->store().database(); }
  store::JournalHead Head() {
    store::JournalHead head;
    const absl::Status read = database().Read(Patience(), [&](store::Session& session) -> absl::Status {
      auto now = store::JournalHead::Read(session);
      if (now.ok()) head = *now;
      return now.status();
    });
    EXPECT_EQ(Said(read), "OK");
    return head;
  }
  // Until the sealers have come round.
  bool AllSealed() {
    const Deadline patience = Deadline::After(absl::Seconds(20));
    while (Count(database(), "SELECT COUNT(*) FROM `journal_pending`") > 0) {
      if (patience.Over()) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  Deadline Patience() const { return Deadline::After(absl::Seconds(30)); }

  std::unique_ptr<Service> service_;
  store::Table* notes_ = nullptr;
};

class TwoSealersTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(keys_.data_dir);
    if (GetParam() == Engine::kSqlite) {
      location_ = keys_.data_dir + "/trial.db";
    } else if (store::HasTestServer()) {
      schema_.emplace();
      location_ = absl::StrCat(std::getenv("TSUNAGU_TEST_MYSQL"), "/", schema_->options().schema);
    } else {
      GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
    }
  }
  void TearDown() override { std::filesystem::remove_all(keys_.data_dir); }

  std::unique_ptr<Replica> Start() { return std::make_unique<Replica>(location_, keys_, clock_); }
  static void ExpectWhole(Replica& replica) {
    const auto report = store::VerifyJournal(replica.database(), "trial", {}, "", nullptr);
    ASSERT_EQ(Said(report), "OK");
    EXPECT_THAT(report->findings, testing::IsEmpty());
    EXPECT_EQ(report->waiting, 0);
    EXPECT_EQ(report->sealed, Count(replica.database(), "SELECT COUNT(*) FROM `journal`"));
    EXPECT_EQ(report->sealed, Count(replica.database(), "SELECT MAX(`place`) FROM `journal_seal`"));
  }

  FakeClock clock_{absl::FromUnixSeconds(2'532'567'600)};  // after every real deadline
  HostConfig keys_ = [] {
    HostConfig keys;
    keys.data_dir = absl::StrCat(testing::TempDir(), "/tsunagu-sealers-", Base32(Entropy::System().Bytes(10)));
    return keys;
  }();
  std::optional<store::TestSchema> schema_;
  std::string location_;
};
WIRE_TEST_ON_BOTH(TwoSealersTest);

TEST_P(TwoSealersTest, UnderConcurrentWritersOnBothThereIsOneChain) {
  constexpr int kWriters = 2, kEach = 30;
  const auto one = Start(), other = Start();
  const Deadline patience = Deadline::After(absl::Seconds(60));
  // The first sealer may seal everything; so the writers continue until both have sealed.
  const auto one_seals_alone = [&] {
    return GetParam() == Engine::kMysql && one->Head().epoch < 2 && !patience.Over();
  };
  std::atomic<int> written = 0, writing = 2 * kWriters;
  std::vector<std::thread> threads;
  for (Replica* replica : {one.get(), other.get()}) {
    const char* prefix = replica == one.get() ? "a" : "b";
    for (int i = 0; i < kWriters; ++i) {
      threads.emplace_back([&, replica, prefix, i] {
        for (int j = 0; j < kEach || one_seals_alone(); ++j, ++written) {
          EXPECT_EQ(replica->Create(absl::StrCat(prefix, i, "-", j)), "OK");
        }
        --writing;
      });
    }
    // Whoever holds the lease.
    threads.emplace_back([&, replica] {
      while (writing > 0) EXPECT_EQ(replica->SealWaiting(), "OK");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(one->SealWaiting(), "OK");
  ExpectWhole(*other);
  EXPECT_EQ(Count(one->database(), "SELECT COUNT(*) FROM `journal` WHERE `name` LIKE 'notes/%'"), written);
  if (GetParam() == Engine::kMysql) {
    EXPECT_GE(one->Head().epoch, 2) << "both have sealed";
  }
}

TEST_P(TwoSealersTest, WhoHoldsTheLeaseSealsForTheOther) {
  if (GetParam() == Engine::kSqlite) GTEST_SKIP() << "on SQLite each change gives its rows their places itself";
  const auto one = Start();
  EXPECT_EQ(one->Create("a"), "OK");
  EXPECT_EQ(one->SealWaiting(), "OK");
  const auto other = Start();
  const store::JournalHead before = one->Head();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(other->Create(absl::StrCat("b", i)), "OK");
    EXPECT_TRUE(other->AllSealed());
  }
  const store::JournalHead after = other->Head();
  EXPECT_EQ(after.holder, before.holder);
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_GT(after.place, before.place);
  ExpectWhole(*other);
}

TEST_P(TwoSealersTest, AHolderThatDisappearsIsFollowedWhenItsLeaseIsOver) {
  if (GetParam() == Engine::kSqlite) GTEST_SKIP() << "on SQLite each change gives its rows their places itself";
  auto one = Start();
  EXPECT_EQ(one->Create("a"), "OK");
  EXPECT_EQ(one->SealWaiting(), "OK");
  const auto other = Start();
  const store::JournalHead before = one->Head();
  one.reset();
  // As a crash leaves it: the lease was not given back.
  Execute(other->database(), "UPDATE `journal_head` SET `lease_time` = ? WHERE `id` = 1", {before.lease_time});
  EXPECT_EQ(other->Create("b"), "OK");
  // Its sealer looks every second; it has come past once it is there a second time.
  const Deadline looked = Deadline::After(absl::Milliseconds(1500));
  while (!looked.Over()) std::this_thread::yield();
  EXPECT_GT(Count(other->database(), "SELECT COUNT(*) FROM `journal_pending`"), 0) << "the lease is respected";
  clock_.Advance(absl::Seconds(6));
  EXPECT_TRUE(other->AllSealed());
  const store::JournalHead after = other->Head();
  EXPECT_NE(after.holder, before.holder);
  EXPECT_EQ(after.epoch, before.epoch + 1);
  EXPECT_EQ(after.place, before.place + 1);
  ExpectWhole(*other);
}

}  // namespace
}  // namespace tsunagu::wire
