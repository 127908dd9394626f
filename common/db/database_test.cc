#include "common/db/database.h"
#include "common/base/clock.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/database_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string NameOfEngine(const testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::kMysql ? "Mysql" : "Sqlite";
}

// Every promise of database.h, on both engines.
INSTANTIATE_TEST_SUITE_P(Engines, DatabaseTest, testing::Values(Dialect::kSqlite, Dialect::kMysql), NameOfEngine);

TEST_P(DatabaseTest, TextAndBlobsComeBackAsTheyWere) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const std::vector<std::string> texts = {
      "", "plain", "保育所", "😀", "𠮷野家", "葛\U000E0100城", std::string("a\0b", 3), std::string(300'000, 'x') + "𠮷",
  };
  const std::vector<std::string> blobs = {"", every_byte, std::string(300'000, '\xff'), std::string(3, '\0')};
  for (const std::string& text : texts) {
    for (const std::string& blob : blobs) {
      ASSERT_TRUE(Execute("DELETE FROM things").ok());
      const auto inserted = Execute("INSERT INTO things (id, word, bytes) VALUES ('a', ?, ?)", {text, Blob{blob}});
      ASSERT_TRUE(inserted.ok()) << inserted.status();
      EXPECT_THAT(Select("SELECT word FROM things"), ElementsAre(text));
      EXPECT_THAT(Select("SELECT bytes FROM things WHERE word = ?", {text}), ElementsAre(blob));
    }
  }
}

TEST_P(DatabaseTest, IntegersAndNullsComeBackAsTheyWere) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr absl::string_view kInsert = "INSERT INTO things (id, n, word, bytes) VALUES (?, ?, ?, ?)";
  ASSERT_TRUE(Execute(kInsert, {"a", kMin, absl::monostate(), absl::monostate()}).ok());
  ASSERT_TRUE(Execute(kInsert, {"b", kMax, "text", Blob{"blob"}}).ok());
  ASSERT_TRUE(Execute(kInsert, {"c", absl::monostate(), absl::string_view(), Blob{absl::string_view()}}).ok());
  std::vector<int64_t> numbers;
  ASSERT_TRUE(database_
                  ->Read(Soon(),
                         [&](Session& session) {
                           return session.Query("SELECT n, word, bytes FROM things ORDER BY id", {},
                                                [&](const Row& row) {
                                                  numbers.push_back(row.Integer(0));
                                                  EXPECT_TRUE(!row.IsNull(1) || row.Bytes(1).empty());
                                                  return absl::OkStatus();
                                                });
                         })
                  .ok());
  EXPECT_THAT(numbers, ElementsAre(kMin, kMax, 0));
  EXPECT_THAT(Select("SELECT n FROM things ORDER BY id"), ElementsAre(absl::StrCat(kMin), absl::StrCat(kMax), "-"));
  EXPECT_THAT(Select("SELECT word FROM things ORDER BY id"), ElementsAre("-", "text", ""));
  EXPECT_THAT(Select("SELECT bytes FROM things ORDER BY id"), ElementsAre("-", "blob", ""));
}

TEST_P(DatabaseTest, SumsAndCountsAreIntegers) {
  ASSERT_TRUE(Execute("INSERT INTO things (id, n) VALUES ('a', 9007199254740993), ('b', 2)").ok());
  ASSERT_TRUE(database_
                  ->Read(Soon(),
                         [&](Session& session) {
                           return session.Query("SELECT COUNT(*), SUM(n), MAX(n) FROM things", {}, [&](const Row& row) {
                             EXPECT_EQ(row.Integer(0), 2);
                             EXPECT_EQ(row.Integer(1), 9007199254740995);
                             EXPECT_EQ(row.Integer(2), 9007199254740993);
                             return absl::OkStatus();
                           });
                         })
                  .ok());
}

TEST_P(DatabaseTest, ExecuteCountsTheRowsThatMatched) {
  EXPECT_EQ(*Execute("INSERT INTO things (id, n) VALUES ('a', 1), ('b', 1)"), 2);
  EXPECT_EQ(*Execute("UPDATE things SET n = 1 WHERE id = 'a'"), 1) << "unchanged";
  EXPECT_EQ(*Execute("UPDATE things SET n = 2 WHERE n = 1"), 2);
  EXPECT_EQ(*Execute("UPDATE things SET n = 3 WHERE id = 'c'"), 0);
  EXPECT_EQ(*Execute("DELETE FROM things"), 2);
}

TEST_P(DatabaseTest, NamesTheViolatedIndex) {
  constexpr absl::string_view kInsert = "INSERT INTO things (id, code) VALUES (?, ?)";
  ASSERT_TRUE(Execute(kInsert, {"a", "for key 'x'"}).ok());
  EXPECT_EQ(Execute(kInsert, {"a", "2"}).status(), absl::AlreadyExistsError("id"));
  EXPECT_EQ(Execute(kInsert, {"b", "for key 'x'"}).status(), absl::AlreadyExistsError("u_things_code"));
  EXPECT_TRUE(Execute(kInsert, {"b", absl::monostate()}).ok());
  EXPECT_TRUE(Execute(kInsert, {"c", absl::monostate()}).ok()) << "NULLs do not collide";
  EXPECT_TRUE(Execute(kInsert, {"A", "For key 'x'"}).ok()) << "byte by byte";
}

TEST_P(DatabaseTest, ErrorOfABodyRollsBackAndIsReturned) {
  const absl::Status status = database_->Write(Soon(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Execute("INSERT INTO things (id) VALUES ('a')").status());
    return Fail("ETAG_MISMATCH"_reason);
  });
  EXPECT_EQ(ReasonOf(status), "ETAG_MISMATCH"_reason) << status;
  EXPECT_THAT(Select("SELECT id FROM things"), IsEmpty());
}

