// Erasure of one person: what is deleted, what stays, and what is refused afterwards.
#include <fstream>
#include <iterator>
#include <thread>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/db/open.h"
#include "common/host/keys.h"
#include "common/journal/chain.h"
#include "common/journal/journal.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

class ErasureTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    Execute(*KeyDatabase(), "DELETE FROM `erased_keys`");  // of tests that had the key store before, on MySQL
    CreateAreas();
    registry_v1::Nurse nurse = ANurse("髙橋 花子", "areas/312011");
    nurse.set_note("秘密の備考");
    nurse.set_seeking(true);
    nurse.set_source_key("list-1");
    hanako_ = Create(nurse);
    jiro_ = Create(ANurse("見本 次郎", "areas/312011"));
    clock().Advance(absl::Seconds(1));
  }
  static absl::StatusOr<platform_v1::EraseDataSubjectResponse> Erase(const Caller& caller, const std::string& subject,
                                                                     const std::string& request_id = "",
                                                                     bool validate_only = false) {
    platform_v1::EraseDataSubjectRequest request;
    request.set_parent("services/registry");
    request.set_subject(subject);
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    return caller.Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", request);
  }
  std::string Shown(const std::string& name) {
    const auto nurse = GetNurse(reader(), name);
    if (!nurse.ok()) return Said(nurse);
    return absl::StrCat(nurse->display_name(), "|", nurse->home_mesh(), "|", nurse->note(), "|", nurse->seeking());
  }
  // Names in the images of her revisions, newest first.
  std::vector<std::string> ShownRevisions(const std::string& name) {
    platform_v1::ListRevisionsRequest request;
    request.set_parent("services/registry");
    request.set_resource_name(name);
    const auto page =
        reader().Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
    if (!page.ok()) return {Said(page)};
    std::vector<std::string> shown;
    for (const auto& revision : page->revisions()) {
      registry_v1::Nurse nurse;
      revision.image().UnpackTo(&nurse);
      shown.push_back(absl::StrCat(nurse.display_name(), "|", nurse.note()));
    }
    return shown;
  }
  int Found(const std::string& name) {
    registry_v1::SearchNursesRequest request;
    request.set_display_name(name);
    const auto found =
        reader().Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", request);
    return found.ok() ? found->nurses_size() : -1;
  }
  int Listed() {
    const auto listed = reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses",
                                                                       registry_v1::ListNursesRequest());
    return listed.ok() ? listed->nurses_size() : -1;
  }
  std::unique_ptr<store::Database> KeyDatabase() { return *store::Open(KeysDatabaseOf(server().config(), "registry")); }
  registry_v1::Nurse hanako_, jiro_;
};
WIRE_TEST_ON_BOTH(ErasureTest);

TEST_P(ErasureTest, ClearsWhatIsPersonalAndKeepsWhatIsCounted) {
  ASSERT_EQ(Found("髙橋花子"), 1);
  const auto done = Erase(admin(), hanako_.name());
  ASSERT_EQ(Said(done), "OK");
  EXPECT_EQ(done->record_count(), 1);
  EXPECT_EQ(done->subject(), hanako_.name());
  EXPECT_TRUE(done->has_erase_time());
  EXPECT_EQ(Shown(hanako_.name()), "|||0") << "also looks for no work";
  EXPECT_EQ(Shown(jiro_.name()).substr(0, 13), "見本 次郎") << "nobody else";
  EXPECT_EQ(Found("髙橋花子"), 0);
  EXPECT_EQ(Found("見本次郎"), 1);
  EXPECT_EQ(Listed(), 2) << "figures that count rows stay";
  EXPECT_EQ(GetNurse(admin(), hanako_.name())->home_area(), "areas/312011");
  EXPECT_EQ(Count(registry(),
                  "SELECT COUNT(*) FROM `nurses` WHERE `identity` IS NULL AND `note` = '' AND `home_mesh` = "
                  "''"),
            1);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `nurses_search`"), 1);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `erasures`"), 0) << "nothing is left to be done";
  const auto keys = KeyDatabase();
  EXPECT_EQ(Count(*keys, "SELECT COUNT(*) FROM `erased_keys`"), 1);
  const std::string key = Column(registry(), "SELECT `key_id` FROM `subjects` WHERE `erase_time` <> 0").front();
  EXPECT_EQ(Count(*keys, "SELECT COUNT(*) FROM `data_keys` WHERE `id` = ?", {absl::string_view(key)}), 0);
}

TEST_P(ErasureTest, HerHistoryReadsAsMasked) {
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("髙橋 花子|秘密の備考"));
  ASSERT_EQ(Said(Erase(admin(), hanako_.name())), "OK");
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("|", "|"));
  EXPECT_EQ(Column(registry(), "SELECT `method` FROM `journal` WHERE `name` = ? AND `revision` = 2",
                   {absl::string_view(hanako_.name())}),
            std::vector<std::string>{"tsunagu.platform.v1.ErasureService/EraseDataSubject"});
  server().Restart();
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("|", "|"));
}

