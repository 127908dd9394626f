// The key store and the data that it decrypts, on both engines.
#include "common/keys/keyring.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/db/database_testing.h"
#include "common/db/migrate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

std::string Word(const absl::Status& status) { return status.ok() ? "OK" : ReasonWord(FaultOf(status)); }

class KeyringTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    std::filesystem::create_directories(folder_);
    ASSERT_EQ(Word(ApplyMigration(*database_, KeyStore::Schema(GetParam()), {})), "OK");
    WriteKeys({FreshMasterKey()});
  }

  std::string key_file() const { return folder_ + "/master.key"; }
  void WriteKeys(const std::vector<std::string>& lines) {
    keys_ = lines;
    std::ofstream file(key_file(), std::ios::trunc);
    for (const std::string& line : lines) file << line << "\n";
  }
  std::vector<MasterKey> Masters() const { return *MasterKeySource::File(key_file()).Load(); }

  // Another connection to the same key store.
  std::unique_ptr<KeyStore> Store() {
    auto opened = GetParam() == Dialect::kSqlite ? OpenSqlite({folder_ + "/test.db"}) : OpenMysql(schema_->options());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return std::make_unique<KeyStore>(*std::move(opened), Clock::System());
  }
  absl::StatusOr<std::unique_ptr<Keyring>> Open() {
    return Keyring::Open(Store(), MasterKeySource::File(key_file()), Clock::System());
  }
  // The wrapped keys as stored.
  std::vector<std::string> Wrapped() { return Select("SELECT `wrapped` FROM `data_keys` ORDER BY `id`"); }

  std::vector<std::string> keys_;
};
INSTANTIATE_TEST_SUITE_P(Engines, KeyringTest, testing::Values(Dialect::kSqlite, Dialect::kMysql),
                         [](const auto& info) { return info.param == Dialect::kMysql ? "Mysql" : "Sqlite"; });

TEST_P(KeyringTest, DecryptsAfterARestartWhatItEncrypted) {
  std::string key, encrypted, of_service;
  {
    const auto ring = *Open();
    key = *ring->FreshKeyId();
    encrypted = *ring->Encrypt(key, "nurses/a identity", "花子");
    of_service = *ring->Encrypt(ring->service_key(), "secrets search", "secret");
  }
  const auto ring = *Open();
  EXPECT_EQ(**ring->Decrypt("nurses/a identity", encrypted), "花子");
  EXPECT_EQ(**ring->Decrypt("secrets search", of_service), "secret");
  EXPECT_EQ(**ring->Decrypt("anywhere", absl::string_view("\0plain", 6)), "plain") << "made before there were keys";
  EXPECT_NE(*ring->FreshKeyId(), key) << "a key is given out once";
}

TEST_P(KeyringTest, RefusesWhatWasChangedOrMoved) {
  const auto ring = *Open();
  const std::string key = *ring->FreshKeyId(), encrypted = *ring->Encrypt(key, "nurses/a identity", "花子");
  EXPECT_EQ(Word(ring->Decrypt("nurses/b identity", encrypted).status()), "SEALED_DATA_DAMAGED");
  EXPECT_EQ(Word(ring->Decrypt("nurses/a journal/1", encrypted).status()), "SEALED_DATA_DAMAGED");
  for (size_t i = 0; i < encrypted.size(); ++i) {
    std::string changed = encrypted;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_THAT(Word(ring->Decrypt("nurses/a identity", changed).status()),
                testing::AnyOf("SEALED_DATA_DAMAGED", "KEY_STORE_MISMATCH"))
        << i;
  }
  for (const std::string& bad : {std::string(), std::string("\x01"), std::string("\x02later")}) {
    EXPECT_EQ(Word(ring->Decrypt("nurses/a identity", bad).status()), "SEALED_DATA_DAMAGED");
  }
  // The key id of another person on this person's text.
  const std::string other = *ring->Encrypt(*ring->FreshKeyId(), "nurses/a identity", "次郎");
  EXPECT_EQ(Word(ring->Decrypt("nurses/a identity", other.substr(0, 9) + encrypted.substr(9)).status()),
            "SEALED_DATA_DAMAGED");
}

TEST_P(KeyringTest, NeedsTheRightMasterKey) {
  { ASSERT_TRUE((*Open())->FreshKeyId().ok()); }
  const std::vector<std::string> right = keys_;
  const std::string id = Masters().front().id();
  WriteKeys({FreshMasterKey()});
  const absl::Status wrong = Open().status();
  EXPECT_EQ(Word(wrong), "MASTER_KEY_WRONG");
  EXPECT_NE(TextForOperator(wrong).find(id), std::string::npos) << "says which one";
  WriteKeys({"not a key"});
  EXPECT_EQ(Word(Open().status()), "MASTER_KEY_MALFORMED");
  std::filesystem::remove(key_file());
  EXPECT_EQ(Word(Open().status()), "MASTER_KEY_MISSING");
  WriteKeys(right);
  EXPECT_EQ(Word(Open().status()), "OK");
  // A check value that does not fit, as in a key store with a forged id.
  ASSERT_TRUE(Execute("UPDATE `master_keys` SET `check_value` = ?", {Blob{"forged"}}).ok());
  EXPECT_EQ(Word(Open().status()), "MASTER_KEY_WRONG");
}

