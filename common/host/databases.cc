#include "common/host/databases.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/installation.h"
#include "common/db/open.h"
#include "common/db/sqlite/sqlite_copy.h"
#include "common/host/data_folder.h"
#include "common/host/keys.h"
#include "common/host/words.h"
#include "common/keys/key_store.h"
#include "common/records/store.h"

namespace tsunagu {
namespace {

constexpr int kCopiesKept = 3;

std::string FileOf(const HostConfig& config, const std::string& service) {
  return absl::StrCat(config.data_dir, "/", service, ".db");
}

// Returns a file per service, or a schema per service: <prefix>_registry.
std::string LocationOf(const HostConfig& config, const std::string& service) {
  const size_t query = config.database.find('?');
  const std::string options = query == std::string::npos ? "" : config.database.substr(query);
  if (!IsMysql(config)) return absl::StrCat(FileOf(config, service), options);
  return absl::StrCat(config.database.substr(0, query), "_", service, options);
}

// Returns the file with the point that the database of a service had reached; absent on MySQL, which has its own log.
std::string ReachedFileOf(const HostConfig& config, const std::string& service) {
  return absl::StrCat(config.data_dir, "/", service, ".reached");
}

// Returns the name for error texts: the file, or the schema without user and password.
std::string NameOf(const HostConfig& config, const std::string& service) {
  return IsMysql(config) ? SchemaIn(LocationOf(config, service)) : FileOf(config, service);
}

store::Installation ExpectedOf(const HostConfig& config, const std::string& service, const std::string& id) {
  return {id, service, SchemaIn(LocationOf(config, service))};
}

store::Installation ExpectedOfKeys(const HostConfig& config, const std::string& service, const std::string& id) {
  return {id, absl::StrCat(service, " keys"), SchemaIn(KeysDatabaseOf(config, service))};
}

// MySQL has none.
absl::StatusOr<DataFolder> ReadFolder(const HostConfig& config) {
  return IsMysql(config) ? DataFolder() : DataFolder::Read(config.data_dir);
}

bool IsThere(const HostConfig& config, const std::string& service) {
  return IsMysql(config) || std::filesystem::exists(FileOf(config, service));
}

// Creating the database again would hide that it was lost.
absl::Status CheckThere(const HostConfig& config, const DataFolder& folder, const std::string& service) {
  if (IsThere(config, service) || !absl::c_linear_search(folder.services, service)) return absl::OkStatus();
  return Fail(
      "DATABASE_MISSING"_reason,
      {{"database", NameOf(config, service)}, {"file", DataFolder::FileIn(config.data_dir)}, {"service", service}});
}

// Returns the id of the installation that has it now; empty when it records none yet: the next start records it.
absl::StatusOr<std::string> AdoptOne(store::Database& database, const std::string& name, store::Installation own) {
  ASSIGN_OR_RETURN(const store::Installation found, store::ReadInstallation(database));
  if (found.id.empty()) return found.id;
  if (own.id.empty()) own.id = found.id;
  if (found.service != own.service) return store::CheckInstallation(found, own, name);
  RETURN_IF_ERROR(store::AdoptDatabase(database, own));
  return own.id;
}

std::string NewInstallation() { return absl::AsciiStrToLower(Base32(Entropy::System().Bytes(10))); }

}  // namespace

bool IsMysql(const HostConfig& config) { return absl::StartsWith(config.database, "mysql://"); }

absl::StatusOr<std::vector<const ServiceKind*>> Chosen(const HostConfig& config, absl::Span<const ServiceKind> kinds) {
  std::vector<const ServiceKind*> chosen;
  std::vector<std::string> known;
  for (const ServiceKind& kind : kinds) {
    known.push_back(kind.name);
    const bool wanted = config.services.empty() || absl::c_linear_search(config.services, kind.name);
    if (wanted) chosen.push_back(&kind);
  }
  for (const std::string& name : config.services) {
    if (!absl::c_linear_search(known, name)) {
      const std::string services = absl::StrJoin(known, ", ");
      return FailHere(absl::StatusCode::kInvalidArgument, "UNKNOWN_SERVICE",
                      absl::StrCat("「", name, "」というサービスはありません。あるのは ", services, " です。"),
                      absl::StrCat("There is no service ", name, ". Services: ", services, "."));
    }
  }
  return chosen;
}

absl::Status NoSuchDatabase(const std::string& path) {
  return FailHere(absl::StatusCode::kNotFound, "NO_DATABASE",
                  absl::StrCat(path, " というデータベースはありません。--data-dir を確かめてください。"),
                  absl::StrCat("There is no database ", path, ". Look at --data-dir."));
}

absl::Status HasDatabase(const HostConfig& config, const std::string& service) {
  return IsThere(config, service) ? absl::OkStatus() : NoSuchDatabase(FileOf(config, service));
}

// A folder for the empty databases with which a plan is computed.
class Databases::Scratch {
 public:
  static absl::StatusOr<std::unique_ptr<Scratch>> Make() {
    std::error_code error;
    std::string path = absl::StrCat(std::filesystem::temp_directory_path(error).string(), "/tsunagu-plan-XXXXXX");
    if (error || mkdtemp(path.data()) == nullptr) return FolderError(path);
    return std::unique_ptr<Scratch>(new Scratch(std::move(path)));
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string FileFor(const std::string& service) const { return absl::StrCat(path_, "/", service, ".db"); }

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

Databases::Databases(const HostConfig& config) : config_(config) {}
Databases::Databases(Databases&&) = default;
Databases::~Databases() = default;

absl::StatusOr<Databases> Databases::Open(const HostConfig& config, const std::vector<const ServiceKind*>& chosen,
                                          Use use) {
  Databases databases(config);
  ASSIGN_OR_RETURN(DataFolder folder, ReadFolder(config));
  for (const ServiceKind* kind : chosen) RETURN_IF_ERROR(CheckThere(config, folder, kind->name));
  std::string& id = folder.id;
  for (const ServiceKind* kind : chosen) {
    std::string location = LocationOf(config, kind->name);
    if (use == Use::kLook && !IsThere(config, kind->name)) {
      if (databases.scratch_ == nullptr) {
        ASSIGN_OR_RETURN(databases.scratch_, Scratch::Make());
      }
      location = databases.scratch_->FileFor(kind->name);
    }
    ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(location));
    ASSIGN_OR_RETURN(const store::Installation found, store::ReadInstallation(*database));
    if (id.empty() && IsMysql(config)) id = found.id;  // the first database decides for all
    RETURN_IF_ERROR(store::CheckInstallation(found, ExpectedOf(config, kind->name, id), NameOf(config, kind->name)));
    databases.all_.push_back({kind->name, std::move(database)});
  }
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(const bool has_keys, HasKeyStore(config, kind->name));
    if (!has_keys) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> keys, store::Open(KeysDatabaseOf(config, kind->name)));
    ASSIGN_OR_RETURN(const store::Installation found, store::ReadInstallation(*keys));
    if (id.empty() && IsMysql(config)) id = found.id;
    RETURN_IF_ERROR(
        store::CheckInstallation(found, ExpectedOfKeys(config, kind->name, id), KeysNameOf(config, kind->name)));
  }
  if (id.empty()) {
    id = NewInstallation();
    databases.made_here_ = IsMysql(config);
    if (!IsMysql(config) && use == Use::kServe) RETURN_IF_ERROR(folder.Write(config.data_dir));
  }
  databases.installation_ = id;
  return databases;
}

