#include "common/host/journals.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/databases.h"
#include "common/store/checkpoint.h"

namespace tsunagu {
namespace {

std::string CheckpointDirOf(const HostConfig& config) {
  return config.checkpoint_dir.empty() ? absl::StrCat(config.data_dir, "/checkpoints") : config.checkpoint_dir;
}

// To open a file that is not there would make it.
absl::Status CheckFiles(const HostConfig& config, const std::vector<const ServiceKind*>& chosen) {
  for (const ServiceKind* kind : chosen) {
    const std::string path = absl::StrCat(config.data_dir, "/", kind->name, ".db");
    if (IsMysql(config) || std::filesystem::exists(path)) continue;
    return NoSuchDatabase(path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> MakeCheckpointDir(const HostConfig& config) {
  std::string path = CheckpointDirOf(config);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fail(reason::REASON_DATA_FOLDER_READ_ONLY, {{"path", path}, {"detail", error.message()}});
  return path;
}

std::string CheckpointFile(const std::string& folder, const std::string& service) {
  return absl::StrCat(folder, "/", service, ".checkpoints");
}

absl::StatusOr<std::vector<JournalCheck>> VerifyJournals(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                         const JournalCheckOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  RETURN_IF_ERROR(CheckFiles(config, chosen));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config, chosen, Databases::Use::kLook));
  std::vector<JournalCheck> checks;
  for (const ServiceKind* kind : chosen) {
    std::vector<std::string> files = options.checkpoint_files;
    if (files.empty()) files = {CheckpointFile(CheckpointDirOf(config), kind->name)};
    std::vector<std::string> lines;
    for (const std::string& file : files) {
      ASSIGN_OR_RETURN(const std::vector<std::string> more, store::ReadCheckpointLines(file));
      lines.insert(lines.end(), more.begin(), more.end());
    }
    const std::unique_ptr<store::Database> database = databases.Take(kind->name);
    ASSIGN_OR_RETURN(store::JournalReport report,
                     store::VerifyJournal(*database, kind->name, lines, options.public_key, nullptr));
    checks.push_back({kind->name, std::move(report)});
  }
  return checks;
}

}  // namespace tsunagu
