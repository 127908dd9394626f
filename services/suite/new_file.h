#ifndef TSUNAGU_SERVICES_SUITE_NEW_FILE_H_
#define TSUNAGU_SERVICES_SUITE_NEW_FILE_H_

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::suite {

// Returns FILE_NOT_WRITABLE with the cause in both languages. `error` is an errno.
absl::Status NotWritable(absl::string_view path, int error);

// A file that gets its name only when it is complete. A target that is not a regular file (a pipe, /dev/null) is
// written directly. Errors: FILE_NOT_WRITABLE.
class NewFile {
 public:
  static absl::StatusOr<std::unique_ptr<NewFile>> Create(const std::string& path);
  // Without Finish, removes the incomplete file.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  absl::Status Write(absl::string_view bytes);
  absl::Status Finish();

 private:
  NewFile(std::FILE* file, std::string written, std::string target)
      : file_(file), written_(std::move(written)), target_(std::move(target)) {}

  std::FILE* file_;
  const std::string written_;
  std::string target_;  // empty: written_ is the target
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_NEW_FILE_H_
