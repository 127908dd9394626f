#ifndef TSUNAGU_COMMON_HOST_NEW_FOLDER_H_
#define TSUNAGU_COMMON_HOST_NEW_FOLDER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tsunagu {

// A folder that takes its name only when all in it is complete and on the disk. Until then it is <name>.part, which a
// process that is killed leaves behind.
class NewFolder {
 public:
  // BACKUP_EXISTS where one of the two names is taken, BACKUP_FAILED.
  static absl::StatusOr<std::unique_ptr<NewFolder>> Create(const std::string& path);
  // Without Finish, nothing is left of it.
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  // Where to write.
  const std::string& part() const { return part_; }
  // BACKUP_EXISTS where somebody has taken the name meanwhile (an empty folder may be there), BACKUP_FAILED.
  absl::Status Finish();

 private:
  NewFolder(std::string path, std::string part) : path_(std::move(path)), part_(std::move(part)) {}

  const std::string path_, part_;
  bool finished_ = false;
};

// BACKUP_FAILED, with what errno says.
absl::Status BackupFailed(const std::string& path);

// Copies a plain file to a new one, which is on the disk on return.
absl::Status CopyFile(const std::string& from, const std::string& to);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_NEW_FOLDER_H_
