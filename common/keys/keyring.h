#ifndef TSUNAGU_COMMON_KEYS_KEYRING_H_
#define TSUNAGU_COMMON_KEYS_KEYRING_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "common/base/clock.h"
#include "common/base/lru.h"
#include "common/base/mutex.h"
#include "common/keys/key_store.h"
#include "common/keys/master_keys.h"

namespace tsunagu::store {

// Encrypts and decrypts the data of a service with the keys of its key store, which are unwrapped on demand.
// Thread-safe.
//
// Encrypted bytes begin with a format number: 0 for plain text (databases from before there were keys), 1 for
// AES-256-GCM, followed by the id of the key. They decrypt only with the `context` for which they were encrypted
// ("registry.tsunagu/Nurse nurses/n1 identity").
class Keyring {
 public:
  // The tables of `store` must exist. Errors: MASTER_KEY_MISSING, MASTER_KEY_MALFORMED, MASTER_KEY_WRONG.
  static absl::StatusOr<std::unique_ptr<Keyring>> Open(std::unique_ptr<KeyStore> store, MasterKeySource source,
                                                       const Clock& clock);

  // Returns the id of a durable key that is not in use yet. Keys are made in advance, many at once.
  absl::StatusOr<std::string> FreshKeyId();
  // Takes back the ids of keys that were not used after all.
  void GiveBack(std::vector<std::string> ids);
  // The key for data that belongs to no single person.
  const std::string& service_key() const { return service_key_; }

  // Errors: SUBJECT_ERASED when the key was erased.
  absl::StatusOr<std::string> Encrypt(absl::string_view key_id, absl::string_view context, absl::string_view plain);
  // Returns nothing when the key was erased. Errors: SEALED_DATA_DAMAGED when the bytes were changed or moved;
  // KEY_STORE_MISMATCH when the key store has never had the key.
  absl::StatusOr<absl::optional<std::string>> Decrypt(absl::string_view context, absl::string_view encrypted);

  // Loads the keys of values that will be decrypted soon, in few statements. A key that is not found is left to
  // Decrypt.
  absl::Status Prepare(absl::Span<const absl::string_view> encrypted);

  // Erases the key durably. Repeating it does no harm. Other replicas forget the key within seconds.
  absl::Status Erase(absl::string_view key_id);

  // Reloads what may have changed: the key file, erasures by other replicas. Called regularly. On failure the loaded
  // state stays.
  absl::Status Refresh();

  KeyStore& store() { return *store_; }

  static bool IsEncrypted(absl::string_view bytes);

 private:
  static constexpr size_t kMostCached = 16'384;
  static constexpr int kMostReserved = 512;

  Keyring(std::unique_ptr<KeyStore> store, MasterKeySource source, const Clock& clock)
      : store_(std::move(store)), source_(std::move(source)), clock_(clock) {}

  std::vector<MasterKey> Masters();
  absl::Status LoadMasters();
  absl::Status ForgetErased();
  absl::Status ReserveKeys();
  absl::optional<std::string> Reserved();
  absl::optional<std::string> Cached(absl::string_view id);
  void Cache(const std::string& id, std::string bytes);
  void Forget(absl::string_view id);
  // Returns the unwrapped key; nothing when it was erased.
  absl::StatusOr<absl::optional<std::string>> KeyOf(const std::string& id);

  const std::unique_ptr<KeyStore> store_;
  const MasterKeySource source_;
  const Clock& clock_;
  std::string service_key_;

  Mutex making_;  // held while keys are made, so that threads do not make them twice
  Mutex mutex_;
  std::vector<MasterKey> masters_ ABSL_GUARDED_BY(mutex_);
  std::string complaint_ ABSL_GUARDED_BY(mutex_);  // about the key file, as last logged
  std::vector<std::string> reserve_ ABSL_GUARDED_BY(mutex_);
  int next_reserve_ ABSL_GUARDED_BY(making_) = 16;
  absl::Time erased_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  Lru<std::string> cached_ ABSL_GUARDED_BY(mutex_){kMostCached};  // bytes by id
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_KEYS_KEYRING_H_
