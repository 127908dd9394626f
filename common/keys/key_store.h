#ifndef TSUNAGU_COMMON_KEYS_KEY_STORE_H_
#define TSUNAGU_COMMON_KEYS_KEY_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "common/db/database.h"
#include "common/db/migration_plan.h"
#include "common/db/table_definition.h"
#include "common/keys/master_keys.h"

namespace tsunagu::store {

// The keys of one service, in a database separate from its data. Each key is wrapped by a master key; the store does
// not contain to whom a key belongs. Thread-safe.
class KeyStore {
 public:
  KeyStore(std::unique_ptr<Database> database, const Clock& clock);

  static std::vector<TableDefinition> Tables(Dialect dialect);
  // The statements that the tables still need.
  static SchemaDefinition Schema(Dialect dialect);
  absl::StatusOr<MigrationPlan> Plan();
  Database& database() { return *database_; }

  struct WrappedKey {
    std::string id;      // 16 hexadecimal digits
    std::string master;  // id of the master key
    std::string wrapped;
  };

  // Errors: MASTER_KEY_WRONG when a key here is wrapped by a master key that is not in `masters` (newest first).
  // Records the newest of them, which wraps all new keys from now on.
  absl::Status Admit(absl::Span<const MasterKey> masters);

  // Makes `count` keys durable, wrapped by `master`, and returns them unwrapped with their ids. Errors:
  // MASTER_KEY_RETIRED when a rotation has begun to replace that master key.
  struct DataKey {
    std::string id;
    std::string bytes;
  };
  absl::StatusOr<std::vector<DataKey>> Make(const MasterKey& master, int count);
  // Returns nothing when there is no key with that id.
  absl::StatusOr<absl::optional<WrappedKey>> Find(absl::string_view id);
  // Returns the keys among `ids` that exist.
  absl::StatusOr<std::vector<WrappedKey>> FindMany(absl::Span<const std::string> ids);
  // Returns the id of the key called `name`, which all replicas share. When there is none, stores `fresh`, if it is not
  // empty, and returns it.
  absl::StatusOr<std::string> Named(absl::string_view name, absl::string_view fresh);

  // Deletes the key and records the deletion. Repeating it changes nothing.
  absl::Status Erase(absl::string_view id);
  absl::StatusOr<bool> WasErased(absl::string_view id);
  absl::StatusOr<std::vector<std::string>> ErasedSince(absl::Time time);

  // The end of a chain, stored outside the service's own database, so that somebody who changes only that database
  // cannot change the mark: "registry" and the end of its journal.
  struct Mark {
    int64_t place = 0;
    std::string hash;
  };
  absl::StatusOr<absl::optional<Mark>> FindMark(absl::string_view name);
  absl::Status SetMark(absl::string_view name, const Mark& mark);

  // Rotation: from now on only `newest` wraps keys.
  absl::Status RetireAllBut(const MasterKey& newest);
  // Returns how many keys are wrapped by other master keys.
  absl::StatusOr<int64_t> CountNotWrappedBy(const MasterKey& master);
  // Wraps at most `limit` of these keys again, in one transaction. Returns how many it found.
  absl::StatusOr<int64_t> WrapAnew(absl::Span<const MasterKey> masters, int64_t limit);

 private:
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> body);
  absl::Status Write(absl::FunctionRef<absl::Status(Session&)> body);
  Deadline Patience() const;

  const std::unique_ptr<Database> database_;
  const Clock& clock_;
};

// Returns the name of the mark of a service's chain: "registry", "registry/access-log".
std::string ChainMark(absl::string_view chain);
// Removes all chain marks from a key store, after the service's database was restored to an earlier state on purpose.
absl::Status ForgetChainMarks(Database& keys);

// Returns key `id` in the form in which it is stored.
std::string Wrap(const MasterKey& master, absl::string_view id, absl::string_view bytes);
// Returns the unwrapped key. Errors: MASTER_KEY_WRONG when `masters` lacks the key that wrapped it, SEALED_DATA_DAMAGED
// when it was changed.
absl::StatusOr<std::string> Unwrap(absl::Span<const MasterKey> masters, const KeyStore::WrappedKey& key);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_KEYS_KEY_STORE_H_
