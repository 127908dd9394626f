// The chain: every committed change gets a place, in a consistent order, and every manual change is detected.
// as_known_at reads what was known at a time.
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/journal/pending.h"
#include "common/journal/sealer.h"
#include "common/journal/verify_journal.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;
using store::ChainFinding;
using store::JournalReport;
using Kind = ChainFinding::Kind;

class SealingTest : public SuiteTest {
 protected:
  Service& service() { return *server().host().Find("registry"); }
  void Seal() { ASSERT_EQ(Said(service().sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK"); }
  JournalReport Verify() {
    const auto report = store::VerifyJournal(registry(), "registry", {}, "", nullptr);
    EXPECT_EQ(Said(report), "OK");
    return report.value_or(JournalReport());
  }
  std::string SetNote(const std::string& facility, const std::string& note) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/", facility));
    request.mutable_facility()->set_note(note);
    request.mutable_update_mask()->add_paths("note");
    return Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
  }
  absl::StatusOr<registry_v1::Facility> GetKnown(const Caller& caller, const std::string& name, absl::Time time) {
    registry_v1::GetFacilityRequest request;
    request.set_name(name);
    *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request);
  }
};
WIRE_TEST_ON_BOTH(SealingTest);

TEST_P(SealingTest, WhatIsCommittedGetsItsPlaceByItself) {
  Create("kita", AFacility("きた", ""));
  const Deadline patience = Deadline::After(absl::Seconds(20));
  while (Count(registry(), "SELECT COUNT(*) FROM `journal_pending`") > 0 && !patience.Over()) {
    std::this_thread::yield();
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal_pending`"), 0);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal_seal`"),
            Count(registry(), "SELECT COUNT(*) FROM `journal`"));
  EXPECT_THAT(Verify().findings, testing::IsEmpty());
}

TEST_P(SealingTest, OnSqliteAChangeHasItsPlaceWithItsCommit) {
  if (GetParam() != Engine::kSqlite) GTEST_SKIP() << "elsewhere it waits for the sealer";
  for (int i = 0; i < 20; ++i) {
    Create(absl::StrCat("f", i), AFacility("ほし", ""));
    EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal_pending`"), 0);
    EXPECT_EQ(Count(registry(), "SELECT `place` FROM `journal_head`"),
              Count(registry(), "SELECT COUNT(*) FROM `journal`"));
  }
  EXPECT_THAT(Verify().findings, testing::IsEmpty());
}

// As the version before left them, or another server of it beside this one.
TEST_P(SealingTest, WhatWaitsForItsPlaceComesBeforeWhatIsWrittenLater) {
  Create("kita", AFacility("きた", ""));
  Seal();
  server().Spoil();
  const int64_t last = Count(registry(), "SELECT `place` FROM `journal_head`");
  Execute(registry(),
          "UPDATE `journal_head` SET `place` = ?, `hash` = (SELECT s.`hash` FROM `journal_seal` s WHERE "
          "s.`place` = ?)",
          {last - 1, last - 1});
  Execute(registry(), "DELETE FROM `journal_seal` WHERE `place` = ?", {last});
  Execute(registry(),
          "INSERT INTO `journal_pending` (`id`, `tx`) SELECT `id`, `tx` FROM `journal` WHERE `name` = "
          "'facilities/kita'");
  ASSERT_EQ(Said(store::SignPending(registry(), service().store().RowKey())), "OK");
  ASSERT_EQ(SetNote("kita", "いち"), "OK");
  Seal();
  ASSERT_EQ(SetNote("kita", "に"), "OK");
  Seal();
  const JournalReport report = Verify();
  EXPECT_THAT(report.findings, testing::IsEmpty());
  EXPECT_EQ(report.waiting, 0);
  EXPECT_EQ(report.sealed, last + 2);
}

// A person with a password for the database inserts a change and tries to get the server to confirm it.
TEST_P(SealingTest, AChangeThatTheProgramHasNotWrittenGetsNoPlace) {
  Create("kita", AFacility("きた", ""));
  Seal();
  server().Spoil();
  const std::string id = "\x7f" + std::string(15, 'x');  // later than all others
  Execute(registry(),
          "INSERT INTO `journal` (`id`, `tx`, `stamp`, `actor`, `name`, `revision`, `contract`) "
          "VALUES (?, ?, 1, 'admin', 'facilities/ghost', 1, 1)",
          {store::Blob{id}, store::Blob{id}});
  Execute(registry(), "INSERT INTO `journal_pending` (`id`, `tx`) VALUES (?, ?)", {store::Blob{id}, store::Blob{id}});
  ASSERT_EQ(SetNote("kita", "いち"), "OK");
  Seal();
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal_seal` WHERE `id` = ?", {store::Blob{id}}), 0);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal_pending`"), 0) << "nobody waits behind it";
  const JournalReport report = Verify();
  ASSERT_EQ(report.findings.size(), 1);
  EXPECT_EQ(report.findings[0].kind, Kind::kNeverSealed);
  EXPECT_EQ(report.findings[0].name, "facilities/ghost");
}

