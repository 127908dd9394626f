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

// Returns the location of the key store of `service`: beside the data, unless --keys-database names another place.
std::string KeysDatabaseOf(const HostConfig& config, absl::string_view service);

// Returns its name for error texts: the file, or the schema without user and password.
std::string KeysNameOf(const HostConfig& config, absl::string_view service);
// Returns whether the key store exists, with or without tables.
absl::StatusOr<bool> HasKeyStore(const HostConfig& config, absl::string_view service);
// Returns the schema that a mysql:// URL names; empty for a file.
std::string SchemaIn(absl::string_view location);

// Returns the source of the master keys: --master-key-file, TSUNAGU_MASTER_KEY, the systemd credential
// tsunagu-master-key, or DIR/master.key, in this order. Only the last may be missing.
store::MasterKeySource MasterKeysOf(const HostConfig& config);

// Opens the key store of `service` and creates or extends its tables if `may_migrate`; otherwise returns
// SCHEMA_INCOMPLETE.
absl::StatusOr<std::unique_ptr<store::KeyStore>> OpenKeyStore(const HostConfig& config, absl::string_view service,
                                                              bool may_migrate, const Clock& clock);

// Returns the keys that decrypt `data`. In embedded use (SQLite, nothing configured, nothing stored yet) a master key
// is created first. Anything else that is missing or does not fit is refused: KEY_STORE_EMPTY, MASTER_KEY_MISSING, the
// errors of Keyring::Open.
absl::StatusOr<std::unique_ptr<store::Keyring>> OpenKeyring(const HostConfig& config, absl::string_view service,
                                                            store::Database& data, const Clock& clock);

// The same for read-only commands: creates nothing. Returns null when there is no key store, or no master key is
// available; a master key that does not fit is an error.
absl::StatusOr<std::unique_ptr<store::Keyring>> FindKeyring(const HostConfig& config, absl::string_view service,
                                                            const Clock& clock);

// Returns the missing parts of the key store of `service`; creates them if `apply`.
absl::StatusOr<store::MigrationPlan> MigrateKeyStore(const HostConfig& config, absl::string_view service, bool apply);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_KEYS_H_