std::unique_ptr<store::Database> Databases::Take(const std::string& service) {
  for (One& one : all_) {
    if (one.service == service) return std::move(one.database);
  }
  return nullptr;
}

store::Opening Databases::OpeningOf(const std::string& service) const {
  store::Opening opening;
  opening.may_migrate = !IsMysql(config_);
  opening.trusts_clock = config_.trust_clock;
  if (IsMysql(config_)) return opening;
  opening.reached_file = ReachedFileOf(config_, service);
  const std::string file = FileOf(config_, service), folder = absl::StrCat(config_.data_dir, "/backup");
  const std::string prefix = absl::StrCat(service, "-");
  opening.before_changes = [file, folder, prefix]() -> absl::Status {
    constexpr absl::string_view kEnd = "-schema.db";
    const std::string time = absl::FormatTime("%Y%m%dT%H%M%E3SZ", Clock::System().Now(), absl::UTCTimeZone());
    const std::string copy = absl::StrCat(folder, "/", prefix, time, kEnd);
    const absl::Status copied = store::CopySqlite(file, copy);
    if (!copied.ok()) {
      return Fail("NO_COPY_BEFORE_MIGRATION"_reason, {{"path", copy}, {"detail", std::string(copied.message())}});
    }
    store::KeepNewest(folder, prefix, std::string(kEnd), kCopiesKept);
    return absl::OkStatus();
  };
  return opening;
}