// Writers at the same time on the same records, and sealing from several sides at once.
TEST_P(SealingTest, UnderConcurrentWritersTheChainHasNoGapAndEachRevisionItsOrder) {
  for (int i = 0; i < 4; ++i) Create(absl::StrCat("f", i), AFacility("ほし", ""));
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 25; ++j) (void)SetNote(absl::StrCat("f", (i + j) % 4), absl::StrCat(i, " ", j));
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) (void)service().sealer().SealWaiting(Deadline::After(absl::Seconds(30)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  Seal();
  const JournalReport report = Verify();
  EXPECT_THAT(report.findings, testing::IsEmpty());
  EXPECT_EQ(report.waiting, 0);
  EXPECT_EQ(report.sealed, Count(registry(), "SELECT COUNT(*) FROM `journal`"));
  EXPECT_EQ(report.sealed, Count(registry(), "SELECT MAX(`place`) FROM `journal_seal`"));
  // The rows of one transaction stand together.
  EXPECT_EQ(Count(registry(),
                  "SELECT COUNT(*) FROM (SELECT j.`tx` AS tx FROM `journal` j JOIN `journal_seal` s ON s.`id` = j.`id` "
                  "GROUP BY j.`tx` HAVING MAX(s.`place`) - MIN(s.`place`) + 1 <> COUNT(*)) apart"),
            0);
}

TEST_P(SealingTest, AReadAsKnownAtATimeIsTheSameForEver) {
  Create("kita", AFacility("きた", ""));
  const absl::Time first = clock().Now();
  Seal();
  clock().Advance(absl::Hours(1));
  ASSERT_EQ(SetNote("kita", "いち"), "OK");
  const absl::Time second = clock().Now();
  clock().Advance(absl::Hours(1));
  ASSERT_EQ(SetNote("kita", "に"), "OK");

  std::map<std::string, std::string> notes;
  EXPECT_EQ(GetKnown(admin().Noting(notes), "facilities/kita", first + absl::Minutes(1))->note(), "");
  const std::string place = notes["tsunagu-journal-place"];
  EXPECT_NE(place, "");
  // The second change was sealed an hour later than it was made at the latest: nobody knew of it before.
  const auto between = GetKnown(admin(), "facilities/kita", second + absl::Minutes(30));
  ASSERT_EQ(Said(between), "OK");
  clock().Advance(absl::Seconds(1));  // what is known at a time was sealed before it
  const auto now = GetKnown(admin(), "facilities/kita", clock().Now());
  ASSERT_EQ(Said(now), "OK");
  EXPECT_EQ(now->note(), "に");
  for (int i = 0; i < 3; ++i) {
    clock().Advance(absl::Hours(1));
    ASSERT_EQ(SetNote("kita", absl::StrCat("later ", i)), "OK");
    EXPECT_EQ(GetKnown(admin().Noting(notes), "facilities/kita", first + absl::Minutes(1))->note(), "");
    EXPECT_EQ(notes["tsunagu-journal-place"], place);
    EXPECT_EQ(GetKnown(admin(), "facilities/kita", second + absl::Minutes(30))->note(), between->note());
    EXPECT_EQ(GetKnown(admin(), "facilities/kita", second + absl::Hours(1) + absl::Seconds(1))->note(), "に");
  }
}

TEST_P(SealingTest, AsKnownAtRefusesWhatIsToComeAndWhatWasNotThere) {
  const absl::Time before = clock().Now() - absl::Hours(1);
  CreateAreas();
  Create("kita", AFacility("きた", "areas/312011"));
  EXPECT_EQ(Said(GetKnown(admin(), "facilities/kita", before)), "NOT_FOUND FACILITY_NOT_FOUND");
  EXPECT_EQ(Said(GetKnown(admin(), "facilities/kita", clock().Now() + absl::Seconds(1))),
            "INVALID_ARGUMENT INVALID_REQUEST as_known_at:NOT_YET_KNOWN");
  EXPECT_EQ(Said(GetKnown(admin(), "facilities/nobody", clock().Now())), "NOT_FOUND FACILITY_NOT_FOUND");
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"});
  EXPECT_EQ(Said(GetKnown(elsewhere, "facilities/kita", clock().Now())), "NOT_FOUND FACILITY_NOT_FOUND");
}

TEST_P(SealingTest, RevisionsAsKnownAtATime) {
  Create("kita", AFacility("きた", ""));
  Seal();
  const absl::Time then = clock().Now() + absl::Seconds(1);
  clock().Advance(absl::Hours(1));
  ASSERT_EQ(SetNote("kita", "いち"), "OK");
  platform_v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name("facilities/kita");
  auto list = [&](absl::Time time) {
    *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
    return admin().Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
  };
  const auto old = list(then);
  ASSERT_EQ(Said(old), "OK");
  EXPECT_EQ(old->revisions_size(), 1);
  const auto now = list(clock().Now());
  ASSERT_EQ(Said(now), "OK");
  EXPECT_EQ(now->revisions_size(), 2);
  EXPECT_GT(now->place(), old->place());
}

// A person with a password for the database.
TEST_P(SealingTest, WhatIsChangedByHandIsFoundAndNamed) {
  struct Case {
    const char* name;
    const char* sql;  // of one facility among others
    Kind kind;
    bool named = true;
  };
  constexpr char kItsSeal[] = "WHERE `id` = (SELECT `id` FROM `journal` WHERE `name` = ?)";
  const std::string removed_seal = absl::StrCat("DELETE FROM `journal_seal` ", kItsSeal);
  const std::string in_front = absl::StrCat("UPDATE `journal_seal` SET `place` = -1 ", kItsSeal);
  const std::string later = absl::StrCat("UPDATE `journal_seal` SET `known_time` = `known_time` + 1 ", kItsSeal);
  const std::string forged = absl::StrCat("UPDATE `journal_seal` SET `hash` = 'forged' ", kItsSeal);
  const Case cases[] = {
      {"who did it", "UPDATE `journal` SET `actor` = 'nobody' WHERE `name` = ?", Kind::kRowChanged},
      {"for what purpose", "UPDATE `journal` SET `purpose` = 'x' WHERE `name` = ?", Kind::kRowChanged},
      {"null instead of empty", "UPDATE `journal` SET `purpose` = NULL WHERE `name` = ?", Kind::kRowChanged},
      {"when", "UPDATE `journal` SET `stamp` = `stamp` + 1 WHERE `name` = ?", Kind::kRowChanged},
      {"what", "UPDATE `journal` SET `image` = 'x' WHERE `name` = ?", Kind::kRowChanged},
      {"a row removed", "DELETE FROM `journal` WHERE `name` = ?", Kind::kRowRemoved, false},
      {"a seal removed", removed_seal.c_str(), Kind::kPlaceMissing, false},
      {"a row that was never sealed", removed_seal.c_str(), Kind::kNeverSealed},
      {"a row sealed in front of the first place", in_front.c_str(), Kind::kNeverSealed},
      {"when it became known", later.c_str(), Kind::kRowChanged},
      {"the hash", forged.c_str(), Kind::kSealChanged},
      {"the end cut off",
       "DELETE FROM `journal_seal` WHERE `place` > (SELECT s.`place` FROM (SELECT * FROM "
       "`journal_seal`) s JOIN `journal` j ON j.`id` = s.`id` WHERE j.`name` = ?)",
       Kind::kHeadDiffers, false},
  };
  server().Spoil();
  std::vector<ChainFinding> before;
  for (int i = 0; i < static_cast<int>(std::size(cases)); ++i) {
    const Case& one = cases[i];
    SCOPED_TRACE(one.name);
    for (const char* id : {"a", "b", "c"}) {
      Create(absl::StrCat(id, i), AFacility("ほし", ""));
      clock().Advance(absl::Seconds(1));
    }
    Seal();
    ASSERT_EQ(Verify().findings.size(), before.size()) << "nothing new";
    const std::string name = absl::StrCat("facilities/b", i);
    Execute(registry(), one.sql, {absl::string_view(name)});
    const std::vector<ChainFinding> found = Verify().findings;
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const ChainFinding& finding) {
      const bool known = std::find(before.begin(), before.end(), finding) != before.end();
      return !known && finding.kind == one.kind && (!one.named || finding.name == name);
    })) << found.size();
    before = found;
  }
}

