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

// The keys of one service, in a database apart from its data: each wrapped by a master key, without a word about whose
// it is. Thread-safe.
class KeyStore {
 public:
  KeyStore(std::unique_ptr<Database> database, const Clock& clock);

  static std::vector<TableDefinition> Tables(Dialect dialect);
  // Statements that its tables still lack.
  static SchemaDefinition Schema(Dialect dialect);
  absl::StatusOr<MigrationPlan> Plan();
  Database& database() { return *database_; }

  struct WrappedKey {
    std::string id;      // 16 hexadecimal digits
    std::string master;  // id of the master key
    std::string wrapped;
  };

  // MASTER_KEY_WRONG when something here is wrapped by a key that is not among `masters` (newest first). Makes the
  // newest of them known, so that it wraps from now on.
  absl::Status Admit(absl::Span<const MasterKey> masters);

  // Makes `count` keys durable, wrapped by `master`, and returns them unwrapped with their ids. MASTER_KEY_RETIRED
  // when a rotation has begun to replace that master key.
  struct DataKey {
    std::string id;
    std::string bytes;
  };
  absl::StatusOr<std::vector<DataKey>> Make(const MasterKey& master, int count);
  // Absent when there is none of that id.
  absl::StatusOr<absl::optional<WrappedKey>> Find(absl::string_view id);
  // Those of `ids` that are there.
  absl::StatusOr<std::vector<WrappedKey>> FindMany(absl::Span<const std::string> ids);
  // The id of the key called `name`, of which there is one for all replicas; `fresh` where there was none.
  absl::StatusOr<std::string> Named(absl::string_view name, absl::string_view fresh);

  // Deletes the key and remembers that; repeated, it changes nothing.
  absl::Status Erase(absl::string_view id);
  absl::StatusOr<bool> WasErased(absl::string_view id);
  absl::StatusOr<std::vector<std::string>> ErasedSince(absl::Time time);

  // How far something had come, kept apart from the service's own database, so that whoever changes that one alone
  // cannot change this: "registry" and where its journal ended.
  struct Mark {
    int64_t place = 0;
    std::string hash;
  };
  absl::StatusOr<absl::optional<Mark>> FindMark(absl::string_view name);
  absl::Status SetMark(absl::string_view name, const Mark& mark);

  // Rotation. From now on nothing is wrapped by any master key but this one.
  absl::Status RetireAllBut(const MasterKey& newest);
  // How many keys other master keys wrap.
  absl::StatusOr<int64_t> CountNotWrappedBy(const MasterKey& master);
  // At most `limit` of them, wrapped anew in one transaction. How many there were.
  absl::StatusOr<int64_t> WrapAnew(absl::Span<const MasterKey> masters, int64_t limit);

 private:
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> body);
  absl::Status Write(absl::FunctionRef<absl::Status(Session&)> body);
  Deadline Patience() const;

  const std::unique_ptr<Database> database_;
  const Clock& clock_;
};

// The mark of a service's chain: "registry", "registry/access-log".
std::string ChainMark(absl::string_view chain);
// Takes all of these out of a key store, whose service's database was put back to an earlier state on purpose.
absl::Status ForgetChainMarks(Database& keys);

// Key `id` as it is kept.
std::string Wrap(const MasterKey& master, absl::string_view id, absl::string_view bytes);
// And back: MASTER_KEY_WRONG where `masters` lack the one that wrapped it, SEALED_DATA_DAMAGED where it
// was changed.
absl::StatusOr<std::string> Unwrap(absl::Span<const MasterKey> masters, const KeyStore::WrappedKey& key);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_KEYS_KEY_STORE_H_
