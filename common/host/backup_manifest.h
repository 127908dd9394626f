#ifndef TSUNAGU_COMMON_HOST_BACKUP_MANIFEST_H_
#define TSUNAGU_COMMON_HOST_BACKUP_MANIFEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tsunagu {

// The content of a backup, as the file `manifest` in its folder, one entry per line:
//   tsunagu-backup-1
//   time 2026-11-28T09:00:00Z
//   version 0.1.0
//   installation 06h2…
//   chain registry <place> <known time, µs> <hash, base64>
//   file <SHA-256, hexadecimal> <bytes> registry.db
//   end <SHA-256 of all lines above>
struct BackupManifest {
  // A file of the backup, by its path in the folder.
  struct File {
    std::string path;
    int64_t size = 0;
    std::string digest;  // hexadecimal

    friend bool operator==(const File& a, const File& b) {
      return a.path == b.path && a.size == b.size && a.digest == b.digest;
    }
  };
  // The end of a chain in the copy: that of a service's journal ("registry") or access log ("registry/access-log").
  struct Chain {
    std::string name;
    int64_t place = 0;
    int64_t known_time = 0;  // microseconds
    std::string hash;
  };

  absl::Time time;
  std::string version;       // of the program that made it
  std::string installation;  // the installation's id
  std::vector<Chain> chains;
  std::vector<File> files;  // by path; without the manifest

  static std::string FileIn(absl::string_view folder);
  // Errors: BACKUP_INCOMPLETE when there is no manifest, or it was changed.
  static absl::StatusOr<BackupManifest> Read(const std::string& folder);
  // The manifest is durable on return.
  absl::Status Write(const std::string& folder) const;
};

// Returns size and digest of the file `path` in `folder`. Errors: FILE_NOT_READABLE.
absl::StatusOr<BackupManifest::File> DescribeFile(const std::string& folder, const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_BACKUP_MANIFEST_H_
