// Verifies and restores a backup.
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/db/open.h"
#include "common/db/sqlite/sqlite_archive.h"
#include "common/host/backup.h"
#include "common/host/databases.h"
#include "common/host/journals.h"
#include "common/host/new_folder.h"
#include "common/journal/verify_journal.h"
#include "common/keys/key_store.h"
#include "common/records/access_log_chain.h"
#include "common/records/verify_access_log.h"

namespace tsunagu {
namespace {

using Kind = BackupFinding::Kind;

constexpr absl::string_view kDatabase = ".db", kKeys = ".keys.db";

// Reads every file. Returns those that are unchanged.
absl::StatusOr<std::set<std::string>> CompareFiles(const std::string& folder, BackupReport& report) {
  std::set<std::string> known = {"manifest"}, good;
  for (const BackupManifest::File& wanted : report.manifest.files) {
    known.insert(wanted.path);
    const absl::StatusOr<BackupManifest::File> found = DescribeFile(folder, wanted.path);
    if (absl::IsNotFound(found.status())) {
      report.findings.push_back({Kind::kMissing, wanted.path, ""});
    } else if (!found.ok() || !(*found == wanted)) {
      report.findings.push_back({Kind::kChanged, wanted.path, std::string(found.status().message())});
    } else {
      good.insert(wanted.path);
    }
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    const std::string path = std::filesystem::relative(entry.path(), folder).string();
    if (!entry.is_directory() && known.count(path) == 0) report.findings.push_back({Kind::kAdded, path, ""});
  }
  return good;
}

void CompareChain(const std::string& path, const std::string& name, const store::ChainReport& chain,
                  const store::JournalHead& head, BackupReport& report) {
  report.rows += chain.sealed;
  report.checkpoints += chain.checkpoints;
  const auto wanted = absl::c_find_if(report.manifest.chains, [&](const auto& one) { return one.name == name; });
  const bool ends_there =
      wanted != report.manifest.chains.end() && wanted->place == head.place && wanted->hash == head.hash;
  if (chain.findings.empty() && ends_there) return;
  report.findings.push_back({Kind::kChainDiffers, path, absl::StrCat(name, ": ", chain.findings.size())});
}

absl::Status FollowChains(store::SqliteArchive& database, const std::string& folder, const std::string& path,
                          BackupReport& report) {
  const std::string service(absl::StripSuffix(path, kDatabase));
  ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> checkpoints,
                   store::ReadCheckpoints(CheckpointFile(absl::StrCat(folder, "/checkpoints"), service)));
  store::JournalHead journal_head;
  store::AccessLogHead log_head;
  RETURN_IF_ERROR(database.Read(store::PageDeadline(), [&](store::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(journal_head, store::JournalHead::Read(session));
    ASSIGN_OR_RETURN(log_head, store::AccessLogHead::Read(session));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const store::JournalReport journal,
                   store::VerifyJournal(database, service, checkpoints, "", nullptr));
  CompareChain(path, service, journal, journal_head, report);
  ASSIGN_OR_RETURN(const store::AccessLogReport log, store::VerifyAccessLog(database, service, checkpoints, ""));
  CompareChain(path, store::AccessLogChainName(service), log.chain, log_head.chain, report);
  return absl::OkStatus();
}

// Checks an unchanged file: whether it was undamaged when it was copied.
absl::Status VerifyDatabase(const std::string& folder, const std::string& path, BackupReport& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<store::SqliteArchive> database,
                   store::SqliteArchive::Open(absl::StrCat(folder, "/", path)));
  RETURN_IF_ERROR(database->LookForDamage());
  return absl::EndsWith(path, kKeys) ? absl::OkStatus() : FollowChains(*database, folder, path, report);
}

// Copies the content of a verified backup.
absl::Status PutBack(const std::string& folder, const std::string& part) {
  ASSIGN_OR_RETURN(const BackupReport report, VerifyBackup(folder));
  if (!report.findings.empty()) {
    return Fail("BACKUP_DAMAGED"_reason, {{"path", folder}, {"file", report.findings.front().path}});
  }
  for (const BackupManifest::File& file : report.manifest.files) {
    const std::string to = absl::StrCat(part, "/", file.path);
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(to).parent_path(), error);
    RETURN_IF_ERROR(CopyFile(absl::StrCat(folder, "/", file.path), to));
    // The disk may have failed since: compares the copy with what was verified.
    ASSIGN_OR_RETURN(const BackupManifest::File copied, DescribeFile(part, file.path));
    if (!(copied == file)) return Fail("BACKUP_DAMAGED"_reason, {{"path", folder}, {"file", file.path}});
    if (!absl::EndsWith(file.path, kKeys)) continue;
    // Removes the marks of the chains: the keys may have been copied later than the data.
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> keys, store::Open(to));
    RETURN_IF_ERROR(store::ForgetChainMarks(*keys));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BackupReport> VerifyBackup(const std::string& folder) {
  BackupReport report;
  ASSIGN_OR_RETURN(report.manifest, BackupManifest::Read(folder));
  ASSIGN_OR_RETURN(const std::set<std::string> good, CompareFiles(folder, report));
  for (const std::string& path : good) {
    if (!absl::EndsWith(path, kDatabase)) continue;
    const absl::Status looked = VerifyDatabase(folder, path, report);
    if (!looked.ok()) report.findings.push_back({Kind::kDamaged, path, std::string(looked.message())});
  }
  return report;
}

absl::Status RestoreBackup(const HostConfig& config, const BackupFolders& folders) {
  const bool keys_elsewhere = !folders.keys.empty() && absl::StartsWith(config.keys_database, "mysql://");
  if (IsMysql(config) || keys_elsewhere) return Fail("BACKUP_ELSEWHERE"_reason);
  if (!folders.keys.empty()) {
    ASSIGN_OR_RETURN(const BackupManifest data, BackupManifest::Read(folders.data));
    ASSIGN_OR_RETURN(const BackupManifest keys, BackupManifest::Read(folders.keys));
    if (data.installation != keys.installation) return Fail("BACKUP_OF_ANOTHER"_reason, {{"path", folders.keys}});
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<NewFolder> target, NewFolder::Create(config.data_dir));
  RETURN_IF_ERROR(PutBack(folders.data, target->part()));
  std::unique_ptr<NewFolder> keys;
  if (!folders.keys.empty() && !config.keys_database.empty()) {
    ASSIGN_OR_RETURN(keys, NewFolder::Create(config.keys_database));
  }
  if (!folders.keys.empty()) RETURN_IF_ERROR(PutBack(folders.keys, keys == nullptr ? target->part() : keys->part()));
  Failpoint("restore.before_rename");
  if (keys != nullptr) RETURN_IF_ERROR(keys->Finish());
  return target->Finish();
}

}  // namespace tsunagu