TEST_P(DatabaseTest, BodyMayGoOnAfterADuplicate) {
  ASSERT_TRUE(Execute("INSERT INTO things (id, n) VALUES ('a', 1)").ok());
  const absl::Status status = database_->Write(Soon(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Execute("INSERT INTO things (id) VALUES ('b')").status());
    EXPECT_TRUE(absl::IsAlreadyExists(session.Execute("INSERT INTO things (id) VALUES ('a')").status()));
    return session.Execute("UPDATE things SET n = 2 WHERE id = 'a'").status();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(Select("SELECT id FROM things ORDER BY id"), ElementsAre("a", "b"));
  EXPECT_THAT(Select("SELECT n FROM things WHERE id = 'a'"), ElementsAre("2"));
}

TEST_P(DatabaseTest, OurOwnMistakesAreInternal) {
  EXPECT_TRUE(absl::IsInternal(Execute("NONSENSE").status()));
  EXPECT_TRUE(absl::IsInternal(Execute("DELETE FROM things WHERE id = ?").status())) << "parameter missing";
  EXPECT_TRUE(absl::IsInternal(Execute("DELETE FROM things", {"a"}).status())) << "parameter too many";
  EXPECT_FALSE(
      database_->Read(Soon(), [](Session& session) { return session.Execute("DELETE FROM things").status(); }).ok());
  EXPECT_TRUE(Execute("DELETE FROM things").ok());
}

TEST_P(DatabaseTest, QueryStopsAtTheFirstErrorOfItsCallback) {
  ASSERT_TRUE(Execute("INSERT INTO things (id) VALUES ('a'), ('b'), ('c')").ok());
  int rows = 0;
  const absl::Status status = database_->Read(Soon(), [&](Session& session) {
    return session.Query("SELECT id FROM things", {},
                         [&](const Row&) { return ++rows == 2 ? absl::CancelledError() : absl::OkStatus(); });
  });
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(rows, 2);
}

TEST_P(DatabaseTest, SameQueryWithinItsOwnLoop) {
  ASSERT_TRUE(Execute("INSERT INTO things (id) VALUES ('a'), ('b'), ('c')").ok());
  constexpr absl::string_view kQuery = "SELECT id FROM things WHERE id >= ? ORDER BY id";
  std::string seen;
  ASSERT_TRUE(database_
                  ->Read(Soon(),
                         [&](Session& session) {
                           return session.Query(kQuery, {"a"}, [&](const Row& outer) {
                             const std::string from = outer.Bytes(0);
                             return session.Query(kQuery, {from}, [&](const Row& inner) {
                               absl::StrAppend(&seen, outer.Bytes(0), inner.Bytes(0), " ");
                               return absl::OkStatus();
                             });
                           });
                         })
                  .ok());
  EXPECT_EQ(seen, "aa ab ac bb bc cc ");
}

TEST_P(DatabaseTest, ASnapshotIsOneState) {
  ASSERT_TRUE(Execute("INSERT INTO things (id) VALUES ('a')").ok());
  const auto count = [](Session& session, int64_t& rows) {
    return session.Query("SELECT COUNT(*) FROM things", {}, [&](const Row& row) {
      rows = row.Integer(0);
      return absl::OkStatus();
    });
  };
  int64_t before = 0, within = 0, after = 0;
  const absl::Status read = database_->Read(Soon(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Snapshot([&]() -> absl::Status {
      RETURN_IF_ERROR(count(session, before));
      EXPECT_TRUE(Execute("INSERT INTO things (id) VALUES ('b')").ok());
      return count(session, within);
    }));
    return count(session, after);
  });
  ASSERT_TRUE(read.ok()) << read;
  EXPECT_EQ(before, 1);
  EXPECT_EQ(within, 1);
  EXPECT_EQ(after, 2) << "the session has left it";
  EXPECT_TRUE(absl::IsCancelled(database_->Read(
      Soon(), [](Session& session) { return session.Snapshot([] { return absl::CancelledError(); }); })));
  EXPECT_TRUE(Execute("INSERT INTO things (id) VALUES ('c')").ok());
}

