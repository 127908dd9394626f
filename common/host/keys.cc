#include "common/host/keys.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/migrate.h"
#include "common/db/open.h"

namespace tsunagu {
namespace {

bool AtMysql(absl::string_view location) { return absl::StartsWith(location, "mysql://"); }

std::string OwnKeyFile(const HostConfig& config) { return absl::StrCat(config.data_dir, "/master.key"); }

std::string CredentialFile() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  const std::string file = folder == nullptr ? "" : absl::StrCat(folder, "/tsunagu-master-key");
  return !file.empty() && std::filesystem::exists(file) ? file : "";
}

bool IsConfigured(const HostConfig& config) {
  return !config.master_key_file.empty() || !config.master_keys.empty() || !CredentialFile().empty();
}

// Returns whether some of the data is encrypted; databases from before there were keys are plain.
absl::StatusOr<bool> HoldsSealed(store::Database& data) {
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, data.Columns("secrets"));
  bool sealed = false;
  if (columns.empty()) return sealed;
  RETURN_IF_ERROR(data.Read(Deadline::After(absl::Seconds(30)), [&](store::Session& session) {
    return session.Query("SELECT 1 FROM `secrets` WHERE LENGTH(`bytes`) > 32", {}, [&](const store::Row&) {
      sealed = true;
      return absl::OkStatus();
    });
  }));
  return sealed;
}

// Returns whether a master key has wrapped something in the key store. Tables alone, made by `tsunagu migrate`, do not
// count.
absl::StatusOr<bool> KnowsMasterKey(const HostConfig& config, absl::string_view service) {
  ASSIGN_OR_RETURN(bool known, HasKeyStore(config, service));
  if (!known) return known;
  known = false;
  ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> database, store::Open(KeysDatabaseOf(config, service)));
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, database->Columns("master_keys"));
  if (columns.empty()) return known;
  RETURN_IF_ERROR(database->Read(Deadline::After(absl::Seconds(30)), [&](store::Session& session) {
    return session.Query("SELECT 1 FROM `master_keys` LIMIT 1", {}, [&](const store::Row&) {
      known = true;
      return absl::OkStatus();
    });
  }));
  return known;
}

}  // namespace

std::string KeysDatabaseOf(const HostConfig& config, absl::string_view service) {
  std::string base = config.keys_database;
  if (base.empty()) base = AtMysql(config.database) ? config.database : config.data_dir;
  if (!AtMysql(base)) return absl::StrCat(base, "/", service, ".keys.db");
  const size_t query = base.find('?');
  return absl::StrCat(base.substr(0, query), "_", service, "_keys",
                      query == std::string::npos ? "" : base.substr(query));
}

