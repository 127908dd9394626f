#ifndef TSUNAGU_COMMON_HOST_KEYS_H_
#define TSUNAGU_COMMON_HOST_KEYS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/host/host.h"
#include "common/keys/keyring.h"

namespace tsunagu {

// Where the key store of `service` lies: beside the data, unless --keys-database says another place.
std::string KeysDatabaseOf(const HostConfig& config, absl::string_view service);

// What an error may name of it: the file, or the schema without user and password.
std::string KeysNameOf(const HostConfig& config, absl::string_view service);
// Whether there is one, with or without tables.
absl::StatusOr<bool> HasKeyStore(const HostConfig& config, absl::string_view service);
// The schema that a mysql:// URL names; empty for a file.
std::string SchemaIn(absl::string_view location);

// Where the master keys come from: --master-key-file, TSUNAGU_MASTER_KEY, the systemd credential tsunagu-master-key,
// DIR/master.key, in this order. Only the last may be missing.
store::MasterKeySource MasterKeysOf(const HostConfig& config);

// The key store of `service`, its tables made or extended where `may_migrate`; else SCHEMA_INCOMPLETE.
absl::StatusOr<std::unique_ptr<store::KeyStore>> OpenKeyStore(const HostConfig& config, absl::string_view service,
                                                              bool may_migrate, const Clock& clock);

// The keys that open `data`. Embedded (SQLite, nothing configured, nothing there yet) a master key is made first;
// anything else that is missing or does not fit is refused with its reason: KEY_STORE_EMPTY, MASTER_KEY_MISSING, those
// of Keyring::Open.
absl::StatusOr<std::unique_ptr<store::Keyring>> OpenKeyring(const HostConfig& config, absl::string_view service,
                                                            store::Database& data, const Clock& clock);

// The same for whoever only looks: nothing is made. Null where there is no key store, or no master key at hand; a
// master key that does not fit is an error.
absl::StatusOr<std::unique_ptr<store::Keyring>> FindKeyring(const HostConfig& config, absl::string_view service,
                                                            const Clock& clock);

// What the key store of `service` still lacks; made if `apply`.
absl::StatusOr<store::MigrationPlan> MigrateKeyStore(const HostConfig& config, absl::string_view service, bool apply);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_KEYS_H_
