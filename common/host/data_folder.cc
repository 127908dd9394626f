#include "common/host/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu {
absl::Status FolderError(const std::string& path) {
  return Fail("DATA_FOLDER_READ_ONLY"_reason, {{"path", path}, {"detail", std::strerror(errno)}});
}

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Fail("DATA_FOLDER_READ_ONLY"_reason, {{"path", folder}, {"detail", error.message()}});
  const std::string path = absl::StrCat(folder, "/lock");
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return FolderError(path);
  std::unique_ptr<FolderLock> lock(new FolderLock(file));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) return Fail("DATA_FOLDER_IN_USE"_reason, {{"path", folder}});
  return lock;
}

FolderLock::~FolderLock() { close(file_); }

std::string DataFolder::FileIn(const std::string& folder) { return absl::StrCat(folder, "/installation"); }

absl::StatusOr<DataFolder> DataFolder::Read(const std::string& folder) {
  DataFolder read;
  const absl::StatusOr<std::string> text = ReadWholeFile(FileIn(folder));
  if (absl::IsNotFound(text.status())) return read;
  RETURN_IF_ERROR(text.status());
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    if (read.id.empty()) {
      read.id = std::string(line);
    } else {
      read.services.emplace_back(line);
    }
  }
  return read;
}

absl::Status DataFolder::Write(const std::string& folder) const {
  std::vector<std::string> lines = {id};
  lines.insert(lines.end(), services.begin(), services.end());
  return WriteSecretFile(FileIn(folder), absl::StrJoin(lines, "\n"));
}

absl::Status WriteSecretFile(const std::string& path, absl::string_view text) {
  const std::string failed = WritePart(path, absl::StrCat(text, "\n"));
  if (!failed.empty()) return FolderError(failed);
  Failpoint("admin_key.before_rename");
  if (rename((path + ".part").c_str(), path.c_str()) != 0) return FolderError(path);
  Failpoint("admin_key.after_rename");
  return SyncFolderOf(path) ? absl::OkStatus() : FolderError(path);
}

}  // namespace tsunagu
