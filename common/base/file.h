#ifndef TSUNAGU_COMMON_BASE_FILE_H_
#define TSUNAGU_COMMON_BASE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tsunagu {

// Why a file cannot be read, for people.
struct Unreadable {
  absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
  std::string ja;
  std::string en;
};
// `error` is an errno.
Unreadable WhyUnreadable(const std::string& path, int error);

// Returns the whole content of a file. Errors are for the operator: FILE_NOT_READABLE, with the code NOT_FOUND when the
// file does not exist.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Syncs the folder of a file, which makes the file's name durable. Returns false on failure; errno gives the cause.
[[nodiscard]] bool SyncFolderOf(const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_FILE_H_