TEST_P(KeyringTest, ErasedIsErasedForEveryReplica) {
  const auto one = *Open(), other = *Open();
  const std::string key = *one->FreshKeyId(), encrypted = *one->Encrypt(key, "p", "花子");
  EXPECT_EQ(**other->Decrypt("p", encrypted), "花子");
  ASSERT_TRUE(one->Erase(key).ok());
  ASSERT_TRUE(one->Erase(key).ok()) << "again, as after a crash";
  EXPECT_FALSE(one->Decrypt("p", encrypted)->has_value());
  EXPECT_EQ(Word(one->Encrypt(key, "p", "x").status()), "SUBJECT_ERASED");
  ASSERT_TRUE(other->Refresh().ok());
  EXPECT_FALSE(other->Decrypt("p", encrypted)->has_value()) << "although it was cached";
  EXPECT_THAT(Select("SELECT `id` FROM `erased_keys`"), testing::ElementsAre(key));
}

TEST_P(KeyringTest, RotationWrapsAnewWhileServersRun) {
  const auto server = *Open();
  const std::string key = *server->FreshKeyId(), encrypted = *server->Encrypt(key, "p", "花子");
  const std::vector<std::string> before = Wrapped();
  WriteKeys({FreshMasterKey(), keys_[0]});
  const std::vector<MasterKey> masters = Masters();
  const auto rotation = Store();
  ASSERT_TRUE(rotation->Admit(masters).ok());
  ASSERT_TRUE(rotation->RetireAllBut(masters.front()).ok());
  // One batch, then as if the rotation had been killed: data wrapped by either key can be decrypted.
  EXPECT_EQ(*rotation->WrapAnew(masters, 5), 5);
  EXPECT_EQ(*rotation->CountNotWrappedBy(masters.front()), static_cast<int64_t>(before.size()) - 5);
  EXPECT_EQ(**(*Open())->Decrypt("p", encrypted), "花子");
  // The server has not read its file again and needs new keys: it does not use the retired master key.
  for (size_t i = 0; i < before.size(); ++i) ASSERT_EQ(Word(server->FreshKeyId().status()), "OK");
  while (*rotation->WrapAnew(masters, 5) > 0) {
  }
  EXPECT_EQ(*rotation->CountNotWrappedBy(masters.front()), 0);
  EXPECT_THAT(Select("SELECT DISTINCT `master` FROM `data_keys`"), testing::ElementsAre(masters.front().id()));
  for (const std::string& wrapped : before) EXPECT_THAT(Wrapped(), testing::Not(testing::Contains(wrapped)));
  // The old key may be removed.
  WriteKeys({keys_[0]});
  EXPECT_EQ(Word(server->Refresh()), "OK");
  EXPECT_EQ(**(*Open())->Decrypt("p", encrypted), "花子");
}

TEST_P(KeyringTest, AServerLeftBehindByARotationSaysSo) {
  const auto server = *Open();
  const std::vector<std::string> old = keys_;
  WriteKeys({FreshMasterKey(), old[0]});
  const std::vector<MasterKey> masters = Masters();
  ASSERT_TRUE(Store()->Admit(masters).ok());
  ASSERT_TRUE(Store()->RetireAllBut(masters.front()).ok());
  WriteKeys(old);
  EXPECT_EQ(Word(server->FreshKeyId().status()), "MASTER_KEY_RETIRED");
}

// All replicas of a service start at once, and each sets the first mark.
TEST_P(KeyringTest, EightSetTheFirstMarkAtOnce) {
  constexpr int kReplicas = 8;
  std::vector<std::unique_ptr<KeyStore>> stores;
  for (int i = 0; i < kReplicas; ++i) stores.push_back(Store());
  for (int round = 0; round < 10; ++round) {
    const std::string name = absl::StrCat("mark ", round);
    std::vector<absl::Status> set(kReplicas);
    std::vector<std::thread> threads;
    for (int i = 0; i < kReplicas; ++i) {
      threads.emplace_back([&, i] { set[i] = stores[i]->SetMark(name, {7, "hash"}); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& status : set) EXPECT_EQ(Word(status), "OK");
    EXPECT_EQ((*stores[0]->FindMark(name))->place, 7);
  }
}

TEST_P(KeyringTest, NothingInTheKeyStoreIsAKey) {
  const auto ring = *Open();
  ASSERT_TRUE(ring->FreshKeyId().ok());
  const std::string master = Masters().front().bytes;
  for (const std::string& wrapped : Wrapped()) EXPECT_EQ(wrapped.find(master), std::string::npos);
  EXPECT_EQ(Wrapped().size(), 17u) << "the service's and the first reserve";
}

}  // namespace
}  // namespace tsunagu::store
