#ifndef TSUNAGU_COMMON_BASE_FILE_H_
#define TSUNAGU_COMMON_BASE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct stat;

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

// Writes the content that a file will have to <path>.part, durably; a rename then makes it the content of the file. The
// part has the owner and mode of `like`, otherwise its owner alone may read it. Returns the path for the complaint on
// failure, otherwise ""; errno gives the cause.
[[nodiscard]] std::string WritePart(const std::string& path, absl::string_view text, const struct stat* like = nullptr);

// Each makes something durable: the content of a file, or the names in a folder. They return false on failure; errno
// gives the cause.
[[nodiscard]] bool SyncPath(const std::string& path);
[[nodiscard]] bool SyncFolderOf(const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_FILE_H_
