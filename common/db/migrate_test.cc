#include "common/db/migrate.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/process.h"
#include "common/base/status_macros.h"
#include "common/db/database_testing.h"
#include "common/db/foreign_tables.h"
#include "common/db/installation.h"
#include "common/db/open.h"
#include "common/db/schema_lock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A schema of two versions: the second has an additional column, which a step fills, and an index over other columns.
class MigrateTest : public DatabaseTest {
 public:
  static SchemaDefinition First() {
    return {"trial",
            {{"words",
              {{"id", "VARCHAR(20) NOT NULL"}, {"word", "VARCHAR(50) NOT NULL DEFAULT ''"}},
              "`id`",
              {{"i_words_word", false, "`word`"}}}},
            {}};
  }
  static SchemaDefinition Second() {
    SchemaDefinition schema = First();
    schema.tables[0].columns.push_back({"length", "BIGINT"});
    schema.tables[0].indexes[0].columns = "`word`, `id`";
    schema.steps = {{"trial", 1, "words are found in the order of their ids", 0,
                     SchemaStep::DropIndex{"words", "i_words_word", "`word`"}},
                    {"trial", 2, "lengths of words", 0, SchemaStep::Fill{&FillLengths}}};
    return schema;
  }

  // Fills two rows per piece. Not idempotent on purpose: a piece that ran twice would be noticed.
  static absl::StatusOr<std::string> FillLengths(Session& session, const std::string& position) {
    std::vector<std::pair<std::string, int64_t>> rows;
    RETURN_IF_ERROR(session.Query("SELECT id, word, length FROM words WHERE id > ? ORDER BY id LIMIT 2",
                                  {absl::string_view(position)}, [&](const Row& row) {
                                    rows.emplace_back(row.Bytes(0), row.Integer(2) + row.Bytes(1).size());
                                    return absl::OkStatus();
                                  }));
    for (const auto& [id, length] : rows) {
      RETURN_IF_ERROR(
          session.Execute("UPDATE words SET length = ? WHERE id = ?", {length, absl::string_view(id)}).status());
    }
    return rows.empty() ? "" : rows.back().first;
  }

 protected:
  absl::Status Apply(const SchemaDefinition& schema) { return ApplyMigration(*database_, schema, nullptr); }
  std::vector<std::string> Plan(const SchemaDefinition& schema) {
    const auto plan = PlanMigration(*database_, schema);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? plan->Texts() : std::vector<std::string>();
  }
  void Fill() {
    ASSERT_TRUE(Execute("INSERT INTO words (id, word) VALUES ('a', 'x'), ('b', 'xx'), ('c', 'xxx'), ('d', ''), "
                        "('e', 'x')")
                    .ok());
  }
  bool mysql() const { return GetParam() == Dialect::kMysql; }
};

INSTANTIATE_TEST_SUITE_P(Engines, MigrateTest, testing::Values(Dialect::kSqlite, Dialect::kMysql),
                         [](const auto& info) { return info.param == Dialect::kMysql ? "Mysql" : "Sqlite"; });

TEST_P(MigrateTest, FromNothing) {
  const std::vector<std::string> plan = Plan(First());
  std::vector<testing::Matcher<std::string>> wanted = {
      HasSubstr("schema_lock"), HasSubstr("schema_steps"), HasSubstr("installation"),
      HasSubstr(mysql() ? "INDEX `i_words_word` (`word`)) ENGINE" : "CREATE TABLE `words`")};
  if (!mysql()) wanted.push_back(HasSubstr("CREATE INDEX `i_words_word`"));
  EXPECT_THAT(plan, testing::ElementsAreArray(wanted));
  EXPECT_EQ(Plan(First()), plan) << "a plan changes nothing";
  ASSERT_TRUE(Apply(First()).ok());
  EXPECT_THAT(Plan(First()), IsEmpty());
  EXPECT_TRUE(Apply(First()).ok());
}

