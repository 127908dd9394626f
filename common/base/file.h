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

// The whole of a file. Errors are for the operator: FILE_NOT_READABLE, with NOT_FOUND where there is none.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Makes the name of a file durable, which it is when its folder is. False where that fails; errno says why.
[[nodiscard]] bool SyncFolderOf(const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_FILE_H_
