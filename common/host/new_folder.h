#ifndef TSUNAGU_COMMON_HOST_NEW_FOLDER_H_
#define TSUNAGU_COMMON_HOST_NEW_FOLDER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tsunagu {

// A folder that gets its name only when everything in it is complete and durable. Until then it is <name>.part, which a
// killed process leaves behind.
class NewFolder {
 public:
  // Errors: BACKUP_EXISTS when one of the two names is taken, BACKUP_FAILED.
  static absl::StatusOr<std::unique_ptr<NewFolder>> Create(const std::string& path);
  // Without Finish, removes the folder.
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  // The path to write to.
  const std::string& part() const { return part_; }
  // Errors: BACKUP_EXISTS when somebody has taken the name meanwhile (an empty folder is permitted), BACKUP_FAILED.
  absl::Status Finish();

 private:
  NewFolder(std::string path, std::string part) : path_(std::move(path)), part_(std::move(part)) {}

  const std::string path_, part_;
  bool finished_ = false;
};

// Returns BACKUP_FAILED with the cause in errno.
absl::Status BackupFailed(const std::string& path);

// Copies a regular file to a new one, which is durable on return.
absl::Status CopyFile(const std::string& from, const std::string& to);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_NEW_FOLDER_H_
