// Personal data at rest: sealed with keys that are stored separately; and the keys with which a server starts.
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/db/open.h"
#include "common/host/databases.h"
#include "common/host/keys.h"
#include "common/host/rotate.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

// Signs rows that the test has written, as if the program had written them.
void SignNurses(Server& server, store::Database& database) {
  Execute(database, "UPDATE `nurses` SET `mac` = NULL");
  EXPECT_EQ(Said(server.host().Find("registry")->store().FindTable("nurses")->SignRows()), "OK");
}

class KeysTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry", "training", "subsidy", "matching"};
    return options;
  }
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    hanako_ = Create(ANurse("髙橋 花子", "areas/312011"));
  }
  std::string NameShown() {
    const auto nurse = GetNurse(admin().For("care"), hanako_.name());
    return nurse.ok() ? nurse->display_name() : Said(nurse);
  }
  std::unique_ptr<store::Database> KeyDatabase() { return *store::Open(KeysDatabaseOf(server().config(), "registry")); }
  // Returns the error of a start that is refused.
  std::string Refusal() {
    server().Stop();
    const absl::Status status = server().Start();
    return status.ok() ? "OK" : ReasonWord(FaultOf(status));
  }
  registry_v1::Nurse hanako_;
};
WIRE_TEST_ON_BOTH(KeysTest);