TEST_P(ErasureTest, AHistoryFromBeforeThereWereKeysReadsAsMaskedToo) {
  // Seals the present journal as if the program had written it.
  const auto SealAnew = [&] {
    std::vector<std::tuple<int64_t, int64_t, std::string>> links;
    ASSERT_EQ(Said(registry().Read(
                  Deadline::After(absl::Minutes(1)),
                  [&](store::Session& session) {
                    links.clear();
                    return session.Query(
                        absl::StrCat("SELECT s.`place`, s.`known_time`, ", store::JournalColumns(),
                                     " FROM `journal_seal` s JOIN `journal` j ON j.`id` = s.`id` ORDER BY s.`place`"),
                        {}, [&](const store::Row& row) {
                          links.emplace_back(row.Integer(0), row.Integer(1), store::ContentOf(row, 2));
                          return absl::OkStatus();
                        });
                  })),
              "OK");
    std::string hash = store::ChainStart("registry");
    for (const auto& [place, known_time, content] : links) {
      hash = store::SealHash(hash, place, known_time, content);
      Execute(registry(), "UPDATE `journal_seal` SET `hash` = ? WHERE `place` = ?", {store::Blob{hash}, place});
    }
    Execute(registry(), "UPDATE `journal_head` SET `hash` = ?", {store::Blob{hash}});
  };
  registry_v1::Nurse secret;
  secret.set_display_name("髙橋 花子");
  const std::string plain = std::string(1, '\0') + secret.SerializeAsString();
  ASSERT_EQ(Said(server().host().Find("registry")->sealer().SealWaiting(Deadline::After(absl::Seconds(30)))), "OK");
  Execute(registry(), "UPDATE `journal` SET `private_image` = ? WHERE `name` = ?",
          {store::Blob{plain}, absl::string_view(hanako_.name())});
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("DATA_LOSS ROW_FORGED")) << "not what was sealed";
  SealAnew();
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("髙橋 花子|"));
  ASSERT_EQ(Said(Erase(admin(), hanako_.name())), "OK");
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("|", "|"));
}

TEST_P(ErasureTest, NothingIsWrittenToHerAnyMore) {
  ASSERT_EQ(Said(Erase(admin(), hanako_.name())), "OK");
  registry_v1::UpdateNurseRequest request;
  *request.mutable_nurse() = ANurse("髙橋 花子", "areas/312011");
  request.mutable_nurse()->set_name(hanako_.name());
  for (const char* path : {"display_name", "home_mesh"}) request.mutable_update_mask()->add_paths(path);
  EXPECT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", request)),
            "FAILED_PRECONDITION SUBJECT_ERASED");
  request.mutable_update_mask()->clear_paths();
  request.mutable_update_mask()->add_paths("weekly_minutes");
  EXPECT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", request)),
            "FAILED_PRECONDITION SUBJECT_ERASED");
  EXPECT_EQ(Shown(hanako_.name()), "|||0");
}