std::string SchemaIn(absl::string_view location) {
  if (!AtMysql(location)) return "";
  const absl::string_view path = location.substr(0, location.find('?'));
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string KeysNameOf(const HostConfig& config, absl::string_view service) {
  const std::string location = KeysDatabaseOf(config, service);
  return AtMysql(location) ? SchemaIn(location) : location;
}

absl::StatusOr<bool> HasKeyStore(const HostConfig& config, absl::string_view service) {
  const std::string location = KeysDatabaseOf(config, service);
  if (!AtMysql(location)) return std::filesystem::exists(location);
  ASSIGN_OR_RETURN(const std::string create, store::MissingSchema(location));
  return create.empty();
}

store::MasterKeySource MasterKeysOf(const HostConfig& config) {
  if (!config.master_key_file.empty()) return store::MasterKeySource::File(config.master_key_file);
  if (!config.master_keys.empty()) return store::MasterKeySource::Text("TSUNAGU_MASTER_KEY", config.master_keys);
  const std::string credential = CredentialFile();
  return store::MasterKeySource::File(credential.empty() ? OwnKeyFile(config) : credential);
}

absl::StatusOr<std::unique_ptr<store::KeyStore>> OpenKeyStore(const HostConfig& config, absl::string_view service,
                                                              bool may_migrate, const Clock& clock) {
  ASSIGN_OR_RETURN(const bool there, HasKeyStore(config, service));
  if (!there && !may_migrate) {
    ASSIGN_OR_RETURN(const store::MigrationPlan plan, MigrateKeyStore(config, service, /*apply=*/false));
    RETURN_IF_ERROR(store::CheckSchema(plan, absl::StrCat(service, " keys")));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(KeysDatabaseOf(config, service)));
  auto keys = std::make_unique<store::KeyStore>(std::move(database), clock);
  store::Database& opened = keys->database();
  if (may_migrate) {
    RETURN_IF_ERROR(store::ApplyMigration(opened, store::KeyStore::Schema(opened.dialect()), {}));
    return keys;
  }
  ASSIGN_OR_RETURN(const store::MigrationPlan plan, keys->Plan());
  RETURN_IF_ERROR(store::CheckSchema(plan, absl::StrCat(service, " keys")));
  return keys;
}

absl::StatusOr<std::unique_ptr<store::Keyring>> OpenKeyring(const HostConfig& config, absl::string_view service,
                                                            store::Database& data, const Clock& clock) {
  const std::string location = KeysDatabaseOf(config, service);
  ASSIGN_OR_RETURN(const bool sealed, HoldsSealed(data));
  ASSIGN_OR_RETURN(const bool known, KnowsMasterKey(config, service));
  if (sealed && !known) return Fail("KEY_STORE_EMPTY"_reason, {{"database", KeysNameOf(config, service)}});
  if (!IsConfigured(config) && !std::filesystem::exists(OwnKeyFile(config))) {
    // The data was encrypted with another key; a fresh key would only hide that.
    if (AtMysql(config.database) || AtMysql(location) || known) {
      return Fail("MASTER_KEY_MISSING"_reason, {{"origin", OwnKeyFile(config)}});
    }
    RETURN_IF_ERROR(store::AddMasterKey(OwnKeyFile(config)));
  }
  const store::MasterKeySource source = MasterKeysOf(config);
  RETURN_IF_ERROR(source.Load().status());  // checked before anything is created
  ASSIGN_OR_RETURN(std::unique_ptr<store::KeyStore> keys,
                   OpenKeyStore(config, service, /*may_migrate=*/!AtMysql(location), clock));
  return store::Keyring::Open(std::move(keys), source, clock);
}

absl::StatusOr<std::unique_ptr<store::Keyring>> FindKeyring(const HostConfig& config, absl::string_view service,
                                                            const Clock& clock) {
  ASSIGN_OR_RETURN(const bool known, KnowsMasterKey(config, service));
  const bool at_hand = IsConfigured(config) || std::filesystem::exists(OwnKeyFile(config));
  if (!known || !at_hand) return std::unique_ptr<store::Keyring>();
  ASSIGN_OR_RETURN(std::unique_ptr<store::KeyStore> keys, OpenKeyStore(config, service, /*may_migrate=*/false, clock));
  return store::Keyring::Open(std::move(keys), MasterKeysOf(config), clock);
}

absl::StatusOr<store::MigrationPlan> MigrateKeyStore(const HostConfig& config, absl::string_view service, bool apply) {
  const std::string location = KeysDatabaseOf(config, service);
  store::MigrationPlan made;
  ASSIGN_OR_RETURN(const std::string create, store::MissingSchema(location));
  if (!create.empty()) {
    made.steps.push_back({create, create});
    if (apply) RETURN_IF_ERROR(store::CreateSchema(location));
  }
  const bool is_new = !create.empty() || (!AtMysql(location) && !std::filesystem::exists(location));
  if (is_new && !apply) {
    const auto dialect = AtMysql(location) ? store::Dialect::kMysql : store::Dialect::kSqlite;
    for (const auto& table : store::KeyStore::Tables(dialect)) {
      made.steps.push_back({absl::StrCat("CREATE TABLE `", table.name, "`"), ""});
    }
    return made;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(location));
  store::KeyStore keys(std::move(database), Clock::System());
  ASSIGN_OR_RETURN(store::MigrationPlan plan, keys.Plan());
  plan.steps.insert(plan.steps.begin(), made.steps.begin(), made.steps.end());
  const store::SchemaDefinition schema = store::KeyStore::Schema(keys.database().dialect());
  if (apply) RETURN_IF_ERROR(store::ApplyMigration(keys.database(), schema, {}));
  return plan;
}

}  // namespace tsunagu
