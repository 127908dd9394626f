#ifndef TSUNAGU_COMMON_HOST_DATA_FOLDER_H_
#define TSUNAGU_COMMON_HOST_DATA_FOLDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

// The data folder for one process at a time, while this lives.
class FolderLock {
 public:
  // Makes the folder where it is absent. DATA_FOLDER_IN_USE, DATA_FOLDER_READ_ONLY.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  const int file_;
};

// What a data folder's file `installation` says.
struct DataFolder {
  std::string id;                     // of the installation; empty where there is none yet
  std::vector<std::string> services;  // whose databases were made here

  static std::string FileIn(const std::string& folder);
  static absl::StatusOr<DataFolder> Read(const std::string& folder);
  absl::Status Write(const std::string& folder) const;
};

// Durable before anybody is told of it, readable by its owner only. DATA_FOLDER_READ_ONLY.
absl::Status WriteSecretFile(const std::string& path, absl::string_view text);

// DATA_FOLDER_READ_ONLY, with what errno says.
absl::Status FolderError(const std::string& path);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_DATA_FOLDER_H_
