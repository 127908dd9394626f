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

// Where a backup lies: the data (databases, checkpoints, the installation's id) in one folder, the key databases in
// another, so that the keys of people who are erased do not live on beside their data. The master key is in neither.
struct BackupFolders {
  std::string data;
  std::string keys;  // empty: the keys are not copied
};

// Copies the chosen services' SQLite databases, each as it was at one moment, beside servers that go on writing. Each
// folder takes its name when all in it is on the disk; nothing is ever overwritten. Its manifest.
//
// BACKUP_ELSEWHERE for MySQL and MariaDB, BACKUP_EXISTS, BACKUP_KEYS_NOT_APART, DATABASE_MISSING, BACKUP_FAILED.
absl::StatusOr<BackupManifest> CreateBackup(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                            const BackupFolders& folders);

// A file that is not as it was when the backup was made, or a chain that is not whole.
struct BackupFinding {
  enum class Kind {
    kMissing,       // the file is not there
    kChanged,       // its bytes are others
    kAdded,         // it is not one of the backup's
    kDamaged,       // SQLite finds it damaged
    kChainDiffers,  // the chain in it is not whole, or not what its checkpoints and the manifest say
  };
  Kind kind;
  std::string path;
  std::string detail;  // what was found; may be empty
};
struct BackupReport {
  BackupManifest manifest;
  std::vector<BackupFinding> findings;  // empty: all is as it was when the backup was made
  int64_t rows = 0;                     // sealed ones that were compared, of all chains
  int64_t checkpoints = 0;
};
// Reads all of a folder that CreateBackup made, and changes nothing in it. BACKUP_INCOMPLETE where it has no manifest,
// or one that is not as it was written.
absl::StatusOr<BackupReport> VerifyBackup(const std::string& folder);

// Puts a backup into the data folder of `config`, which has to be absent or empty, after having verified it: all or
// nothing. The key databases go to where `config` says they lie. BACKUP_ELSEWHERE, BACKUP_EXISTS, BACKUP_DAMAGED,
// BACKUP_INCOMPLETE, BACKUP_OF_ANOTHER where the folders are not of one installation, BACKUP_FAILED.
absl::Status RestoreBackup(const HostConfig& config, const BackupFolders& folders);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_BACKUP_H_