TEST_P(MigrateTest, OverRows) {
  ASSERT_TRUE(Apply(First()).ok());
  Fill();
  EXPECT_THAT(Plan(Second()), ElementsAre(HasSubstr("ADD COLUMN `length`"), HasSubstr("DROP INDEX `i_words_word`"),
                                          "-- trial 2: lengths of words", HasSubstr("CREATE INDEX `i_words_word`")));
  const absl::Status applied = Apply(Second());
  ASSERT_TRUE(applied.ok()) << applied;
  EXPECT_THAT(Plan(Second()), IsEmpty());
  EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "3", "0", "1"));
  EXPECT_EQ(database_->Describe("words")->FindIndex("i_words_word")->columns, "`word`, `id`");
  ASSERT_TRUE(Apply(Second()).ok());
  EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "3", "0", "1"));
}

TEST_P(MigrateTest, AFreshDatabaseHasNothingToMakeUpFor) {
  ASSERT_TRUE(Apply(Second()).ok());
  Fill();
  EXPECT_THAT(Plan(Second()), IsEmpty());
  EXPECT_THAT(Select("SELECT length FROM words WHERE id = 'b'"), ElementsAre("-"));
}

TEST_P(MigrateTest, PiecesGoOnWhereTheyStopped) {
  ASSERT_TRUE(Apply(First()).ok());
  Fill();
  SchemaDefinition schema = Second();
  int pieces = 0;
  auto& fill = absl::get<SchemaStep::Fill>(schema.steps[1].action);
  fill.piece = [&](Session& session, const std::string& position) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(std::string next, FillLengths(session, position));
    if (++pieces == 2) return absl::UnavailableError("power cut");
    return next;
  };
  EXPECT_TRUE(absl::IsUnavailable(Apply(schema)));
  EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "-", "-", "-"));
  ASSERT_TRUE(Apply(schema).ok());
  EXPECT_EQ(pieces, 5) << "a, b; failed; c, d; e; none";
  EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "3", "0", "1"));
}

TEST_P(MigrateTest, LongerTextIsMadeRoomForWhereTheEngineCounts) {
  ASSERT_TRUE(Apply(First()).ok());
  SchemaDefinition longer = First();
  longer.tables[0].columns[1].type = "VARCHAR(100) NOT NULL DEFAULT ''";
  if (mysql()) {
    EXPECT_THAT(Plan(longer), ElementsAre(HasSubstr("MODIFY COLUMN `word` VARCHAR(100)")));
  } else {
    EXPECT_THAT(Plan(longer), IsEmpty());
  }
  ASSERT_TRUE(Apply(longer).ok());
  EXPECT_THAT(Plan(longer), IsEmpty());
  EXPECT_THAT(Plan(First()), IsEmpty()) << "the older binary serves on it";
}

TEST_P(MigrateTest, WhatDiffersIsRefusedAndNothingIsChanged) {
  ASSERT_TRUE(Apply(First()).ok());
  SchemaDefinition other = First();
  other.tables[0].columns[1].type = "BIGINT";
  other.tables[0].columns.push_back({"more", "BIGINT"});
  other.tables[0].indexes[0] = {"i_words_word", true, "`word`"};
  const absl::Status status = Apply(other);
  EXPECT_EQ(ReasonOf(status), "SCHEMA_DIFFERS"_reason) << status;
  EXPECT_THAT(TextForOperator(status), testing::AllOf(HasSubstr("words.word is VARCHAR(50) instead of BIGINT"),
                                                      HasSubstr("index i_words_word is on `word` instead of unique")));
  EXPECT_EQ(CheckSchema(*PlanMigration(*database_, other), "trial").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(*database_->Columns("words"), ElementsAre("id", "word"));
}

TEST_P(MigrateTest, AnOlderBinaryServesOnANewerSchemaThatLetsIt) {
  ASSERT_TRUE(Apply(Second()).ok());
  EXPECT_THAT(Plan(First()), IsEmpty());
  EXPECT_TRUE(Apply(First()).ok()) << "the index with other columns is the newer binary's";
  EXPECT_EQ(database_->Describe("words")->FindIndex("i_words_word")->columns, "`word`, `id`");
}

TEST_P(MigrateTest, AnOlderBinaryIsRefusedWhereItWouldHaveToKnowAStep) {
  SchemaDefinition third = Second();
  third.steps.push_back(
      {"trial", 3, "words are upper case", 3,
       SchemaStep::Fill{[](Session&, const std::string&) -> absl::StatusOr<std::string> { return ""; }}});
  ASSERT_TRUE(Apply(third).ok());
  const absl::Status status = PlanMigration(*database_, Second()).status();
  EXPECT_EQ(ReasonOf(status), "DATABASE_TOO_NEW"_reason) << status;
  EXPECT_THAT(TextForOperator(status), HasSubstr("trial 3"));
  EXPECT_TRUE(Apply(third).ok());
}

TEST_P(MigrateTest, CopiesBeforeTheFirstChangeOfWhatHoldsTables) {
  int copies = 0;
  auto copy = [&] {
    ++copies;
    return absl::OkStatus();
  };
  ASSERT_TRUE(ApplyMigration(*database_, First(), copy).ok());
  EXPECT_EQ(copies, 0) << "there was nothing to copy";
  ASSERT_TRUE(ApplyMigration(*database_, First(), copy).ok());
  EXPECT_EQ(copies, 0) << "nothing changes";
  auto full = [] { return Fail("NO_COPY_BEFORE_MIGRATION"_reason); };
  EXPECT_EQ(ReasonOf(ApplyMigration(*database_, Second(), full)), "NO_COPY_BEFORE_MIGRATION"_reason);
  EXPECT_THAT(*database_->Columns("words"), ElementsAre("id", "word"));
  ASSERT_TRUE(ApplyMigration(*database_, Second(), copy).ok());
  EXPECT_EQ(copies, 1);
}

// Returns the name of a process of this machine that has ended.
std::string EndedProcess() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  std::vector<std::string> parts = absl::StrSplit(ThisProcess(), absl::MaxSplits(':', 3));
  return absl::StrCat(parts[0], ":", child, ":1:", parts[3]);
}

