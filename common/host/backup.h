#ifndef TSUNAGU_COMMON_HOST_BACKUP_H_
#define TSUNAGU_COMMON_HOST_BACKUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/host/backup_manifest.h"
#include "common/host/host.h"
#include "common/journal/follow_chain.h"

namespace tsunagu {

// The folders of a backup: the data (databases, checkpoints, the installation's id) in one, the key databases in
// another, so that the keys of erased people are not kept beside their data. Neither contains the master key.
struct BackupFolders {
  std::string data;
  std::string keys;  // empty: the keys are not copied
};

// Copies the chosen services' SQLite databases, each in one consistent state, while servers continue to write. Each
// folder gets its name once everything in it is durable; nothing is ever overwritten. Returns the manifest.
//
// Errors: BACKUP_ELSEWHERE for MySQL and MariaDB, BACKUP_EXISTS, BACKUP_KEYS_NOT_APART, DATABASE_MISSING,
// BACKUP_FAILED.
absl::StatusOr<BackupManifest> CreateBackup(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                            const BackupFolders& folders);

// A file that has changed since the backup was made, or a faulty chain.
struct BackupFinding {
  enum class Kind {
    kMissing,       // the file does not exist
    kChanged,       // its bytes have changed
    kAdded,         // it does not belong to the backup
    kDamaged,       // SQLite reports damage
    kChainDiffers,  // its chain is faulty, or differs from its checkpoints or the manifest
  };
  Kind kind;
  std::string path;
  std::string detail;  // details; may be empty
};
struct BackupReport {
  BackupManifest manifest;
  std::vector<BackupFinding> findings;  // empty: nothing has changed since the backup was made
  int64_t rows = 0;                     // sealed rows that were compared, of all chains
  int64_t checkpoints = 0;
};
// Reads everything in a folder made by CreateBackup, and changes nothing. Errors: BACKUP_INCOMPLETE when the folder has
// no manifest, or the manifest was changed.
absl::StatusOr<BackupReport> VerifyBackup(const std::string& folder);

// Verifies a backup, then restores it into the data folder of `config`, which must be absent or empty: all or nothing.
// The key databases go to the place that `config` names. Errors: BACKUP_ELSEWHERE, BACKUP_EXISTS, BACKUP_DAMAGED,
// BACKUP_INCOMPLETE, BACKUP_OF_ANOTHER when the folders belong to different installations, BACKUP_FAILED.
absl::Status RestoreBackup(const HostConfig& config, const BackupFolders& folders);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_BACKUP_H_