absl::Status Databases::Sign(store::Database& database, store::Database& keys, const std::string& service,
                             const Clock& clock) {
  store::Installation own = ExpectedOf(config_, service, installation_);
  ASSIGN_OR_RETURN(const store::Installation kept, store::KeepInstallation(database, own, clock.Now()));
  // Another program started the same installation at the same time, and was first to record it.
  if (std::exchange(made_here_, false) && kept.id != installation_) own.id = installation_ = kept.id;
  RETURN_IF_ERROR(store::CheckInstallation(kept, own, NameOf(config_, service)));
  const store::Installation own_keys = ExpectedOfKeys(config_, service, installation_);
  ASSIGN_OR_RETURN(const store::Installation kept_keys, store::KeepInstallation(keys, own_keys, clock.Now()));
  RETURN_IF_ERROR(store::CheckInstallation(kept_keys, own_keys, KeysNameOf(config_, service)));
  if (IsMysql(config_)) return absl::OkStatus();
  ASSIGN_OR_RETURN(DataFolder folder, ReadFolder(config_));
  if (absl::c_linear_search(folder.services, service)) return absl::OkStatus();
  folder.services.push_back(service);
  return folder.Write(config_.data_dir);
}

absl::StatusOr<std::vector<std::string>> Adopt(const HostConfig& config, absl::Span<const ServiceKind> kinds) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  std::unique_ptr<FolderLock> lock;
  if (!IsMysql(config)) {
    ASSIGN_OR_RETURN(lock, FolderLock::Take(config.data_dir));
  }
  ASSIGN_OR_RETURN(DataFolder folder, ReadFolder(config));
  std::vector<std::string> adopted;
  for (const ServiceKind* kind : chosen) {
    std::error_code ignored;
    std::filesystem::remove(ReachedFileOf(config, kind->name), ignored);
    if (!IsThere(config, kind->name)) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> database, store::Open(LocationOf(config, kind->name)));
    ASSIGN_OR_RETURN(const std::string id,
                     AdoptOne(*database, NameOf(config, kind->name), ExpectedOf(config, kind->name, folder.id)));
    if (id.empty()) continue;
    folder.id = id;
    adopted.push_back(NameOf(config, kind->name));
    if (!absl::c_linear_search(folder.services, kind->name)) folder.services.push_back(kind->name);
  }
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(const bool has_keys, HasKeyStore(config, kind->name));
    if (!has_keys) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> keys, store::Open(KeysDatabaseOf(config, kind->name)));
    RETURN_IF_ERROR(store::ForgetChainMarks(*keys));
    ASSIGN_OR_RETURN(const std::string id,
                     AdoptOne(*keys, KeysNameOf(config, kind->name), ExpectedOfKeys(config, kind->name, folder.id)));
    if (id.empty()) continue;
    folder.id = id;
    adopted.push_back(KeysNameOf(config, kind->name));
  }
  if (!IsMysql(config) && !folder.id.empty()) RETURN_IF_ERROR(folder.Write(config.data_dir));
  return adopted;
}

}  // namespace tsunagu