TEST_P(MigrateTest, GoesOnAtOnceAfterAHolderThatHasEndedAndWithoutAnotherCopy) {
  ASSERT_TRUE(Apply(First()).ok());
  ASSERT_TRUE(Execute("UPDATE schema_lock SET holder = ?", {EndedProcess()}).ok());
  int copies = 0;
  const absl::Status applied = ApplyMigration(*database_, Second(), [&] {
    ++copies;
    return absl::OkStatus();
  });
  ASSERT_TRUE(applied.ok()) << applied;
  EXPECT_EQ(copies, 0) << "the one from before the first change would be pushed out";
  EXPECT_THAT(Select("SELECT holder FROM schema_lock"), ElementsAre(""));
}

TEST_P(MigrateTest, IsRefusedWhileAnotherProgramDoesIt) {
  ASSERT_TRUE(Apply(First()).ok());
  {
    const auto other = SchemaLock::Take(*database_, "trial", absl::Seconds(10));
    ASSERT_TRUE(other.ok()) << other.status();
    const absl::Status status = Apply(Second());
    EXPECT_EQ(ReasonOf(status), "MIGRATION_IN_PROGRESS"_reason) << status;
    EXPECT_THAT(TextForOperator(status), HasSubstr(absl::StrCat("process ", getpid())));
    EXPECT_TRUE((*other)->Check().ok());
  }
  EXPECT_TRUE(Apply(Second()).ok());
}

TEST_P(MigrateTest, AHolderElsewhereThatStandsStillLosesIt) {
  ASSERT_TRUE(Apply(First()).ok());
  ASSERT_TRUE(Execute("UPDATE schema_lock SET holder = 'elsewhere:7:1:boot'").ok());
  const auto taken = SchemaLock::Take(*database_, "trial", absl::Milliseconds(400));
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_TRUE((*taken)->Check().ok());
  ASSERT_TRUE(Execute("UPDATE schema_lock SET epoch = epoch + 1, holder = 'elsewhere:7:1:boot'").ok());
  EXPECT_EQ(ReasonOf((*taken)->Check()), "MIGRATION_IN_PROGRESS"_reason) << "it has been taken from us";
}

TEST_P(MigrateTest, TwoAtOnceEndWithOneSchema) {
  ASSERT_TRUE(Apply(First()).ok());
  Fill();
  std::vector<absl::Status> results(2);
  std::thread other([&] { results[1] = Apply(Second()); });
  results[0] = Apply(Second());
  other.join();
  for (const absl::Status& result : results) {
    EXPECT_TRUE(result.ok() || ReasonOf(result) == "MIGRATION_IN_PROGRESS"_reason) << result;
  }
  ASSERT_TRUE(Apply(Second()).ok());
  EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "3", "0", "1"));
}

