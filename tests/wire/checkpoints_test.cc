// The signed checkpoints of a service's chain, if their files are missing, belong to another service, or are damaged.
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/deadline.h"
#include "common/base/ed25519.h"
#include "common/base/metrics.h"
#include "common/host/databases.h"
#include "common/host/journals.h"
#include "common/journal/chain.h"
#include "common/journal/checkpoint.h"
#include "common/journal/journal.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "tests/process/http.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class CheckpointsTest : public SuiteTest {
 protected:
  std::string File(const std::string& service) {
    return absl::StrCat(server().config().data_dir, "/checkpoints/", service, ".checkpoints");
  }
  void Seal(const std::string& service) {
    store::Sealer& sealer = server().host().Find(service)->sealer();
    ASSERT_EQ(Said(sealer.SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  }
  // Both services have something to sign, and sign it.
  void Sign() {
    Create("kita", AFacility("きた", ""));
    SetRole("reader", {"areas.read"}, "matching");
    Seal("registry");
    Seal("matching");
    server().Restart();
  }
  static void Append(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::app) << text; }
  static std::string Read(const std::string& file) {
    std::ifstream in(file);
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  }
  absl::StatusOr<std::vector<JournalCheck>> Verify(const std::vector<std::string>& files,
                                                   const std::vector<std::string>& services = {}) {
    HostConfig config = server().config();
    if (!services.empty()) config.services = services;
    return VerifyJournals(config, Server::Kinds(), {files, ""});
  }
  // Returns the error of a server that starts with this file.
  std::string StartOn(const std::string& text) {
    server().Stop();
    std::ofstream(File("registry")) << text;
    return std::string(server().Start().message());
  }
  static double Age() {
    return process::MetricIn(metrics::Registry::Process().Text(),
                             "tsunagu_checkpoint_age_seconds{service=\"registry\"}");
  }
  template <class Condition>
  static bool Eventually(Condition condition) {
    const Deadline patience = Deadline::After(absl::Seconds(20));
    while (!condition()) {
      if (patience.Over()) return false;
      std::this_thread::yield();
    }
    return true;
  }
};
WIRE_TEST_ON_BOTH(CheckpointsTest);

TEST_P(CheckpointsTest, WhatIsNamedIsCompared) {
  Sign();
  const auto own = Verify({});
  ASSERT_EQ(Said(own), "OK");
  const auto named = Verify({File("registry"), File("matching")});
  ASSERT_EQ(Said(named), "OK");
  for (const auto* checks : {&*own, &*named}) {
    ASSERT_EQ(checks->size(), 2u);
    for (const JournalCheck& check : *checks) {
      EXPECT_THAT(check.report.findings, IsEmpty()) << check.service;
      EXPECT_GE(check.report.checkpoints, 1) << check.service;
      EXPECT_EQ(check.report.keys, std::set<std::string>{ed25519::PublicKeyOf(
                                       server().host().Find(check.service)->store().Secret("checkpoints"))});
    }
  }
  EXPECT_EQ(Said(Verify({File("registry")}, {"registry"})), "OK");
}

TEST_P(CheckpointsTest, ANamedFileThatProvesNothingIsRefused) {
  Sign();
  const std::string own = File("registry"), empty = File("empty"), garbage = File("garbage"), cut = File("cut");
  Append(empty, "");
  Append(garbage, "what is this\nand this\n");
  Append(cut, Read(own).substr(0, 100));
  EXPECT_EQ(Said(Verify({"/nonexist/typo"})), "FAILED_PRECONDITION CHECKPOINTS_MISSING");
  EXPECT_EQ(Said(Verify({own, "/nonexist/typo"}, {"registry"})), "FAILED_PRECONDITION CHECKPOINTS_MISSING");
  EXPECT_EQ(Said(Verify({File("matching")}, {"registry"})), "FAILED_PRECONDITION CHECKPOINTS_MISSING");
  EXPECT_EQ(Said(Verify({own})), "FAILED_PRECONDITION CHECKPOINTS_MISSING") << "of matching";
  EXPECT_EQ(Said(Verify({empty}, {"registry"})), "FAILED_PRECONDITION CHECKPOINTS_MISSING");
  EXPECT_EQ(Said(Verify({cut}, {"registry"})), "FAILED_PRECONDITION CHECKPOINTS_MISSING");
  EXPECT_THAT(std::string(Verify({server().config().data_dir}).status().message()), HasSubstr("directory"));
  EXPECT_EQ(Said(Verify({garbage}, {"registry"})), "DATA_LOSS CHECKPOINT_MALFORMED");
}

