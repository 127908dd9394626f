#include "common/host/databases.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/store/installation.h"
#include "common/store/open.h"
#include "common/store/sqlite/sqlite_copy.h"

namespace tsunagu {
namespace {

constexpr int kCopiesKept = 3;

std::string FileOf(const HostConfig& config, const std::string& service) {
  return absl::StrCat(config.data_dir, "/", service, ".db");
}

// A file per service, or a schema per service: <prefix>_registry.
std::string LocationOf(const HostConfig& config, const std::string& service) {
  const size_t query = config.database.find('?');
  const std::string options = query == std::string::npos ? "" : config.database.substr(query);
  if (!IsMysql(config)) return absl::StrCat(FileOf(config, service), options);
  return absl::StrCat(config.database.substr(0, query), "_", service, options);
}

// What an error may name: the file, or the schema without user and password.
std::string NameOf(const HostConfig& config, const std::string& service) {
  if (!IsMysql(config)) return FileOf(config, service);
  const std::string location = LocationOf(config, service);
  const std::string path = location.substr(0, location.find('?'));
  return path.substr(path.rfind('/') + 1);
}

store::Installation ExpectedOf(const HostConfig& config, const std::string& service, const std::string& id) {
  return {id, service, IsMysql(config) ? NameOf(config, service) : ""};
}

absl::Status FolderError(const std::string& path) {
  return Fail(reason::REASON_DATA_FOLDER_READ_ONLY, {{"path", path}, {"detail", std::strerror(errno)}});
}

std::string InstallationFile(const HostConfig& config) { return absl::StrCat(config.data_dir, "/installation"); }

// Empty where the folder has none yet.
std::string IdInFolder(const HostConfig& config) {
  std::string id;
  std::ifstream file(InstallationFile(config));
  std::getline(file, id);
  return std::string(absl::StripAsciiWhitespace(id));
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
      return absl::InvalidArgumentError(absl::StrCat("サービス「", name, "」はありません。/ There is no service ", name,
                                                     ". Services: ", absl::StrJoin(known, ", ")));
    }
  }
  return chosen;
}

// A name is durable when its folder is.
absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return FolderError(folder);
  const bool synced = fsync(file) == 0;
  close(file);
  return synced ? absl::OkStatus() : FolderError(folder);
}

absl::Status WriteSecretFile(const std::string& path, absl::string_view text) {
  const std::string part = path + ".part";
  const int file = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return FolderError(part);
  const std::string line = absl::StrCat(text, "\n");
  const bool written = write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(file) == 0;
  Failpoint("admin_key.before_rename");
  if (close(file) != 0 || !written || rename(part.c_str(), path.c_str()) != 0) return FolderError(path);
  Failpoint("admin_key.after_rename");
  return SyncFolderOf(path);
}

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Fail(reason::REASON_DATA_FOLDER_READ_ONLY, {{"path", folder}, {"detail", error.message()}});
  const std::string path = absl::StrCat(folder, "/lock");
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return FolderError(path);
  std::unique_ptr<FolderLock> lock(new FolderLock(file));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) return Fail(reason::REASON_DATA_FOLDER_IN_USE, {{"path", folder}});
  return lock;
}

FolderLock::~FolderLock() { close(file_); }

absl::StatusOr<Databases> Databases::Open(const HostConfig& config, const std::vector<const ServiceKind*>& chosen) {
  Databases databases(config);
  std::string id = IsMysql(config) ? "" : IdInFolder(config);
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(LocationOf(config, kind->name)));
    ASSIGN_OR_RETURN(const store::Installation found, store::ReadInstallation(*database));
    if (id.empty() && IsMysql(config)) id = found.id;  // the first says it for all
    RETURN_IF_ERROR(store::CheckInstallation(found, ExpectedOf(config, kind->name, id), NameOf(config, kind->name)));
    databases.all_.push_back({kind->name, std::move(database)});
  }
  if (id.empty()) {
    id = NewInstallation();
    databases.made_here_ = IsMysql(config);
    if (!IsMysql(config)) RETURN_IF_ERROR(WriteSecretFile(InstallationFile(config), id));
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
  const std::string file = FileOf(config_, service), folder = absl::StrCat(config_.data_dir, "/backup");
  const std::string prefix = absl::StrCat(service, "-");
  opening.before_changes = [file, folder, prefix]() -> absl::Status {
    constexpr absl::string_view kEnd = "-schema.db";
    const std::string time = absl::FormatTime("%Y%m%dT%H%M%E3SZ", Clock::System().Now(), absl::UTCTimeZone());
    RETURN_IF_ERROR(store::CopySqlite(file, absl::StrCat(folder, "/", prefix, time, kEnd)));
    store::KeepNewest(folder, prefix, std::string(kEnd), kCopiesKept);
    return absl::OkStatus();
  };
  return opening;
}

absl::Status Databases::Sign(store::Database& database, const std::string& service, const Clock& clock) {
  store::Installation own = ExpectedOf(config_, service, installation_);
  ASSIGN_OR_RETURN(const store::Installation kept, store::KeepInstallation(database, own, clock.Now()));
  // Another program began the same installation at the same time, and was first to sign.
  if (std::exchange(made_here_, false) && kept.id != installation_) own.id = installation_ = kept.id;
  return store::CheckInstallation(kept, own, NameOf(config_, service));
}

absl::StatusOr<std::vector<std::string>> Adopt(const HostConfig& config, absl::Span<const ServiceKind> kinds) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  std::unique_ptr<FolderLock> lock;
  std::string id;
  if (!IsMysql(config)) {
    ASSIGN_OR_RETURN(lock, FolderLock::Take(config.data_dir));
    id = IdInFolder(config);
  }
  std::vector<std::string> adopted;
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> database, store::Open(LocationOf(config, kind->name)));
    ASSIGN_OR_RETURN(const store::Installation found, store::ReadInstallation(*database));
    if (found.id.empty()) continue;  // it will be signed with the next start
    if (id.empty()) id = found.id;
    const store::Installation own = ExpectedOf(config, kind->name, id);
    if (found.service != own.service) return store::CheckInstallation(found, own, NameOf(config, kind->name));
    RETURN_IF_ERROR(store::AdoptDatabase(*database, own));
    adopted.push_back(NameOf(config, kind->name));
  }
  if (!IsMysql(config) && !id.empty()) RETURN_IF_ERROR(WriteSecretFile(InstallationFile(config), id));
  return adopted;
}

}  // namespace tsunagu