TEST_P(SealingTest, OneAlteredRowIsOneFinding) {
  for (int i = 0; i < 12; ++i) {
    Create(absl::StrCat("f", i), AFacility("ほし", ""));
    clock().Advance(absl::Seconds(1));
    Seal();
  }
  server().Spoil();
  const auto kinds = [&] {
    std::map<int64_t, std::vector<Kind>> found;
    for (const ChainFinding& finding : Verify().findings) found[finding.place].push_back(finding.kind);
    return found;
  };
  using Found = std::map<int64_t, std::vector<Kind>>;
  const auto place = [&](const char* name) {
    return Count(registry(),
                 "SELECT s.`place` FROM `journal_seal` s JOIN `journal` j ON j.`id` = s.`id` WHERE j.`name` = ?",
                 {absl::string_view(name)});
  };
  const int64_t third = place("facilities/f3"), fourth = place("facilities/f4"), last = place("facilities/f11");
  const auto move = [&](int64_t from, int64_t to) {
    Execute(registry(), "UPDATE `journal_seal` SET `place` = ? WHERE `place` = ?", {to, from});
  };

  Execute(registry(), "UPDATE `journal_seal` SET `known_time` = `known_time` + 86400000000 WHERE `place` = ?", {third});
  EXPECT_EQ(kinds(), (Found{{third, {Kind::kRowChanged}}}));
  Execute(registry(), "UPDATE `journal_seal` SET `known_time` = `known_time` - 86400000000 WHERE `place` = ?", {third});

  for (const int64_t other : {fourth, last}) {
    move(third, 1'000'000);
    move(other, third);
    move(1'000'000, other);
    EXPECT_EQ(kinds(), (Found{{third, {Kind::kRowMoved}}, {other, {Kind::kRowMoved}}}));
    move(third, 1'000'000);
    move(other, third);
    move(1'000'000, other);
  }

  const int64_t known = Count(registry(), "SELECT `known_time` FROM `journal_head`");
  Execute(registry(), "UPDATE `journal_head` SET `known_time` = ?", {known - 86'400'000'000});
  EXPECT_EQ(kinds(), (Found{{last, {Kind::kHeadDiffers}}}));
  Execute(registry(), "UPDATE `journal_head` SET `known_time` = ?", {known});
  EXPECT_EQ(kinds(), Found());
}

TEST_P(SealingTest, TheLastCheckpointHasToFitAtTheNextStart) {
  Create("kita", AFacility("きた", ""));
  Seal();
  server().Stop();  // writes one
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_THAT(Verify().findings, testing::IsEmpty());
  server().Spoil();
  Execute(registry(), "UPDATE `journal_seal` SET `hash` = 'forged'");
  server().Stop();
  EXPECT_THAT(std::string(server().Start().message()), testing::HasSubstr("CHECKPOINT_DIFFERS"));
}

// The clock is set a day forward or back while the server runs: nothing gets a wrong time, and reads continue.
TEST_P(SealingTest, WhileTheClockIsADayOffNothingIsChanged) {
  Create("kita", AFacility("きた", ""));
  for (const absl::Duration day : {absl::Hours(24), -absl::Hours(24)}) {
    clock().Jump(day);
    EXPECT_EQ(SetNote("kita", "いち"), "UNAVAILABLE CLOCK_JUMPED");
    EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "OK");
    clock().Jump(-day);
    EXPECT_EQ(SetNote("kita", absl::FormatDuration(day)), "OK");
  }
  Seal();
  server().Stop();
  clock().Jump(-absl::Hours(24));
  EXPECT_THAT(std::string(server().Start().message()), testing::HasSubstr("CLOCK_BEHIND"));
  clock().Jump(absl::Hours(24));
  EXPECT_EQ(Said(server().Start()), "OK");
}

// The access log records who saw whom and when: a wrong time would make it permanently wrong.
TEST_P(SealingTest, WhileTheClockIsADayOffNobodysDataAreShown) {
  const std::string name = Create(ANurse("見本 花子", "")).name();
  const auto seen = [&] { return Count(registry(), "SELECT COUNT(*) FROM `access_log`"); };
  for (const absl::Duration day : {absl::Hours(24), -absl::Hours(24)}) {
    ASSERT_EQ(Said(GetNurse(reader(), name)), "OK");
    const int64_t before = seen();
    clock().Jump(day);
    EXPECT_EQ(Said(GetNurse(reader(), name)), "UNAVAILABLE CLOCK_JUMPED");
    EXPECT_EQ(Said(GetNurse(admin(), name)), "OK") << "masked";
    EXPECT_EQ(seen(), before);
    clock().Jump(-day);
  }
}

// It was a day ahead when the last changes were recorded: the operator says that it is right now.
TEST_P(SealingTest, AClockThatWasAheadIsTrustedAgainOnRequest) {
  Create("kita", AFacility("きた", ""));
  Seal();
  const int64_t ahead = Count(registry(), "SELECT known_time FROM journal_head");
  server().Stop();
  clock().Advance(-absl::Hours(24));  // set while no server runs
  ASSERT_THAT(std::string(server().Start().message()), testing::HasSubstr("CLOCK_BEHIND"));
  server().config().trust_clock = true;
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_EQ(SetNote("kita", "いち"), "OK");
  Seal();
  EXPECT_GT(Count(registry(), "SELECT known_time FROM journal_head"), ahead);
  EXPECT_THAT(Verify().findings, testing::IsEmpty());
}

}  // namespace
}  // namespace tsunagu::wire