TEST_P(CheckpointsTest, ALineThatIsNoneIsNamed) {
  Sign();
  const std::string good = Read(File("registry"));
  const size_t lines = static_cast<size_t>(std::count(good.begin(), good.end(), '\n'));
  Append(File("registry"), absl::StrCat("garbage\n", good));
  const absl::Status malformed = Verify({}, {"registry"}).status();
  EXPECT_EQ(Said(malformed), "DATA_LOSS CHECKPOINT_MALFORMED");
  EXPECT_EQ(FaultOf(malformed).args().at("line"), absl::StrCat(lines + 1));
  EXPECT_THAT(StartOn(absl::StrCat("garbage\n", good)), HasSubstr("CHECKPOINT_MALFORMED"));
  EXPECT_THAT(StartOn(absl::StrCat(good, "garbage\n")), HasSubstr("CHECKPOINT_MALFORMED"));
  EXPECT_THAT(StartOn(Read(File("matching"))), HasSubstr("CHECKPOINTS_MISSING"));
  EXPECT_EQ(StartOn(good), "");
}

TEST_P(CheckpointsTest, ALineThatACrashHasCutIsDropped) {
  Sign();
  const std::string good = Read(File("registry"));
  ASSERT_EQ(StartOn(good + good.substr(0, 50)), "");
  EXPECT_EQ(Said(Verify({}, {"registry"})), "OK");
  Create("minami", AFacility("みなみ", ""));
  Seal("registry");
  server().Restart();  // writes one behind it
  EXPECT_GT(Read(File("registry")).size(), good.size() + 50);
  const auto checks = Verify({}, {"registry"});
  ASSERT_EQ(Said(checks), "OK");
  EXPECT_THAT(checks->front().report.findings, IsEmpty());
}

TEST_P(CheckpointsTest, BeforeTheFirstOneNothingIsCompared) {
  Create("kita", AFacility("きた", ""));
  server().Stop();
  std::filesystem::remove_all(server().config().data_dir + "/checkpoints");
  const auto checks = Verify({});
  ASSERT_EQ(Said(server().Start()), "OK");
  ASSERT_EQ(Said(checks), "OK");
  EXPECT_EQ(checks->front().report.checkpoints, 0);
  EXPECT_THAT(checks->front().report.keys, IsEmpty());
}

TEST_P(CheckpointsTest, TheirAgeIsThatOfTheOldestRowWithoutOne) {
  server().Stop();
  std::filesystem::remove(File("registry"));
  std::filesystem::create_symlink("/nowhere/registry", File("registry"));  // nothing can be written there
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_EQ(Age(), 0);
  Create("kita", AFacility("きた", ""));
  Seal("registry");
  clock().Advance(absl::Seconds(90));
  EXPECT_TRUE(Eventually([] { return Age() >= 90; })) << Age();
  std::filesystem::remove(File("registry"));
  EXPECT_TRUE(Eventually([] { return Age() == 0; })) << Age();
}

TEST_P(CheckpointsTest, AfterIdleDaysTheFirstChangeIsYoung) {
  Sign();
  clock().Advance(absl::Hours(72));
  std::filesystem::rename(File("registry"), File("kept"));
  std::filesystem::create_symlink("/nowhere/registry", File("registry"));
  Create("minami", AFacility("みなみ", ""));
  Seal("registry");
  clock().Advance(absl::Seconds(30));
  EXPECT_TRUE(Eventually([] { return Age() > 0; }));
  EXPECT_LE(Age(), 31);
}

