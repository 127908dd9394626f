#include "common/keys/keyring.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/cipher.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr char kPlain = 0, kEncrypted = 1;
constexpr size_t kIdBytes = 8, kHeaderBytes = 1 + kIdBytes;
constexpr absl::Duration kMargin = absl::Minutes(5);  // for differences between the clocks of replicas

// Format and key id are authenticated too.
std::string ContextWith(absl::string_view header, absl::string_view context) { return absl::StrCat(header, context); }

}  // namespace

absl::StatusOr<std::unique_ptr<Keyring>> Keyring::Open(std::unique_ptr<KeyStore> store, MasterKeySource source,
                                                       const Clock& clock) {
  std::unique_ptr<Keyring> ring(new Keyring(std::move(store), std::move(source), clock));
  RETURN_IF_ERROR(ring->LoadMasters());
  ASSIGN_OR_RETURN(ring->service_key_, ring->store_->Named("service", ""));
  if (ring->service_key_.empty()) {
    ASSIGN_OR_RETURN(const auto made, ring->store_->Make(ring->Masters().front(), 1));
    ASSIGN_OR_RETURN(ring->service_key_, ring->store_->Named("service", made.front().id));
  }
  return ring;
}

std::vector<MasterKey> Keyring::Masters() {
  MutexLock lock(mutex_);
  return masters_;
}

absl::Status Keyring::LoadMasters() {
  ASSIGN_OR_RETURN(std::vector<MasterKey> masters, source_.Load());
  const std::vector<MasterKey> before = Masters();
  const bool same = std::equal(before.begin(), before.end(), masters.begin(), masters.end(),
                               [](const MasterKey& a, const MasterKey& b) { return a.bytes == b.bytes; });
  if (same) return absl::OkStatus();
  RETURN_IF_ERROR(store_->Admit(masters));
  if (!before.empty()) {
    log::Line(log::Level::kInfo, "master_keys_read_again").Add("newest", masters.front().id()).Write();
  }
  MutexLock lock(mutex_);
  masters_ = std::move(masters);
  return absl::OkStatus();
}

absl::Status Keyring::ForgetErased() {
  const absl::Time now = clock_.Now();
  absl::Time since;
  {
    MutexLock lock(mutex_);
    since = erased_until_ == absl::InfinitePast() ? now - kMargin : erased_until_ - kMargin;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> erased, store_->ErasedSince(since));
  for (const std::string& id : erased) Forget(id);
  MutexLock lock(mutex_);
  erased_until_ = now;
  return absl::OkStatus();
}

absl::Status Keyring::Refresh() {
  const absl::Status masters = LoadMasters();
  const std::string complaint = masters.ok() ? "" : TextForOperator(masters);
  {
    MutexLock lock(mutex_);
    if (complaint != complaint_ && !complaint.empty()) {
      log::Line(log::Level::kError, "master_keys").Add("origin", source_.origin()).Add("text", complaint).Write();
    }
    complaint_ = complaint;  // logged once
  }
  RETURN_IF_ERROR(ForgetErased());
  return masters;
}

absl::optional<std::string> Keyring::Reserved() {
  MutexLock lock(mutex_);
  if (reserve_.empty()) return absl::nullopt;
  std::string id = std::move(reserve_.back());
  reserve_.pop_back();
  return id;
}