// Compare-and-set on a row, the only way the suite updates.
TEST_P(DatabaseTest, ConcurrentIncrementsLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  ASSERT_TRUE(Execute("INSERT INTO things (id, n) VALUES ('a', 0)").ok());
  auto increment = [&] {
    return database_->Write(Soon(), [](Session& session) -> absl::Status {
      int64_t n = -1;
      RETURN_IF_ERROR(session.Query("SELECT n FROM things WHERE id = 'a'", {}, [&](const Row& row) {
        n = row.Integer(0);
        return absl::OkStatus();
      }));
      ASSIGN_OR_RETURN(const int64_t matched,
                       session.Execute("UPDATE things SET n = ? WHERE id = 'a' AND n = ?", {n + 1, n}));
      return matched == 1 ? absl::OkStatus() : Fail("ETAG_MISMATCH"_reason);
    });
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int done = 0; done < kEach;) {
        const absl::Status status = increment();
        done += status.ok() ? 1 : 0;
        ASSERT_TRUE(status.ok() || ReasonOf(status) == "ETAG_MISMATCH"_reason) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Select("SELECT n FROM things"), ElementsAre(absl::StrCat(kThreads * kEach)));
}

TEST_P(DatabaseTest, ReadsWaitForAConnectionNoLongerThanTheirDeadline) {
  std::vector<std::unique_ptr<Holder>> holders;
  for (int i = 0; i < kConnections; ++i) {
    holders.push_back(std::make_unique<Holder>([this](auto body) { return database_->Read(Soon(), body); }));
  }
  bool ran = false;
  auto body = [&](Session&) {
    ran = true;
    return absl::OkStatus();
  };
  const absl::Status status = database_->Read(Deadline::After(absl::Milliseconds(50)), body);
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  EXPECT_FALSE(ran);
  holders.pop_back();
  EXPECT_TRUE(database_->Read(Soon(), body).ok());
}

TEST_P(DatabaseTest, WritesWaitForTheirTurnNoLongerThanTheirDeadline) {
  std::vector<std::unique_ptr<Holder>> holders;
  const int enough = GetParam() == Dialect::kMysql ? kConnections : 1;
  for (int i = 0; i < enough; ++i) {
    holders.push_back(std::make_unique<Holder>([this](auto body) { return database_->Write(Soon(), body); }));
  }
  bool ran = false;
  auto body = [&](Session&) {
    ran = true;
    return absl::OkStatus();
  };
  const absl::Status status = database_->Write(Deadline::After(absl::Milliseconds(50)), body);
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  EXPECT_FALSE(ran);
  holders.pop_back();
  EXPECT_TRUE(database_->Write(Deadline::Never(), body).ok());
}