// A person who can write to the database and to the folder beside it can compute the whole chain again: that needs no
// secret.
TEST_P(CheckpointsTest, AChainComputedAnewIsNotWhatTheKeyStoreHasSeen) {
  Sign();
  server().Spoil();
  Execute(registry(), "UPDATE `journal` SET `actor` = 'somebody' WHERE `name` = 'facilities/kita'");
  struct Link {
    int64_t place, known_time;
    std::string content;
  };
  std::vector<Link> links;
  ASSERT_EQ(Said(registry().Read(
                Deadline::After(absl::Minutes(1)),
                [&](store::Session& session) {
                  links.clear();
                  return session.Query(
                      absl::StrCat("SELECT s.`place`, s.`known_time`, ", store::JournalColumns(),
                                   " FROM `journal_seal` s JOIN `journal` j ON j.`id` = s.`id` ORDER BY s.`place`"),
                      {}, [&](const store::Row& row) {
                        links.push_back({row.Integer(0), row.Integer(1), store::ContentOf(row, 2)});
                        return absl::OkStatus();
                      });
                })),
            "OK");
  std::string hash = store::ChainStart("registry");
  for (const Link& link : links) {
    hash = store::SealHash(hash, link.place, link.known_time, link.content);
    Execute(registry(), "UPDATE `journal_seal` SET `hash` = ? WHERE `place` = ?", {store::Blob{hash}, link.place});
  }
  Execute(registry(), "UPDATE `journal_head` SET `hash` = ?", {store::Blob{hash}});
  server().Stop();
  std::filesystem::remove(File("registry"));
  const auto checks = Verify({}, {"registry"});
  ASSERT_EQ(Said(checks), "OK");
  ASSERT_EQ(checks->front().report.findings.size(), 1) << "the chain itself is whole";
  EXPECT_EQ(checks->front().report.findings[0].kind, store::ChainFinding::Kind::kMarkDiffers);
  EXPECT_THAT(std::string(server().Start().message()), HasSubstr("JOURNAL_REWRITTEN"));
}

// The tail of the chain is cut off together with the last lines of the file.
TEST_P(CheckpointsTest, AChainThatEndsEarlierThanItDidIsRefusedUntilItIsAdopted) {
  Sign();
  const std::string lines = Read(File("registry"));
  const int64_t kept = Count(registry(), "SELECT `place` FROM `journal_head`");
  Create("minami", AFacility("みなみ", ""));
  Seal("registry");
  server().Stop();
  ASSERT_EQ(Said(server().Start()), "OK");
  server().Spoil();
  for (const char* sql : {"DELETE FROM `journal` WHERE `id` IN (SELECT `id` FROM `journal_seal` WHERE `place` > ?)",
                          "DELETE FROM `journal_seal` WHERE `place` > ?"}) {
    Execute(registry(), sql, {kept});
  }
  Execute(registry(), "DELETE FROM `facilities` WHERE `id` = 'minami'");
  Execute(registry(),
          "UPDATE `journal_head` SET `place` = ?, `hash` = (SELECT s.`hash` FROM `journal_seal` s WHERE "
          "s.`place` = ?)",
          {kept, kept});
  const bool sqlite = registry().dialect() == store::Dialect::kSqlite;
  if (sqlite) {  // what lies beside the database says it first, and to the change
    EXPECT_THAT(StartOn(lines), HasSubstr("CHANGES_LOST"));
    std::filesystem::remove(server().config().data_dir + "/registry.reached");
  }
  EXPECT_THAT(StartOn(lines), HasSubstr("JOURNAL_CUT"));
  ASSERT_EQ(Said(Adopt(server().config(), Server::Kinds())), "OK");
  EXPECT_EQ(StartOn(lines), "") << "a restore on purpose";
}

}  // namespace
}  // namespace tsunagu::wire
