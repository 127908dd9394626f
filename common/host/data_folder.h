#ifndef TSUNAGU_COMMON_HOST_DATA_FOLDER_H_
#define TSUNAGU_COMMON_HOST_DATA_FOLDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

// Reserves the data folder for this process during its lifetime.
class FolderLock {
 public:
  // Creates the folder if it does not exist. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_READ_ONLY.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  const int file_;
};

// The content of a data folder's file `installation`.
struct DataFolder {
  std::string id;                     // of the installation; empty when there is none yet
  std::vector<std::string> services;  // the services whose databases were created here

  static std::string FileIn(const std::string& folder);
  static absl::StatusOr<DataFolder> Read(const std::string& folder);
  absl::Status Write(const std::string& folder) const;
};

// Writes a file that only its owner can read; it is durable on return. Errors: DATA_FOLDER_READ_ONLY.
absl::Status WriteSecretFile(const std::string& path, absl::string_view text);

// Returns DATA_FOLDER_READ_ONLY with the cause in errno.
absl::Status FolderError(const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_DATA_FOLDER_H_
