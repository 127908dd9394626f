#include "common/db/sqlite/sqlite_database.h"
#include "common/base/clock.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/base/turn.h"
#include "common/db/sqlite/faulty_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using ::testing::HasSubstr;

constexpr char kLong[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT COUNT(*) FROM n";

class SqliteDatabaseTest : public testing::Test {
 protected:
  SqliteDatabaseTest() { FaultyFiles::Install(); }
  ~SqliteDatabaseTest() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void SetUp() override {
    std::filesystem::create_directory(folder_);
    Open(256);
    ASSERT_TRUE(database_->Define("CREATE TABLE things (id TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID").ok());
  }

  void Open(int max_batch) {
    SqliteOptions options{Path(), max_batch};
    absl::StatusOr<std::unique_ptr<Database>> opened = OpenSqlite(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    database_.reset(dynamic_cast<SqliteDatabase*>(opened->release()));
  }

  std::string Path() const { return folder_ + "/test.db"; }
  static Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

  absl::Status Insert(absl::string_view id, Deadline deadline) {
    return database_->Write(deadline, [&](Session& session) {
      return session.Execute("INSERT INTO things VALUES (?, NULL)", {id}).status();
    });
  }
  absl::Status Insert(absl::string_view id) { return Insert(id, Soon()); }

  int64_t Count() {
    int64_t count = -1;
    EXPECT_TRUE(database_
                    ->Read(Soon(),
                           [&](Session& session) {
                             return session.Query("SELECT COUNT(*) FROM things", {}, [&](const Row& row) {
                               count = row.Integer(0);
                               return absl::OkStatus();
                             });
                           })
                    .ok());
    return count;
  }

  // Runs `calls` concurrently and returns their results. The writer takes them in order into one transaction, after a
  // first call that only waits until all of them are queued.
  std::vector<absl::Status> WriteTogether(const std::vector<std::function<absl::Status()>>& calls) {
    std::vector<absl::Status> answers(calls.size());
    std::vector<std::thread> threads;
    EXPECT_TRUE(database_
                    ->Write(Soon(),
                            [&](Session&) {
                              for (size_t i = 0; i < calls.size(); ++i) {
                                threads.emplace_back([&, i] { answers[i] = calls[i](); });
                                while (database_->waiting() <= static_cast<int>(i)) std::this_thread::yield();
                              }
                              return absl::CancelledError();
                            })
                    .code() == absl::StatusCode::kCancelled);
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
  std::unique_ptr<SqliteDatabase> database_;
};

TEST_F(SqliteDatabaseTest, RefusesWhatIsNoDatabase) {
  const std::string path = folder_ + "/garbage.db";
  std::ofstream(path) << std::string(8192, 'x');
  const absl::Status status = OpenSqlite({path}).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_DAMAGED"_reason) << status;
  EXPECT_THAT(TextForOperator(status), HasSubstr(path));
}

TEST_F(SqliteDatabaseTest, RefusesAFolderThatIsNotThere) {
  const absl::Status status = OpenSqlite({folder_ + "/no/such.db"}).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_NOT_OPENED"_reason) << status;
  EXPECT_THAT(TextForOperator(status), HasSubstr("/no/such.db"));
}

TEST_F(SqliteDatabaseTest, RefusesWhatIsNotDurable) {
  const absl::Status status = OpenSqlite({":memory:"}).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_NOT_OPENED"_reason) << status;
  EXPECT_THAT(TextForOperator(status), HasSubstr("journal_mode"));
}

// What a test waits for from the writer's thread.
class Results {
 public:
  std::function<void(absl::Status)> Of(const std::string& id) {
    return [this, id](absl::Status result) {
      MutexLock lock(mutex_);
      order_.push_back(id);
      results_[id] = std::move(result);
      changed_.notify_all();
    };
  }
  absl::Status Await(const std::string& id) {
    MutexLock lock(mutex_);
    while (results_.find(id) == results_.end()) changed_.wait(mutex_);
    return results_[id];
  }
  std::vector<std::string> order() {
    MutexLock lock(mutex_);
    return order_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, absl::Status> results_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> order_ ABSL_GUARDED_BY(mutex_);
};

std::function<absl::Status(Session&)> Inserting(const std::string& id) {
  return [id](Session& session) {
    return session.Execute("INSERT INTO things VALUES (?, NULL)", {absl::string_view(id)}).status();
  };
}

// The last body is told first; one that fails undoes only its own work.
TEST_F(SqliteDatabaseTest, WriteLaterSharesTheTransactionOfOthers) {
  ASSERT_TRUE(Insert("taken").ok());
  const int64_t before = database_->batches();
  Results results;
  const auto answers = WriteTogether({
      [&] { return Insert("waited for"); },
      [&] { return database_->WriteLater(Soon(), Inserting("a"), results.Of("a")) ? absl::OkStatus() : Insert(""); },
      [&] {
        const auto twice = [](Session& session) -> absl::Status {
          RETURN_IF_ERROR(Inserting("half")(session));
          return Inserting("taken")(session);
        };
        return database_->WriteLater(Soon(), twice, results.Of("b")) ? absl::OkStatus() : Insert("");
      },
      [&] { return database_->WriteLater(Soon(), Inserting("c"), results.Of("c")) ? absl::OkStatus() : Insert(""); },
  });
  EXPECT_TRUE(answers[0].ok());
  EXPECT_TRUE(results.Await("a").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(results.Await("b")));
  EXPECT_TRUE(results.Await("c").ok());
  EXPECT_THAT(results.order(), testing::ElementsAre("c", "b", "a"));
  EXPECT_EQ(Count(), 4) << "taken, waited for, a and c";
  EXPECT_EQ(database_->batches() - before, 1);
}

TEST_F(SqliteDatabaseTest, WriteLaterEndsAtItsDeadlineBehindAnother) {
  Results results;
  ASSERT_EQ(database_
                ->Write(Soon(),
                        [&](Session&) {
                          database_->WriteLater(Deadline::After(-absl::Seconds(1)), Inserting("late"),
                                                results.Of("late"));
                          return absl::CancelledError();
                        })
                .code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(ReasonOf(results.Await("late")), "DEADLINE_EXCEEDED"_reason);
  EXPECT_EQ(Count(), 0);
}

TEST_F(SqliteDatabaseTest, WriteLaterEndsAtItsDeadlineBehindAnotherProcess) {
  const auto other = SqliteSession::Open(Path(), SqliteSession::Mode::kWriter);
  ASSERT_TRUE(other.ok() && (*other)->Begin().ok());
  Results results;
  ASSERT_TRUE(database_->WriteLater(Deadline::After(absl::Milliseconds(200)), Inserting("late"), results.Of("late")));
  EXPECT_EQ(ReasonOf(results.Await("late")), "DATABASE_UNAVAILABLE"_reason);
  ASSERT_TRUE((*other)->Rollback().ok());
  EXPECT_EQ(Count(), 0);
}

TEST_F(SqliteDatabaseTest, WriteLaterIsFinishedBeforeTheDatabaseCloses) {
  Results results;
  for (int i = 0; i < 50; ++i) {
    const std::string id = absl::StrCat(i);
    ASSERT_TRUE(database_->WriteLater(Soon(), Inserting(id), results.Of(id)));
  }
  database_.reset();
  EXPECT_EQ(results.order().size(), 50);
  Open(256);
  EXPECT_EQ(Count(), 50);
}

TEST_F(SqliteDatabaseTest, ManyWritersShareTransactions) {
  constexpr int kThreads = 64;
  constexpr int kEach = 20;
  std::vector<std::thread> threads;
  const int64_t before = database_->batches();
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) EXPECT_TRUE(Insert(absl::StrCat(thread, "-", i)).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(), kThreads * kEach);
  EXPECT_LT(database_->batches() - before, kThreads * kEach / 2);
}

TEST_F(SqliteDatabaseTest, OneTransactionEachWhereToldSo) {
  database_.reset();
  Open(1);
  WriteTogether({[&] { return Insert("a"); }, [&] { return Insert("b"); }, [&] { return Insert("c"); }});
  EXPECT_EQ(database_->batches(), 3);
}

TEST_F(SqliteDatabaseTest, FailingBodyTakesBackItsOwnWorkOnly) {
  const int64_t before = database_->batches();
  const auto answers =
      WriteTogether({[&] { return Insert("a"); },
                     [&] {
                       return database_->Write(Soon(), [&](Session& session) -> absl::Status {
                         RETURN_IF_ERROR(session.Execute("INSERT INTO things VALUES ('b', NULL)").status());
                         return absl::CancelledError();
                       });
                     },
                     [&] { return Insert("c"); }});
  EXPECT_TRUE(answers[0].ok());
  EXPECT_TRUE(absl::IsCancelled(answers[1]));
  EXPECT_TRUE(answers[2].ok());
  EXPECT_EQ(Count(), 2);
  EXPECT_EQ(database_->batches(), before + 1);
}

// Also in the batches that use savepoints after a batch that had to be run again, and after those.
TEST_F(SqliteDatabaseTest, OneFailingBodyInEachOfManyBatches) {
  constexpr int kBatches = 40;
  for (int i = 0; i < kBatches; ++i) {
    const auto answers =
        WriteTogether({[&] { return Insert(absl::StrCat("a", i)); },
                       [&] {
                         return database_->Write(Soon(), [&](Session& session) -> absl::Status {
                           RETURN_IF_ERROR(session.Execute("INSERT INTO things VALUES ('b', NULL)").status());
                           return absl::CancelledError();
                         });
                       },
                       [&] { return Insert(absl::StrCat("c", i)); }});
    EXPECT_TRUE(answers[0].ok() && absl::IsCancelled(answers[1]) && answers[2].ok()) << i;
  }
  EXPECT_EQ(Count(), 2 * kBatches);
}

TEST_F(SqliteDatabaseTest, ABodyThatFailsBeforeItWritesMakesNobodyRunAgain) {
  const auto fail = [&] { return database_->Write(Soon(), [](Session&) { return absl::CancelledError(); }); };
  int runs = 0;
  const auto answers = WriteTogether({[&] {
                                        return database_->Write(Soon(), [&](Session& session) {
                                          ++runs;
                                          return session.Execute("INSERT INTO things VALUES ('a', NULL)").status();
                                        });
                                      },
                                      fail, [&] { return Insert("a"); }});
  EXPECT_TRUE(answers[0].ok());
  EXPECT_TRUE(absl::IsCancelled(answers[1]));
  EXPECT_TRUE(absl::IsAlreadyExists(answers[2])) << answers[2];
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Count(), 1);
}

TEST_F(SqliteDatabaseTest, QueryThatRunsPastTheDeadlineIsInterrupted) {
  const absl::Status status = database_->Read(Deadline::After(absl::Milliseconds(50)), [&](Session& session) {
    return session.Query(kLong, {}, [](const Row&) { return absl::OkStatus(); });
  });
  EXPECT_EQ(ReasonOf(status), "DEADLINE_EXCEEDED"_reason) << status;
  EXPECT_EQ(Count(), 0);
}

TEST_F(SqliteDatabaseTest, SaysSoWhileSomebodyElseHoldsTheFile) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(Path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const absl::Status status = Insert("a", Deadline::After(absl::Milliseconds(100)));
  EXPECT_EQ(ReasonOf(status), "DATABASE_UNAVAILABLE"_reason) << status;
  EXPECT_EQ(Count(), 0);
  sqlite3_close(other);
  EXPECT_TRUE(Insert("b").ok());
  EXPECT_EQ(Count(), 1);
}

TEST_F(SqliteDatabaseTest, CommitThatCannotBeSyncedIsUnknownForAll) {
  FaultyFiles::sync_answer = SQLITE_IOERR_FSYNC;
  const auto answers = WriteTogether({[&] { return Insert("a"); }, [&] { return Insert("b"); }});
  FaultyFiles::sync_answer = SQLITE_OK;
  for (const absl::Status& answer : answers) EXPECT_EQ(ReasonOf(answer), "COMMIT_UNKNOWN"_reason) << answer;
  EXPECT_TRUE(Insert("c").ok());
}

TEST_F(SqliteDatabaseTest, CommitWithoutSpaceHasNotHappened) {
  FaultyFiles::write_answer = SQLITE_FULL;
  const auto answers = WriteTogether({[&] { return Insert("a"); }, [&] { return Insert("b"); }});
  FaultyFiles::write_answer = SQLITE_OK;
  for (const absl::Status& answer : answers) EXPECT_EQ(ReasonOf(answer), "DISK_FULL"_reason) << answer;
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(Insert("a").ok());
  EXPECT_EQ(Count(), 1);
}

// "No space" within a statement makes SQLite roll back the whole transaction, including the work of other bodies.
TEST_F(SqliteDatabaseTest, LostTransactionRunsEachBodyAlone) {
  ASSERT_TRUE(database_->Define("PRAGMA max_page_count = 20").ok());
  const std::string large(1 << 20, 'x');
  auto fill = [&] {
    return database_->Write(Soon(), [&](Session& session) -> absl::Status {
      EXPECT_FALSE(session.Execute("INSERT INTO things VALUES ('large', ?)", {Blob{large}}).ok());
      EXPECT_FALSE(session.Execute("INSERT INTO things VALUES ('outside', NULL)").ok());
      return absl::OkStatus();
    });
  };
  const auto answers = WriteTogether({[&] { return Insert("a"); }, fill, [&] { return Insert("b"); }});
  EXPECT_TRUE(answers[0].ok()) << answers[0];
  EXPECT_EQ(ReasonOf(answers[1]), "DISK_FULL"_reason) << answers[1];
  EXPECT_TRUE(answers[2].ok()) << answers[2];
  EXPECT_EQ(Count(), 2);
}

TEST_F(SqliteDatabaseTest, NamesTheViolatedIndex) {
  ASSERT_TRUE(database_->Define("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)").ok());
  ASSERT_TRUE(database_->Define("CREATE UNIQUE INDEX u_t_a_b ON t (a, b)").ok());
  ASSERT_TRUE(database_->Define("CREATE UNIQUE INDEX u_t_folded ON t (lower(a))").ok());
  auto insert = [&](absl::string_view sql) { return database_->Define(sql); };
  ASSERT_TRUE(insert("INSERT INTO t VALUES (1, 'a', 'b')").ok());
  EXPECT_EQ(insert("INSERT INTO t VALUES (1, 'x', 'y')"), absl::AlreadyExistsError("id"));
  EXPECT_EQ(insert("INSERT INTO t VALUES (2, 'A', 'y')"), absl::AlreadyExistsError("u_t_folded"));
  ASSERT_TRUE(database_->Define("DROP INDEX u_t_folded").ok());
  EXPECT_EQ(insert("INSERT INTO t VALUES (2, 'a', 'b')"), absl::AlreadyExistsError("u_t_a_b"));
}

// Returns how many things a read in this turn sees.
int64_t CountInTurn(Database& database) {
  int64_t count = -1;
  EXPECT_TRUE(database
                  .ReadInTurn(Deadline::After(absl::Seconds(20)),
                              [&](Session& session) {
                                return session.Snapshot([&] {
                                  return session.Query("SELECT COUNT(*) FROM things", {}, [&](const Row& row) {
                                    count = row.Integer(0);
                                    return absl::OkStatus();
                                  });
                                });
                              })
                  .ok());
  return count;
}

TEST_F(SqliteDatabaseTest, ReadsOfATurnSeeOneState) {
  ASSERT_TRUE(Insert("a").ok());
  {
    const Turn turn;
    EXPECT_EQ(CountInTurn(*database_), 1);
    ASSERT_TRUE(Insert("b").ok());
    EXPECT_EQ(CountInTurn(*database_), 1);
    EXPECT_EQ(Count(), 2) << "any other read sees what is there";
    EXPECT_EQ(database_->load().connections, 1);
  }
  EXPECT_EQ(database_->load().connections, 0) << "the turn gives its connection back";
  EXPECT_EQ(CountInTurn(*database_), 2) << "outside of a turn";
  const Turn next;
  EXPECT_EQ(CountInTurn(*database_), 2);
}

TEST_F(SqliteDatabaseTest, AReadOfATurnFailsAlone) {
  ASSERT_TRUE(Insert("a").ok());
  const Turn turn;
  for (const bool asks : {true, false}) {
    const absl::Status failed = database_->ReadInTurn(Soon(), [&](Session& session) -> absl::Status {
      if (asks) return session.Query("SELECT nothing", {}, [](const Row&) { return absl::OkStatus(); });
      return absl::NotFoundError("");
    });
    EXPECT_FALSE(failed.ok());
    EXPECT_EQ(CountInTurn(*database_), 1);
  }
  const absl::Status costly = database_->ReadInTurn(Soon(), [](Session& session) {
    session.BoundWork(absl::ZeroDuration());
    return session.Query(kLong, {}, [](const Row&) { return absl::OkStatus(); });
  });
  EXPECT_EQ(ReasonOf(costly), "QUERY_TOO_COSTLY"_reason) << costly;
  EXPECT_EQ(CountInTurn(*database_), 1) << "what one read may cost does not bound the next";
}

TEST_F(SqliteDatabaseTest, AReadWithinAReadOfATurnHasAConnectionOfItsOwn) {
  const Turn turn;
  int64_t within = -1;
  EXPECT_TRUE(database_
                  ->ReadInTurn(Soon(),
                               [&](Session&) {
                                 within = CountInTurn(*database_);
                                 return absl::OkStatus();
                               })
                  .ok());
  EXPECT_EQ(within, 0);
}

TEST_F(SqliteDatabaseTest, ATurnReadsFromSeveralDatabases) {
  const auto other = OpenSqlite({folder_ + "/other.db"});
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE((*other)->Define("CREATE TABLE things (id TEXT PRIMARY KEY) WITHOUT ROWID").ok());
  ASSERT_TRUE(Insert("a").ok());
  const Turn turn;
  EXPECT_EQ(CountInTurn(*database_), 1);
  EXPECT_EQ(CountInTurn(**other), 0);
  EXPECT_EQ(CountInTurn(*database_), 1);
}

}  // namespace
}  // namespace tsunagu::store
