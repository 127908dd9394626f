// Reads of personal data are proven in the same way as changes: the access log has a chain of its own.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/host/databases.h"
#include "common/host/journals.h"
#include "common/records/access_log_chain.h"
#include "common/records/verify_access_log.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using store::ChainFinding;
using Kind = ChainFinding::Kind;
using testing::IsEmpty;

class VerifyAccessLogTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    name_ = Create(ANurse("見本 花子", "")).name();
  }
  store::AccessLogReport Verify() {
    const auto report = store::VerifyAccessLog(registry(), "registry", {}, "");
    EXPECT_EQ(Said(report), "OK");
    return report.value_or(store::AccessLogReport());
  }
  void Seal() {
    ASSERT_EQ(
        Said(server().host().Find("registry")->access_log_sealer().SealWaiting(Deadline::After(absl::Seconds(30)))),
        "OK");
  }
  // One more row in the log; its id.
  std::string See() {
    clock().Advance(absl::Seconds(1));
    EXPECT_EQ(Said(GetNurse(reader(), name_)), "OK");
    Seal();
    return Column(registry(), "SELECT `id` FROM `access_log` ORDER BY `id` DESC LIMIT 1").front();
  }
  static std::string CheckpointFileOf(const HostConfig& config) {
    return CheckpointFile(*MakeCheckpointDir(config), "registry");
  }
  std::string name_;
};
WIRE_TEST_ON_BOTH(VerifyAccessLogTest);

TEST_P(VerifyAccessLogTest, WhatIsChangedByHandIsFoundAndNamed) {
  struct Case {
    const char* name;
    const char* sql;  // of one row among others
    std::vector<Kind> kinds;
  };
  const Case cases[] = {
      {"who", "UPDATE `access_log` SET `actor` = 'nobody' WHERE `id` = ?", {Kind::kRowChanged}},
      {"for whom", "UPDATE `access_log` SET `on_behalf_of` = 'nobody' WHERE `id` = ?", {Kind::kRowChanged}},
      {"why", "UPDATE `access_log` SET `purpose` = 'x' WHERE `id` = ?", {Kind::kRowChanged}},
      {"null instead of empty", "UPDATE `access_log` SET `on_behalf_of` = NULL WHERE `id` = ?", {Kind::kRowChanged}},
      {"when", "UPDATE `access_log` SET `stamp` = `stamp` + 1 WHERE `id` = ?", {Kind::kRowChanged}},
      {"whom", "UPDATE `access_log` SET `names` = 'nurses/other' WHERE `id` = ?", {Kind::kRowChanged}},
      {"how", "UPDATE `access_log` SET `method` = 'x' WHERE `id` = ?", {Kind::kRowChanged}},
      {"a row removed", "DELETE FROM `access_log` WHERE `id` = ?", {Kind::kRowRemoved}},
      {"a row that was never sealed",
       "DELETE FROM `access_log_seal` WHERE `id` = ?",
       {Kind::kPlaceMissing, Kind::kNeverSealed}},
      {"a hash", "UPDATE `access_log_seal` SET `hash` = 'forged' WHERE `id` = ?", {Kind::kSealChanged}},
      {"when it became known",
       "UPDATE `access_log_seal` SET `known_time` = `known_time` + 1 WHERE `id` = ?",
       {Kind::kRowChanged}},
      {"no longer found by the record", "DELETE FROM `access_log_names` WHERE `id` = ?", {Kind::kNamesDiffer}},
      {"found by another record",
       "INSERT INTO `access_log_names` (`name`, `id`) VALUES ('nurses/x', ?)",
       {Kind::kNamesDiffer}},
      {"found by another record instead",
       "UPDATE `access_log_names` SET `name` = 'nurses/x' WHERE `id` = ?",
       {Kind::kNamesDiffer}},
  };
  server().Spoil();
  See();
  std::vector<ChainFinding> before;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const std::string id = See();
    See();
    ASSERT_EQ(Verify().chain.findings.size(), before.size()) << "nothing new";
    Execute(registry(), one.sql, {store::Blob{id}});
    const std::string name = absl::StrCat("id ", absl::BytesToHexString(id));
    const std::vector<ChainFinding> found = Verify().chain.findings;
    std::vector<Kind> fresh;
    for (const ChainFinding& finding : found) {
      if (std::find(before.begin(), before.end(), finding) != before.end()) continue;
      fresh.push_back(finding.kind);
      if (finding.kind != Kind::kPlaceMissing) {
        EXPECT_EQ(finding.name, name);
      }
    }
    EXPECT_EQ(fresh, one.kinds);
    before = found;
  }
}

TEST_P(VerifyAccessLogTest, AnInsertedRowIsFound) {
  See();
  server().Spoil();
  const std::string forged = "\x08" + std::string(15, 'x');  // later than all others
  Execute(registry(), "INSERT INTO `access_log` (`id`, `stamp`, `actor`, `names`) VALUES (?, 1, 'nobody', 'nurses/x')",
          {store::Blob{forged}});
  const std::vector<ChainFinding> found = Verify().chain.findings;
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].kind, Kind::kNeverSealed);
  EXPECT_EQ(found[0].name, absl::StrCat("id ", absl::BytesToHexString(forged)));
}

TEST_P(VerifyAccessLogTest, AReadThatNobodyHasDoneGetsNoPlace) {
  See();
  server().Spoil();
  const std::string forged = "\x08" + std::string(15, 'x');  // later than all others
  Execute(registry(), "INSERT INTO `access_log` (`id`, `stamp`, `actor`, `names`) VALUES (?, 1, 'nobody', '')",
          {store::Blob{forged}});
  Execute(registry(), "INSERT INTO `access_log_pending` (`id`) VALUES (?)", {store::Blob{forged}});
  See();
  const std::vector<ChainFinding> found = Verify().chain.findings;
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].kind, Kind::kNeverSealed);
}