TEST_P(ErasureTest, AnswersTheSameWhenAskedAgain) {
  const auto first = Erase(admin(), hanako_.name(), "r1");
  ASSERT_EQ(Said(first), "OK");
  const auto repeated = Erase(admin(), hanako_.name(), "r1");
  ASSERT_EQ(Said(repeated), "OK");
  EXPECT_EQ(repeated->SerializeAsString(), first->SerializeAsString());
  clock().Advance(absl::Hours(24));
  const auto later = Erase(admin(), hanako_.name(), "r2");
  ASSERT_EQ(Said(later), "OK");
  EXPECT_EQ(later->record_count(), 0);
  EXPECT_EQ(later->erase_time().seconds(), first->erase_time().seconds());
  EXPECT_EQ(Said(Erase(admin(), jiro_.name(), "r1")),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
}

TEST_P(ErasureTest, ADryRunErasesNothing) {
  const auto dry = Erase(admin(), hanako_.name(), "", true);
  ASSERT_EQ(Said(dry), "OK");
  EXPECT_EQ(dry->record_count(), 1);
  EXPECT_EQ(Shown(hanako_.name()).substr(0, 13), "髙橋 花子");
  EXPECT_EQ(Found("髙橋花子"), 1);
  EXPECT_EQ(Count(*KeyDatabase(), "SELECT COUNT(*) FROM `erased_keys`"), 0);
}

TEST_P(ErasureTest, NeedsItsOwnPermissionAndAPersonInReach) {
  const Caller operators = CallerWith("operators", {"matching-operator@*"});
  EXPECT_EQ(Said(Erase(operators, hanako_.name())), "PERMISSION_DENIED PERMISSION_DENIED");
  SetRole("eraser", {"dataSubjects.erase"});
  const Caller elsewhere = CallerWith("elsewhere", {"eraser@areas/320005"});
  EXPECT_EQ(Said(Erase(elsewhere, hanako_.name())), "NOT_FOUND NURSE_NOT_FOUND");
  EXPECT_EQ(Said(Erase(admin(), "nurses/absent")), "NOT_FOUND NURSE_NOT_FOUND");
  EXPECT_EQ(Said(Erase(admin(), "areas/310000")), "INVALID_ARGUMENT INVALID_REQUEST subject:NO_DATA_SUBJECT");
  EXPECT_EQ(Said(Erase(admin(), "nonsense")), "INVALID_ARGUMENT INVALID_REQUEST subject:NO_DATA_SUBJECT");
  const Caller here = CallerWith("here", {"eraser@areas/312011"});
  EXPECT_EQ(Said(Erase(here, hanako_.name())), "OK");
}

TEST_P(ErasureTest, SaysWhenTheLastBackupOfTheKeyIsGone) {
  const auto unknown = Erase(admin().In(Language::kEnglish), hanako_.name());
  ASSERT_EQ(Said(unknown), "OK");
  EXPECT_FALSE(unknown->has_key_backup_expire_date());
  EXPECT_THAT(unknown->notice(), testing::HasSubstr("--key-backup-days"));
  server().Stop();
  server().config().key_backup_days = {"90", "2050-04-01=35"};
  ASSERT_TRUE(server().Start().ok());
  const auto known = Erase(admin(), jiro_.name());
  ASSERT_EQ(Said(known), "OK");
  EXPECT_EQ(known->key_backup_expire_date().ShortDebugString(), "year: 2050 month: 5 day: 8");
  EXPECT_EQ(known->notice(), "");
}

TEST_P(ErasureTest, WhatACrashLeftIsFinished) {
  // As after a crash between the two databases: committed here, the key still there.
  store::Store& store = server().host().Find("registry")->store();
  const identity::Actor actor{"admin", "", "test", "erase", "", identity::Scope::Everything()};
  platform_v1::EraseDataSubjectResponse answer;
  ASSERT_TRUE(store
                  .Change(actor, Deadline::After(absl::Minutes(1)), {"x"}, answer,
                          [&](store::Tx& tx) { return store::EraseSubject(tx, hanako_.name()).status(); })
                  .ok());
  EXPECT_EQ(Shown(hanako_.name()), "|||0");
  ASSERT_TRUE(store::FinishErasures(store).ok());
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `erasures`"), 0);
  EXPECT_EQ(Count(*KeyDatabase(), "SELECT COUNT(*) FROM `erased_keys`"), 1);
  EXPECT_THAT(ShownRevisions(hanako_.name()), testing::ElementsAre("|", "|"));
}

// The keeper of the service deletes the keys of erasures that a crash has left; of these only.
TEST_P(ErasureTest, ARowPutIntoTheDatabaseDeletesNobodysKey) {
  const std::string hanako = hanako_.name();
  server().Spoil();
  Execute(registry(),
          "INSERT INTO `erasures` (`subject`, `key_id`) SELECT `subject`, `key_id` FROM `subjects` WHERE "
          "`subject` = ?",
          {absl::string_view(hanako)});
  ASSERT_EQ(Said(Erase(reader(), jiro_.name())), "OK");
  EXPECT_EQ(Column(registry(), "SELECT `subject` FROM `erasures`"), std::vector<std::string>{hanako});
  server().Restart();
  EXPECT_THAT(Shown(hanako), testing::StartsWith("髙橋 花子|"));
}

std::string Bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

// Notes are plain in the table, and so are they in SQLite's log: also while somebody reads, once he has ended.
TEST_P(ErasureTest, NothingOfItIsLeftInTheFiles) {
  if (GetParam() != Engine::kSqlite) GTEST_SKIP() << "its logs are the operator's";
  const std::string file = server().config().data_dir + "/registry.db";
  const auto holds = [&] {
    for (const char* end : {"", "-wal"}) {
      if (Bytes(file + end).find("秘密の備考") != std::string::npos) return true;
    }
    return false;
  };
  ASSERT_TRUE(holds()) << "the test has to be able to fail";
  ASSERT_EQ(Said(registry().Read(Deadline::After(absl::Minutes(1)),
                                 [&](store::Session& session) {
                                   return session.Query("SELECT `id` FROM `nurses`", {}, [&](const store::Row&) {
                                     EXPECT_EQ(Said(Erase(reader(), hanako_.name())), "OK");
                                     return absl::CancelledError("one is enough");
                                   });
                                 })),
            "CANCELLED CANCELLED");
  const Deadline patience = Deadline::After(absl::Seconds(30));
  while (holds() && !patience.Over()) std::this_thread::yield();
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace tsunagu::wire