// Only the steady time comes near the deadline: the machine's own is still an hour away from it.
TEST_P(DatabaseTest, ReadsWaitForAConnectionInSteadyTime) {
  std::vector<std::unique_ptr<Holder>> holders;
  for (int i = 0; i < kConnections; ++i) {
    holders.push_back(std::make_unique<Holder>([this](auto body) { return database_->Read(Deadline::Never(), body); }));
  }
  const Deadline deadline = Deadline::After(absl::Hours(1));
  SteadyTime::Advance(absl::Hours(1) - absl::Milliseconds(20));
  const absl::Status status = database_->Read(deadline, [](Session&) { return absl::OkStatus(); });
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
}

TEST_P(DatabaseTest, WritesWaitForTheirTurnInSteadyTime) {
  std::vector<std::unique_ptr<Holder>> holders;
  const int enough = GetParam() == Dialect::kMysql ? kConnections : 1;
  for (int i = 0; i < enough; ++i) {
    holders.push_back(
        std::make_unique<Holder>([this](auto body) { return database_->Write(Deadline::Never(), body); }));
  }
  const Deadline deadline = Deadline::After(absl::Hours(1));
  SteadyTime::Advance(absl::Hours(1) - absl::Milliseconds(20));
  const absl::Status status = database_->Write(deadline, [](Session&) { return absl::OkStatus(); });
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
}

// A thousand rows, joined four times with themselves: no engine answers this within a test.
class CostlyQuestionTest : public DatabaseTest {
 protected:
  static constexpr absl::string_view kCostly =
      "SELECT COUNT(*) FROM things a, things b, things c, things d WHERE a.n + b.n + c.n + d.n < 0";

  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    const absl::Status filled = database_->Write(Soon(), [](Session& session) -> absl::Status {
      for (int64_t n = 0; n < 1000; ++n) {
        RETURN_IF_ERROR(session.Execute("INSERT INTO things (id, n) VALUES (?, ?)", {absl::StrCat(n), n}).status());
      }
      return absl::OkStatus();
    });
    ASSERT_TRUE(filled.ok()) << filled;
  }

  static absl::Status Ask(Session& session) {
    return session.Query(kCostly, {}, [](const Row&) { return absl::OkStatus(); });
  }

  bool IsBeingAsked() {
    if (GetParam() == Dialect::kSqlite) return database_->load().connections > 0;
    return Select(
               "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE "
               "'SELECT COUNT(*) FROM things a%'") == std::vector<std::string>{"1"};
  }

  // Checks the connection that was used last.
  void ExpectGood() { EXPECT_THAT(Select("SELECT COUNT(*) FROM things"), ElementsAre("1000")); }
};

INSTANTIATE_TEST_SUITE_P(Engines, CostlyQuestionTest, testing::Values(Dialect::kSqlite, Dialect::kMysql), NameOfEngine);

TEST_P(CostlyQuestionTest, StopsWhenItsWorkIsUsedUp) {
  const absl::Status status = database_->Read(Deadline::Never(), [](Session& session) {
    session.BoundWork(absl::Milliseconds(100));
    return Ask(session);
  });
  EXPECT_EQ(ReasonOf(status), "QUERY_TOO_COSTLY"_reason) << status;
  ExpectGood();
}

TEST_P(CostlyQuestionTest, TheBoundIsOfOneRead) {
  const absl::Status status = database_->Read(Deadline::After(absl::Milliseconds(300)), [](Session& session) {
    session.BoundWork(absl::Hours(1));
    return Ask(session);
  });
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  ExpectGood();
}

TEST_P(CostlyQuestionTest, StopsWhenNobodyWaitsForTheAnswer) {
  std::atomic<bool> gone{false};
  std::thread caller([&] {
    while (!IsBeingAsked()) std::this_thread::yield();
    gone = true;
  });
  const absl::Status status = database_->Read(Deadline::Never().OrOnce(gone), Ask);
  caller.join();
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  ExpectGood();
}

TEST_P(CostlyQuestionTest, StopsWhenTheSteadyTimePassesItsDeadline) {
  std::thread clock([&] {
    while (!IsBeingAsked()) std::this_thread::yield();
    SteadyTime::Advance(absl::Hours(2));
  });
  const absl::Status status = database_->Read(Deadline::After(absl::Hours(1)), Ask);
  clock.join();
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  ExpectGood();
}