TEST_P(KeysTest, TheDatabaseHoldsNoNameAndTheKeyStoreNoSubject) {
  for (const char* sql : {"SELECT `identity` FROM `nurses`", "SELECT `private_image` FROM `journal`"}) {
    int sealed = 0;
    for (const std::string& cell : Column(registry(), sql)) {
      EXPECT_FALSE(absl::StrContains(cell, "花子")) << sql;
      sealed += store::Keyring::IsEncrypted(cell) ? 1 : 0;
    }
    EXPECT_EQ(sealed, 1) << sql;
  }
  for (const std::string& secret : Column(registry(), "SELECT `bytes` FROM `secrets`")) {
    EXPECT_TRUE(store::Keyring::IsEncrypted(secret));
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `secrets`"), 5);
  const std::string id = hanako_.name().substr(7);
  EXPECT_EQ(Count(*KeyDatabase(), "SELECT COUNT(*) FROM `data_keys` WHERE `id` = ?", {absl::string_view(id)}), 0);
  EXPECT_EQ(NameShown(), "髙橋 花子");
}

TEST_P(KeysTest, WhatIsMovedOrChangedInTheDatabaseIsRefused) {
  const auto jiro = Create(ANurse("見本 次郎", "areas/312011"));
  Execute(registry(),
          "UPDATE `nurses` SET `identity` = (SELECT i FROM (SELECT `identity` i FROM `nurses` WHERE `id` = ?) "
          "x) WHERE `id` = ?",
          {absl::string_view(jiro.name()).substr(7), absl::string_view(hanako_.name()).substr(7)});
  EXPECT_EQ(NameShown(), "DATA_LOSS ROW_FORGED") << "another's blob";
  EXPECT_EQ(Said(GetNurse(admin(), hanako_.name())), "DATA_LOSS ROW_FORGED") << "which a masked read sees too";
  SignNurses(server(), registry());
  EXPECT_EQ(NameShown(), "DATA_LOSS SEALED_DATA_DAMAGED") << "even if it were signed";
  EXPECT_EQ(Said(GetNurse(admin(), hanako_.name())), "OK") << "masked reads need no key";
}

TEST_P(KeysTest, WhatWasMadeBeforeThereWereKeysIsReadAndSealedWhenWritten) {
  registry_v1::Nurse identity;
  identity.set_display_name("古川 花子");
  const std::string plain = std::string(1, '\0') + identity.SerializeAsString();
  Execute(registry(), "UPDATE `nurses` SET `identity` = ?", {store::Blob{plain}});
  SignNurses(server(), registry());
  Execute(registry(), "DELETE FROM `subjects`");
  const std::string secret(32, 's');
  Execute(registry(), "UPDATE `secrets` SET `bytes` = ? WHERE `name` = 'search'", {store::Blob{secret}});
  server().Restart();
  EXPECT_EQ(NameShown(), "古川 花子");
  EXPECT_EQ(server().host().Find("registry")->store().Secret("search"), secret);
  EXPECT_TRUE(
      store::Keyring::IsEncrypted(Column(registry(), "SELECT `bytes` FROM `secrets` WHERE `name` = 'search'")[0]));
  registry_v1::UpdateNurseRequest request;
  request.mutable_nurse()->set_name(hanako_.name());
  request.mutable_nurse()->set_phone("000-0000");
  request.mutable_update_mask()->add_paths("phone");
  ASSERT_EQ(Said(admin().For("care").Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", request)), "OK");
  EXPECT_TRUE(store::Keyring::IsEncrypted(Column(registry(), "SELECT `identity` FROM `nurses`")[0]));
  EXPECT_EQ(NameShown(), "古川 花子");
}

TEST_P(KeysTest, ADryRunUsesNoKeyUp) {
  const auto keys = KeyDatabase();
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = ANurse("見本 次郎", "areas/312011");
  request.set_validate_only(true);
  const int64_t before = Count(*keys, "SELECT COUNT(*) FROM `data_keys`");
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(Said(admin().For("care").Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request)),
              "OK");
  }
  EXPECT_EQ(Count(*keys, "SELECT COUNT(*) FROM `data_keys`"), before);
}

TEST_P(KeysTest, AStartWithoutTheRightKeysIsRefused) {
  const std::string file = absl::StrCat(server().config().data_dir, "/some.key"), right = server().config().master_keys;
  server().Spoil();
  server().config().master_keys = store::FreshMasterKey();
  EXPECT_EQ(Refusal(), "MASTER_KEY_WRONG");
  server().config().master_keys = "hush";
  EXPECT_EQ(Refusal(), "MASTER_KEY_MALFORMED");
  server().config().master_keys = "";
  server().config().master_key_file = file;
  EXPECT_EQ(Refusal(), "MASTER_KEY_MISSING");
  std::ofstream(file) << right << "\n" << store::FreshMasterKey() << "\n";
  server().config().master_key_file = "";
  server().config().master_keys = right;
  EXPECT_EQ(Refusal(), "OK");
  EXPECT_EQ(NameShown(), "髙橋 花子");
}

TEST_P(KeysTest, AnotherInstallationsKeysAreRefused) {
  server().Spoil();
  server().Stop();
  const auto keys = KeyDatabase();
  Execute(*keys, "DELETE FROM `data_keys`");
  Execute(*keys, "DELETE FROM `named_keys`");
  EXPECT_EQ(Refusal(), "KEY_STORE_MISMATCH");
}

TEST_P(KeysTest, AKeyStoreSaysWhoseItIs) {
  server().Spoil();
  const auto keys = KeyDatabase();
  EXPECT_EQ(Column(*keys, "SELECT `service` FROM `installation`"), std::vector<std::string>{"registry keys"});
  EXPECT_EQ(Column(*keys, "SELECT `installation` FROM `installation`"),
            Column(registry(), "SELECT `installation` FROM `installation`"));
  server().Stop();
  Execute(*keys, "UPDATE `installation` SET `installation` = 'elsewhere'");
  Execute(*keys, "DELETE FROM `master_keys`");
  EXPECT_EQ(Refusal(), "DATABASE_OF_ANOTHER_INSTALLATION");
  ASSERT_TRUE(Adopt(server().config(), Server::Kinds()).ok());
  EXPECT_EQ(Refusal(), "KEY_STORE_EMPTY");
}

TEST_P(KeysTest, RotationBesideARunningServer) {
  server().Spoil();
  server().Stop();
  HostConfig& config = server().config();
  config.master_key_file = absl::StrCat(config.data_dir, "/rotated.key");
  const std::string before = config.master_keys;
  if (GetParam() == Engine::kSqlite) {
    std::filesystem::copy_file(config.data_dir + "/master.key", config.master_key_file);
  } else {
    std::ofstream(config.master_key_file) << before << "\n";
  }
  config.master_keys = "";
  ASSERT_TRUE(server().Start().ok());
  const std::vector<std::string> journal = Column(registry(), "SELECT `private_image` FROM `journal`");
  const std::string checkpoints = server().host().Find("registry")->store().Secret("checkpoints");
  ASSERT_EQ(checkpoints.size(), 32u);

  ASSERT_TRUE(store::AddMasterKey(config.master_key_file).ok());
  int64_t last_done = -1, last_total = -2;
  const auto rotation = RotateKeys(config, Server::Kinds(), [&](const std::string&, int64_t done, int64_t total) {
    last_done = done;
    last_total = total;
  });
  ASSERT_TRUE(rotation.ok()) << rotation.status();
  EXPECT_EQ(last_done, last_total);
  EXPECT_EQ(Column(*KeyDatabase(), "SELECT DISTINCT `master` FROM `data_keys`"),
            std::vector<std::string>{rotation->newest});
  EXPECT_THAT(rotation->services, testing::ElementsAre("registry", "training", "subsidy", "matching"));
  EXPECT_THAT(rotation->left, testing::IsEmpty());
  EXPECT_TRUE(rotation->has_older);
  EXPECT_EQ(NameShown(), "髙橋 花子");
  for (int i = 0; i < 40; ++i) Create(ANurse("見本 次郎", "areas/312011"));  // more than are in reserve
  EXPECT_EQ(Column(*KeyDatabase(), "SELECT DISTINCT `master` FROM `data_keys`"),
            std::vector<std::string>{rotation->newest});

  // The old line goes; what was sealed before opens.
  const auto masters = *store::MasterKeySource::File(config.master_key_file).Load();
  server().Stop();
  std::ofstream(config.master_key_file, std::ios::trunc) << absl::BytesToHexString(masters.front().bytes) << "\n";
  ASSERT_TRUE(server().Start().ok());
  EXPECT_EQ(NameShown(), "髙橋 花子");
  EXPECT_EQ(server().host().Find("registry")->store().Secret("checkpoints"), checkpoints);
  const std::vector<std::string> after = Column(registry(), "SELECT `private_image` FROM `journal` ORDER BY `id`");
  for (const std::string& image : journal) EXPECT_THAT(after, testing::Contains(image)) << "never rewritten";
}

}  // namespace
}  // namespace tsunagu::wire