TEST_P(MigrateTest, AFailingStatementIsNamed) {
  ASSERT_TRUE(Apply(First()).ok());
  ASSERT_TRUE(Execute("INSERT INTO words (id, word) VALUES ('a', 'x'), ('b', 'x')").ok());
  SchemaDefinition unique = First();
  unique.tables[0].indexes.push_back({"u_words_word", true, "`word`"});
  const absl::Status status = Apply(unique);
  EXPECT_EQ(ReasonOf(status), "MIGRATION_FAILED"_reason) << status;
  EXPECT_THAT(TextForOperator(status), HasSubstr("u_words_word"));
  ASSERT_TRUE(Execute("DELETE FROM words WHERE id = 'b'").ok());
  EXPECT_TRUE(Apply(unique).ok());
}

// The program that the next test kills: this test binary, run again.
constexpr char kLocation[] = "TSUNAGU_TRIAL_DATABASE";

TEST(MigrateTrial, DISABLED_MigratesWhatItIsTold) {
  const auto database = Open(std::getenv(kLocation));
  ASSERT_TRUE(database.ok()) << database.status();
  const absl::Status applied = ApplyMigration(**database, MigrateTest::Second(), nullptr);
  EXPECT_TRUE(applied.ok()) << applied;
}

// Returns the exit code: 0, or minus the signal.
int RunTrial(const std::string& location, const std::string& failpoints) {
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);  // it is no separate test
    setenv(kLocation, location.c_str(), 1);
    setenv("TSUNAGU_FAILPOINTS", failpoints.c_str(), 1);
    execl("/proc/self/exe", "trial", "--gtest_filter=MigrateTrial.*", "--gtest_also_run_disabled_tests",
          "--gtest_brief=1", nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST_P(MigrateTest, KilledAtEachStepInTurnItIsFinishedByTheNextRun) {
  const std::string location =
      mysql() ? absl::StrCat(std::getenv("TSUNAGU_TEST_MYSQL"), "/", schema_->options().schema) : folder_ + "/test.db";
  int kills = 0;
  std::vector<const char*> places = {"migrate.before_step", "migrate.after_statement", "migrate.after_piece"};
  // On MySQL these would only cover pieces and notes, which the first three cover already.
  if (!mysql()) places.insert(places.end(), {"store.before_commit", "store.after_commit"});
  for (const char* place : places) {
    for (int pass = 1;; ++pass) {
      SCOPED_TRACE(absl::StrCat(place, " ", pass));
      ASSERT_TRUE(Apply(First()).ok());
      Fill();
      const int end = RunTrial(location, absl::StrCat(place, "=kill:", pass));
      if (end == -SIGKILL) {
        ++kills;
        ASSERT_EQ(RunTrial(location, ""), 0) << "the next run finishes";
      } else {
        ASSERT_EQ(end, 0);
      }
      EXPECT_THAT(Plan(Second()), IsEmpty());
      EXPECT_THAT(Select("SELECT length FROM words ORDER BY id"), ElementsAre("1", "2", "3", "0", "1"));
      EXPECT_EQ(database_->Describe("words")->FindIndex("i_words_word")->columns, "`word`, `id`");
      for (const char* table : {"words", "schema_steps", "schema_lock", "installation"}) {
        ASSERT_TRUE(database_->Define(absl::StrCat("DROP TABLE ", table)).ok());
      }
      if (end == 0) break;
    }
  }
  EXPECT_GT(kills, mysql() ? 10 : 30);
}

TEST_P(MigrateTest, ATriggerAViewOrTheLikeIsRefusedByName) {
  ASSERT_TRUE(Apply(First()).ok());
  struct Case {
    const char *name, *made, *removed, *object;
    bool mysql_only = false;
  };
  const Case cases[] = {
      {"a trigger that rewrites rows",
       GetParam() == Dialect::kMysql
           ? "CREATE TRIGGER quiet BEFORE INSERT ON words FOR EACH ROW SET NEW.word = 'x'"
           : "CREATE TRIGGER quiet AFTER INSERT ON words BEGIN UPDATE words SET word = 'x'; END",
       "DROP TRIGGER quiet", "trigger quiet on words"},
      {"a view", "CREATE VIEW shown AS SELECT id FROM words", "DROP VIEW shown", "view shown"},
      {"a routine", "CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1", "DROP FUNCTION one", "routine one",
       true},
      {"an event", "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM words", "DROP EVENT nightly",
       "event nightly", true},
      {"a foreign key",
       "ALTER TABLE words ADD CONSTRAINT up FOREIGN KEY (word) REFERENCES things (code) ON DELETE CASCADE",
       "ALTER TABLE words DROP FOREIGN KEY up", "foreign key up on words", true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    if (c.mysql_only && GetParam() != Dialect::kMysql) continue;
    if (absl::string_view(c.name) == "a foreign key") {
      ASSERT_TRUE(database_->Define("ALTER TABLE words MODIFY word VARCHAR(20)").ok());
    }
    ASSERT_TRUE(database_->Define(c.made).ok());
    const absl::Status refused = PlanMigration(*database_, First()).status();
    EXPECT_EQ(ReasonOf(refused), "SCHEMA_HAS_FOREIGN_OBJECTS"_reason);
    EXPECT_THAT(Text(FaultOf(refused), Language::kEnglish), HasSubstr(c.object));
    ASSERT_TRUE(database_->Define(c.removed).ok());
    EXPECT_TRUE(PlanMigration(*database_, First()).ok());
  }
}

TEST_P(MigrateTest, SaysToWhomADatabaseBelongs) {
  ASSERT_TRUE(ReadInstallation(*database_)->id.empty()) << "no table yet";
  ASSERT_TRUE(Apply(First()).ok());
  const Installation own = {"one", "trial", "here"};
  EXPECT_EQ(KeepInstallation(*database_, own, Clock::System().Now())->id, "one");
  EXPECT_EQ(KeepInstallation(*database_, {"two", "other", ""}, Clock::System().Now())->id, "one") << "the first stays";
  const Installation found = *ReadInstallation(*database_);
  EXPECT_TRUE(CheckInstallation(found, own, "x.db").ok());
  EXPECT_TRUE(CheckInstallation({}, own, "x.db").ok()) << "what does not say is anybody's";
  auto reason_for = [&](const Installation& expected) { return ReasonOf(CheckInstallation(found, expected, "x.db")); };
  EXPECT_EQ(reason_for({"one", "other", "here"}), "DATABASE_OF_ANOTHER_SERVICE"_reason);
  EXPECT_EQ(reason_for({"two", "trial", "here"}), "DATABASE_OF_ANOTHER_INSTALLATION"_reason);
  EXPECT_EQ(reason_for({"one", "trial", "there"}), "DATABASE_OF_ANOTHER_INSTALLATION"_reason);
  EXPECT_EQ(reason_for({"", "trial", ""}), "DATABASE_OF_ANOTHER_INSTALLATION"_reason) << "a folder without a name";
  ASSERT_TRUE(AdoptDatabase(*database_, {"two", "trial", "there"}).ok());
  EXPECT_TRUE(CheckInstallation(*ReadInstallation(*database_), {"two", "trial", "there"}, "x.db").ok());
}

// Foreign tables do nothing, and a newer version may have made them: they are only reported.
TEST_P(MigrateTest, TablesOfOthersAreNamed) {
  ASSERT_TRUE(ApplyMigration(*database_, First(), {}).ok());
  EXPECT_THAT(ForeignTables(*database_, First().tables).value(), Not(testing::Contains("words")));
  const size_t before = ForeignTables(*database_, First().tables)->size();  // "things", of the base class
  ASSERT_TRUE(database_->Define("CREATE TABLE hidden (id BIGINT NOT NULL, PRIMARY KEY (id))").ok());
  EXPECT_THAT(ForeignTables(*database_, First().tables).value(), testing::Contains("hidden"));
  EXPECT_EQ(ForeignTables(*database_, First().tables)->size(), before + 1);
  EXPECT_TRUE(ApplyMigration(*database_, First(), {}).ok());
}

}  // namespace
}  // namespace tsunagu::store
