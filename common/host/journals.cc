#include "common/host/journals.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/verify_key_hashes.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/db/migrate.h"
#include "common/host/databases.h"
#include "common/host/keys.h"
#include "common/journal/checkpoint.h"
#include "common/journal/seal.h"
#include "common/records/access_log_chain.h"
#include "common/records/store.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

std::string CheckpointDirOf(const HostConfig& config) {
  return config.checkpoint_dir.empty() ? absl::StrCat(config.data_dir, "/checkpoints") : config.checkpoint_dir;
}

// Opening a file that does not exist would create it.
absl::Status CheckFiles(const HostConfig& config, const std::vector<const ServiceKind*>& chosen) {
  for (const ServiceKind* kind : chosen) {
    const std::string path = absl::StrCat(config.data_dir, "/", kind->name, ".db");
    if (IsMysql(config) || std::filesystem::exists(path)) continue;
    return NoSuchDatabase(path);
  }
  return absl::OkStatus();
}

bool SpeakOf(const std::vector<store::Checkpoint>& checkpoints, const std::string& service) {
  return absl::c_any_of(checkpoints, [&](const store::Checkpoint& one) { return one.service == service; });
}

absl::Status Missing(const std::string& path, const std::string& service) {
  return Fail("CHECKPOINTS_MISSING"_reason, {{"path", path}, {"service", service}});
}

// A file that was named must be compared.
absl::Status CheckNamedFiles(const std::vector<std::string>& files, const std::vector<const ServiceKind*>& chosen) {
  const auto name_of = [](std::string* out, const ServiceKind* kind) { out->append(kind->name); };
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> checkpoints, store::ReadCheckpoints(file));
    const bool used = absl::c_any_of(chosen, [&](const ServiceKind* kind) { return SpeakOf(checkpoints, kind->name); });
    if (!used) return Missing(file, absl::StrJoin(chosen, ", ", name_of));
  }
  return absl::OkStatus();
}

// Returns the checkpoints of the named files, else those of the service's own file, which need not exist yet.
absl::StatusOr<std::vector<store::Checkpoint>> CheckpointsOf(const std::string& service, const HostConfig& config,
                                                             const std::vector<std::string>& named) {
  std::vector<std::string> files = named;
  if (files.empty()) files = {CheckpointFile(CheckpointDirOf(config), service)};
  std::vector<store::Checkpoint> all;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> more, store::ReadCheckpoints(file));
    all.insert(all.end(), more.begin(), more.end());
  }
  const bool none_yet = named.empty() && all.empty();
  if (!none_yet && !SpeakOf(all, service)) return Missing(absl::StrJoin(files, ", "), service);
  return all;
}

// Drops rows that differ only because their journal image was altered: the image has its own finding.
void DropExplained(const store::ChainReport& journal, store::TablesReport& tables) {
  std::set<std::string> altered;
  for (const store::ChainFinding& finding : journal.findings) {
    if (finding.kind == store::ChainFinding::Kind::kRowChanged) altered.insert(finding.name);
  }
  const auto explained = [&](const store::TableFinding& finding) { return altered.count(finding.name) != 0; };
  const auto end = std::remove_if(tables.findings.begin(), tables.findings.end(), explained);
  tables.found -= tables.findings.end() - end;
  tables.findings.erase(end, tables.findings.end());
}

// Compares the chain whose seals are in `table` with the mark in the key store.
absl::Status CheckMark(store::Store& store, const std::string& chain, absl::string_view table,
                       store::ChainReport& report) {
  ASSIGN_OR_RETURN(const store::FoundTable columns, store.keyring().store().database().Describe("marks"));
  if (!columns.exists()) return absl::OkStatus();  // no server of this version has run yet
  ASSIGN_OR_RETURN(const absl::optional<store::KeyStore::Mark> mark,
                   store.keyring().store().FindMark(store::ChainMark(chain)));
  if (!mark.has_value() || mark->place == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string hash, store::HashAt(store.database(), table, mark->place));
  if (hash != mark->hash) report.findings.push_back({store::ChainFinding::Kind::kMarkDiffers, mark->place, "", 0});
  return absl::OkStatus();
}

// Starts no service: it only needs the service's tables and, when available, its keys.
absl::StatusOr<JournalCheck> Verify(const HostConfig& config, const ServiceKind& kind,
                                    std::unique_ptr<store::Database> database,
                                    const std::vector<store::Checkpoint>& checkpoints,
                                    const JournalCheckOptions& options) {
  const std::string& public_key = options.public_key;
  JournalCheck check;
  check.service = kind.name;
  ASSIGN_OR_RETURN(std::unique_ptr<store::Keyring> keyring, FindKeyring(config, kind.name, Clock::System()));
  check.has_keys = keyring != nullptr;
  Service service(kind.name, std::move(database), std::move(keyring), Clock::System(), Entropy::System());
  kind.build(service, [](absl::string_view) { return PeerAccess(); });
  store::Store& store = service.store();
  ASSIGN_OR_RETURN(const store::MigrationPlan plan, store.Plan());
  RETURN_IF_ERROR(store::CheckSchema(plan, kind.name));
  if (check.has_keys) RETURN_IF_ERROR(store.ReadSecrets());
  ASSIGN_OR_RETURN(check.report, store::VerifyJournal(store.database(), kind.name, checkpoints, public_key, nullptr));
  ASSIGN_OR_RETURN(check.access_log, store::VerifyAccessLog(store.database(), kind.name, checkpoints, public_key));
  if (check.has_keys) {
    RETURN_IF_ERROR(CheckMark(store, kind.name, "journal_seal", check.report));
    RETURN_IF_ERROR(CheckMark(store, store::AccessLogChainName(kind.name), "access_log_seal", check.access_log.chain));
  }
  ASSIGN_OR_RETURN(check.tables, store::VerifyTables(store, check.has_keys));
  DropExplained(check.report, check.tables);
  RETURN_IF_ERROR(access::VerifyKeyHashes(store, check.tables));
  RETURN_IF_ERROR(store::VerifyCounters(store, options.counters, check.tables));
  return check;
}

}  // namespace

bool JournalCheck::good() const {
  return report.findings.empty() && access_log.chain.findings.empty() && tables.found == 0;
}

absl::StatusOr<std::string> MakeCheckpointDir(const HostConfig& config) {
  std::string path = CheckpointDirOf(config);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fail("DATA_FOLDER_READ_ONLY"_reason, {{"path", path}, {"detail", error.message()}});
  return path;
}

std::string CheckpointFile(const std::string& folder, const std::string& service) {
  return absl::StrCat(folder, "/", service, ".checkpoints");
}

absl::StatusOr<std::vector<JournalCheck>> VerifyJournals(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                         const JournalCheckOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  RETURN_IF_ERROR(CheckFiles(config, chosen));
  RETURN_IF_ERROR(CheckNamedFiles(options.checkpoint_files, chosen));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config, chosen, Databases::Use::kLook));
  std::vector<JournalCheck> checks;
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> checkpoints,
                     CheckpointsOf(kind->name, config, options.checkpoint_files));
    ASSIGN_OR_RETURN(JournalCheck check, Verify(config, *kind, databases.Take(kind->name), checkpoints, options));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace tsunagu