TEST_P(CostlyQuestionTest, AWriteIsUndoneWhenTheSteadyTimePassesItsDeadline) {
  if (GetParam() != Dialect::kMysql) GTEST_SKIP() << "SQLite's writer runs short bodies, and looks between them";
  std::thread clock([&] {
    while (!IsBeingAsked()) std::this_thread::yield();
    SteadyTime::Advance(absl::Hours(2));
  });
  const absl::Status status = database_->Write(Deadline::After(absl::Hours(1)), [](Session& session) {
    RETURN_IF_ERROR(session.Execute("DELETE FROM things WHERE n < 10", {}).status());
    return Ask(session);
  });
  clock.join();
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  ExpectGood();
}

// The server stops the query too.
TEST_P(CostlyQuestionTest, NothingRunsOnInTheServer) {
  if (GetParam() != Dialect::kMysql) GTEST_SKIP() << "SQLite runs in this process";
  EXPECT_EQ(ReasonOf(database_->Read(Deadline::After(absl::Milliseconds(100)), Ask)), "DEADLINE_EXCEEDED"_reason);
  EXPECT_FALSE(IsBeingAsked());
}

// As after a restart of the server, which ends the connection on which statements are stopped.
TEST_P(CostlyQuestionTest, IsStoppedWhenTheConnectionForThatHasDied) {
  if (GetParam() != Dialect::kMysql) GTEST_SKIP() << "SQLite runs in this process";
  const auto ask = [&] { return ReasonOf(database_->Read(Deadline::After(absl::Milliseconds(100)), Ask)); };
  EXPECT_EQ(ask(), "DEADLINE_EXCEEDED"_reason);
  const std::vector<std::string> others =
      Select("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()");
  ASSERT_FALSE(others.empty());
  for (const std::string& id : others) ASSERT_TRUE(database_->Define(absl::StrCat("KILL CONNECTION ", id)).ok()) << id;
  EXPECT_EQ(ask(), "DEADLINE_EXCEEDED"_reason);
  EXPECT_FALSE(IsBeingAsked());
}

TEST_P(CostlyQuestionTest, AWriteThatNobodyWaitsForIsUndone) {
  if (GetParam() != Dialect::kMysql) GTEST_SKIP() << "SQLite's writer runs short bodies, and looks between them";
  const absl::Status status = database_->Write(Deadline::After(absl::Milliseconds(300)), [](Session& session) {
    RETURN_IF_ERROR(session.Execute("DELETE FROM things WHERE n < 10", {}).status());
    return Ask(session);
  });
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  ExpectGood();
}

TEST_P(DatabaseTest, DescribesTables) {
  ASSERT_TRUE(database_->Define("CREATE INDEX i_things_two ON things (code, n)").ok());
  const FoundTable shape = *database_->Describe("things");
  EXPECT_THAT(*database_->Columns("things"), ElementsAre("id", "n", "word", "bytes", "code"));
  EXPECT_EQ(shape.FindColumn("id")->type, "VARCHAR(20)");
  EXPECT_FALSE(shape.FindColumn("id")->nullable);
  EXPECT_EQ(shape.FindColumn("n")->type, "BIGINT");
  EXPECT_TRUE(shape.FindColumn("n")->nullable);
  EXPECT_EQ(shape.FindColumn("bytes")->type, "LONGBLOB");
  ASSERT_EQ(shape.indexes.size(), 3u);
  EXPECT_EQ(shape.FindIndex("i_things_two")->columns, "`code`, `n`");
  EXPECT_FALSE(shape.FindIndex("i_things_two")->unique);
  EXPECT_EQ(shape.FindIndex("u_things_code")->columns, "`code`");
  EXPECT_TRUE(shape.FindIndex("u_things_code")->unique);
  EXPECT_FALSE(database_->Describe("nothing")->exists());
  EXPECT_THAT(*database_->Columns("nothing"), IsEmpty());
  EXPECT_EQ(database_->dialect(), GetParam());
}

}  // namespace
}  // namespace tsunagu::store