TEST_P(VerifyAccessLogTest, TheEndCutOffIsFoundByTheHeadAndByTheCheckpoint) {
  See();
  const std::string last = See();
  server().Restart();  // writes a checkpoint
  server().Spoil();
  Execute(registry(), "DELETE FROM `access_log` WHERE `id` = ?", {store::Blob{last}});
  Execute(registry(), "DELETE FROM `access_log_names` WHERE `id` = ?", {store::Blob{last}});
  Execute(registry(), "DELETE FROM `access_log_seal` WHERE `id` = ?", {store::Blob{last}});
  ASSERT_EQ(Verify().chain.findings.size(), 1);
  EXPECT_EQ(Verify().chain.findings[0].kind, Kind::kHeadDiffers);
  Execute(registry(),
          "UPDATE `access_log_head` SET `place` = `place` - 1, `hash` = (SELECT `hash` FROM "
          "`access_log_seal` ORDER BY `place` DESC LIMIT 1)");
  EXPECT_THAT(Verify().chain.findings, IsEmpty());
  HostConfig config = server().config();
  config.services = {"registry"};
  const auto checks = VerifyJournals(config, Server::Kinds(), {});
  ASSERT_EQ(Said(checks), "OK");
  const std::vector<ChainFinding>& found = checks->front().access_log.chain.findings;
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].kind, Kind::kCheckpointDiffers);
  EXPECT_EQ(found[1].kind, Kind::kMarkDiffers);
  const bool sqlite = registry().dialect() == store::Dialect::kSqlite;
  server().Stop();
  if (sqlite) {  // what lies beside the database says it first
    EXPECT_THAT(std::string(server().Start().message()), testing::HasSubstr("ACCESS_LOG_LOST"));
    std::filesystem::remove(server().config().data_dir + "/registry.reached");
  }
  EXPECT_THAT(std::string(server().Start().message()), testing::HasSubstr("CHECKPOINT_DIFFERS"));
}

// A database whose log is older than its chain.
TEST_P(VerifyAccessLogTest, RowsFromBeforeAreCountedAndNoFinding) {
  for (int i = 0; i < 3; ++i) See();
  const int64_t before = Count(registry(), "SELECT COUNT(*) FROM `access_log`");
  server().Spoil();
  for (const char* table : {"access_log_seal", "access_log_head", "access_log_pending"}) {
    Execute(registry(), absl::StrCat("DELETE FROM `", table, "`"));
  }
  server().Stop();
  std::filesystem::remove(CheckpointFileOf(server().config()));  // it knows of the chain
  ASSERT_EQ(Said(Adopt(server().config(), Server::Kinds())), "OK");
  ASSERT_EQ(Said(server().Start()), "OK");
  See();
  store::AccessLogReport report = Verify();
  EXPECT_THAT(report.chain.findings, IsEmpty());
  EXPECT_EQ(report.before, before);
  EXPECT_EQ(report.chain.sealed, 1);
  Execute(registry(),
          "DELETE FROM `access_log` WHERE `id` = (SELECT `id` FROM (SELECT MIN(`id`) AS `id` FROM "
          "`access_log`) first)");
  report = Verify();
  ASSERT_EQ(report.chain.findings.size(), 2);
  EXPECT_EQ(report.chain.findings[0].kind, Kind::kBeforeDiffers);
  EXPECT_EQ(report.chain.findings[1].kind, Kind::kNamesDiffer) << "its index still knows it";
  Execute(registry(), "DELETE FROM `access_log_names` WHERE `id` NOT IN (SELECT `id` FROM `access_log`)");
  Execute(registry(), "UPDATE `access_log_head` SET `before_rows` = `before_rows` - 1");
  report = Verify();
  ASSERT_EQ(report.chain.findings.size(), 1) << "the chain begins with that number";
  EXPECT_EQ(report.chain.findings[0].kind, Kind::kRowChanged);
}

TEST_P(VerifyAccessLogTest, RowsOfManyNamesAreSealedByThemselves) {
  for (int i = 0; i < 300; ++i) Create(ANurse(absl::StrCat("見本 ", i), ""));
  clock().Advance(absl::Seconds(1));
  registry_v1::ListNursesRequest list;
  list.set_page_size(1000);
  ASSERT_EQ(Said(reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", list)), "OK");
  const Deadline patience = Deadline::After(absl::Seconds(20));
  while (Count(registry(), "SELECT COUNT(*) FROM `access_log_pending`") > 0 && !patience.Over()) {
    std::this_thread::yield();
  }
  const store::AccessLogReport report = Verify();
  EXPECT_THAT(report.chain.findings, IsEmpty());
  EXPECT_EQ(report.chain.waiting, 0);
  EXPECT_EQ(report.chain.sealed, Count(registry(), "SELECT COUNT(*) FROM `access_log`"));
  server().Spoil();
  Execute(registry(), "DELETE FROM `access_log_names` WHERE `name` = ? AND `id` = (SELECT MAX(`id`) FROM `access_log`)",
          {absl::string_view(name_)});
  ASSERT_EQ(Verify().chain.findings.size(), 1);
  EXPECT_EQ(Verify().chain.findings[0].kind, Kind::kNamesDiffer);
}

}  // namespace
}  // namespace tsunagu::wire
