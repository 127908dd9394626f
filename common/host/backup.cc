#include "common/host/backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"
#include "common/db/sqlite/sqlite_archive.h"
#include "common/db/sqlite/sqlite_copy.h"
#include "common/host/data_folder.h"
#include "common/host/databases.h"
#include "common/host/journals.h"
#include "common/host/keys.h"
#include "common/host/new_folder.h"
#include "common/journal/sealer.h"
#include "common/records/access_log_chain.h"

namespace tsunagu {
namespace {

// Checks that neither folder lies in the other.
absl::Status CheckApart(const BackupFolders& folders) {
  const auto whole = [](const std::string& path) {
    std::error_code ignored;
    return absl::StrCat(std::filesystem::weakly_canonical(path, ignored).string(), "/");
  };
  if (folders.keys.empty()) return absl::OkStatus();
  const std::string data = whole(folders.data), keys = whole(folders.keys);
  const bool apart = !absl::StartsWith(data, keys) && !absl::StartsWith(keys, data);
  return apart ? absl::OkStatus() : Fail("BACKUP_KEYS_NOT_APART"_reason, {{"path", folders.keys}});
}

absl::Status CopyDatabase(const std::string& from, const std::string& to) {
  const absl::Status copied = store::CopySqlite(from, to);
  return copied.ok() ? copied
                     : Fail("BACKUP_FAILED"_reason, {{"path", from}, {"detail", std::string(copied.message())}});
}

// Must come first: later lines may refer to changes that the copy of the database does not contain yet.
absl::Status CopyCheckpoints(const HostConfig& config, const std::string& service, const std::string& part) {
  ASSIGN_OR_RETURN(const std::string folder, MakeCheckpointDir(config));
  const absl::StatusOr<std::string> text = ReadWholeFile(CheckpointFile(folder, service));
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  RETURN_IF_ERROR(text.status());
  const std::string copies = absl::StrCat(part, "/checkpoints");
  if (mkdir(copies.c_str(), 0700) != 0 && errno != EEXIST) return BackupFailed(copies);
  const size_t end = text->rfind('\n');  // a line that is just being written is left out
  return end == std::string::npos ? absl::OkStatus()
                                  : WriteSecretFile(CheckpointFile(copies, service), text->substr(0, end));
}

absl::Status ReadChains(const std::string& path, const std::string& service, BackupManifest& manifest) {
  ASSIGN_OR_RETURN(const std::unique_ptr<store::SqliteArchive> copy, store::SqliteArchive::Open(path));
  return copy->Read(store::PageDeadline(), [&](store::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const store::JournalHead journal, store::JournalHead::Read(session));
    ASSIGN_OR_RETURN(const store::AccessLogHead log, store::AccessLogHead::Read(session));
    manifest.chains.push_back({service, journal.place, journal.known_time, journal.hash});
    manifest.chains.push_back(
        {store::AccessLogChainName(service), log.chain.place, log.chain.known_time, log.chain.hash});
    return absl::OkStatus();
  });
}

absl::Status WriteManifest(const std::string& part, BackupManifest manifest) {
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(part, error)) {
    if (entry.is_directory()) continue;
    ASSIGN_OR_RETURN(BackupManifest::File file,
                     DescribeFile(part, std::filesystem::relative(entry.path(), part).string()));
    manifest.files.push_back(std::move(file));
  }
  if (error) return BackupFailed(part);
  absl::c_sort(manifest.files, [](const auto& a, const auto& b) { return a.path < b.path; });
  Failpoint("backup.before_manifest");
  return manifest.Write(part);
}

// Returns the services whose databases are here. Errors: DATABASE_MISSING when a database that was created here does
// not exist.
absl::StatusOr<std::vector<std::string>> ServicesHere(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                      const DataFolder& folder) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  std::vector<std::string> here;
  for (const ServiceKind* kind : chosen) {
    const absl::Status there = HasDatabase(config, kind->name);
    if (there.ok()) here.push_back(kind->name);
    if (there.ok() || !absl::c_linear_search(folder.services, kind->name)) continue;
    return Fail("DATABASE_MISSING"_reason, {{"database", absl::StrCat(config.data_dir, "/", kind->name, ".db")},
                                            {"file", DataFolder::FileIn(config.data_dir)},
                                            {"service", kind->name}});
  }
  return here.empty() ? NoSuchDatabase(config.data_dir) : absl::StatusOr<std::vector<std::string>>(std::move(here));
}

}  // namespace

absl::StatusOr<BackupManifest> CreateBackup(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                            const BackupFolders& folders) {
  const bool keys_elsewhere = !folders.keys.empty() && absl::StartsWith(config.keys_database, "mysql://");
  if (IsMysql(config) || keys_elsewhere) return Fail("BACKUP_ELSEWHERE"_reason);
  RETURN_IF_ERROR(CheckApart(folders));
  ASSIGN_OR_RETURN(const DataFolder folder, DataFolder::Read(config.data_dir));
  ASSIGN_OR_RETURN(const std::vector<std::string> services, ServicesHere(config, kinds, folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<NewFolder> data, NewFolder::Create(folders.data));
  std::unique_ptr<NewFolder> keys;
  if (!folders.keys.empty()) {
    ASSIGN_OR_RETURN(keys, NewFolder::Create(folders.keys));
  }
  BackupManifest manifest;
  manifest.time = Clock::System().Now();
  manifest.version = TSUNAGU_VERSION;
  manifest.installation = folder.id;
  BackupManifest of_keys = manifest;
  for (const std::string& service : services) {
    const std::string copy = absl::StrCat(data->part(), "/", service, ".db");
    RETURN_IF_ERROR(CopyCheckpoints(config, service, data->part()));
    RETURN_IF_ERROR(CopyDatabase(absl::StrCat(config.data_dir, "/", service, ".db"), copy));
    RETURN_IF_ERROR(ReadChains(copy, service, manifest));
    // A key is durable before it is used, so the keys of everybody in the copy exist by now.
    ASSIGN_OR_RETURN(const bool has_keys, HasKeyStore(config, service));
    if (keys == nullptr || !has_keys) continue;
    RETURN_IF_ERROR(
        CopyDatabase(KeysDatabaseOf(config, service), absl::StrCat(keys->part(), "/", service, ".keys.db")));
  }
  const DataFolder copied{folder.id, services};
  RETURN_IF_ERROR(copied.Write(data->part()));
  RETURN_IF_ERROR(WriteManifest(data->part(), manifest));
  if (keys != nullptr) RETURN_IF_ERROR(WriteManifest(keys->part(), of_keys));
  Failpoint("backup.before_rename");
  if (keys != nullptr) RETURN_IF_ERROR(keys->Finish());
  RETURN_IF_ERROR(data->Finish());
  return manifest;
}

}  // namespace tsunagu