absl::Status Keyring::ReserveKeys() {
  absl::StatusOr<std::vector<KeyStore::DataKey>> made = store_->Make(Masters().front(), next_reserve_);
  if (ReasonOf(made.status()) == "MASTER_KEY_RETIRED"_reason) {
    RETURN_IF_ERROR(LoadMasters());  // a rotation has begun; the new key may be in the file already
    made = store_->Make(Masters().front(), next_reserve_);
  }
  RETURN_IF_ERROR(made.status());
  next_reserve_ = std::min(kMostReserved, next_reserve_ * 2);
  for (KeyStore::DataKey& key : *made) {
    Cache(key.id, std::move(key.bytes));
    MutexLock lock(mutex_);
    reserve_.push_back(std::move(key.id));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Keyring::FreshKeyId() {
  MutexLock making(making_);
  absl::optional<std::string> id = Reserved();
  if (!id.has_value()) {
    RETURN_IF_ERROR(ReserveKeys());
    id = Reserved();
  }
  return *std::move(id);
}

void Keyring::GiveBack(std::vector<std::string> ids) {
  MutexLock lock(mutex_);
  for (std::string& id : ids) reserve_.push_back(std::move(id));
}

absl::optional<std::string> Keyring::Cached(absl::string_view id) {
  MutexLock lock(mutex_);
  const std::string* const bytes = cached_.Find(id);
  return bytes == nullptr ? absl::nullopt : absl::make_optional(*bytes);
}

void Keyring::Cache(const std::string& id, std::string bytes) {
  MutexLock lock(mutex_);
  if (cached_.Find(id) == nullptr) cached_.Add(id, std::move(bytes));
}

void Keyring::Forget(absl::string_view id) {
  MutexLock lock(mutex_);
  cached_.Erase(id);
}

absl::StatusOr<absl::optional<std::string>> Keyring::KeyOf(const std::string& id) {
  absl::optional<std::string> bytes = Cached(id);
  if (bytes.has_value()) return bytes;
  ASSIGN_OR_RETURN(const absl::optional<KeyStore::WrappedKey> key, store_->Find(id));
  if (!key.has_value()) {
    ASSIGN_OR_RETURN(const bool erased, store_->WasErased(id));
    if (erased) return absl::optional<std::string>();
    return Fail("KEY_STORE_MISMATCH"_reason, {{"key", id}});
  }
  absl::StatusOr<std::string> unwrapped = Unwrap(Masters(), *key);
  if (ReasonOf(unwrapped.status()) == "MASTER_KEY_WRONG"_reason) {
    RETURN_IF_ERROR(LoadMasters());  // wrapped again by a master key that is not loaded yet
    unwrapped = Unwrap(Masters(), *key);
  }
  RETURN_IF_ERROR(unwrapped.status());
  Cache(id, *unwrapped);
  return absl::optional<std::string>(*std::move(unwrapped));
}

absl::StatusOr<std::string> Keyring::Encrypt(absl::string_view key_id, absl::string_view context,
                                             absl::string_view plain) {
  ASSIGN_OR_RETURN(const absl::optional<std::string> key, KeyOf(std::string(key_id)));
  if (!key.has_value()) return Fail("SUBJECT_ERASED"_reason);
  const std::string header = absl::StrCat(std::string(1, kEncrypted), absl::HexStringToBytes(std::string(key_id)));
  return absl::StrCat(header, tsunagu::Encrypt(*key, ContextWith(header, context), plain));
}

bool Keyring::IsEncrypted(absl::string_view bytes) { return bytes.size() > kHeaderBytes && bytes[0] == kEncrypted; }

absl::StatusOr<absl::optional<std::string>> Keyring::Decrypt(absl::string_view context, absl::string_view encrypted) {
  if (!encrypted.empty() && encrypted[0] == kPlain)
    return absl::optional<std::string>(std::string(encrypted.substr(1)));
  if (!IsEncrypted(encrypted)) return Fail("SEALED_DATA_DAMAGED"_reason);
  const absl::string_view header = encrypted.substr(0, kHeaderBytes);
  ASSIGN_OR_RETURN(const absl::optional<std::string> key, KeyOf(absl::BytesToHexString(header.substr(1))));
  if (!key.has_value()) return absl::optional<std::string>();
  absl::StatusOr<std::string> plain =
      tsunagu::Decrypt(*key, ContextWith(header, context), encrypted.substr(kHeaderBytes));
  if (!plain.ok()) return Fail("SEALED_DATA_DAMAGED"_reason);
  return absl::optional<std::string>(*std::move(plain));
}

absl::Status Keyring::Prepare(absl::Span<const absl::string_view> encrypted) {
  std::vector<std::string> ids;
  for (const absl::string_view one : encrypted) {
    if (!IsEncrypted(one)) continue;
    std::string id = absl::BytesToHexString(one.substr(1, kIdBytes));
    if (!Cached(id).has_value()) ids.push_back(std::move(id));
  }
  if (ids.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<KeyStore::WrappedKey> keys, store_->FindMany(ids));
  const std::vector<MasterKey> masters = Masters();
  for (const KeyStore::WrappedKey& key : keys) {
    absl::StatusOr<std::string> unwrapped = Unwrap(masters, key);
    if (unwrapped.ok()) Cache(key.id, *std::move(unwrapped));
  }
  return absl::OkStatus();
}

absl::Status Keyring::Erase(absl::string_view key_id) {
  RETURN_IF_ERROR(store_->Erase(key_id));
  Forget(key_id);
  return absl::OkStatus();
}

}  // namespace tsunagu::store
