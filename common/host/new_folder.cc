#include "common/host/new_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu {
namespace {

absl::Status Exists(const std::string& path) { return Fail("BACKUP_EXISTS"_reason, {{"path", path}}); }

}  // namespace

absl::Status BackupFailed(const std::string& path) {
  return Fail("BACKUP_FAILED"_reason, {{"path", path}, {"detail", std::strerror(errno)}});
}

absl::StatusOr<std::unique_ptr<NewFolder>> NewFolder::Create(const std::string& path) {
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  std::error_code error;
  const bool is_there = std::filesystem::exists(name, error);
  if (is_there && !std::filesystem::is_empty(name, error)) return Exists(name);
  std::string part = name + ".part";
  if (mkdir(part.c_str(), 0700) != 0) return errno == EEXIST ? Exists(part) : BackupFailed(part);
  return std::unique_ptr<NewFolder>(new NewFolder(std::move(name), std::move(part)));
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!finished_) std::filesystem::remove_all(part_, ignored);
}

absl::Status NewFolder::Finish() {
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(part_, error)) {
    if (entry.is_directory() && !SyncPath(entry.path().string())) return BackupFailed(entry.path().string());
  }
  if (error || !SyncPath(part_)) return BackupFailed(part_);
  // rename replaces only an empty folder.
  if (rename(part_.c_str(), path_.c_str()) != 0) {
    return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? Exists(path_) : BackupFailed(path_);
  }
  finished_ = true;
  return SyncFolderOf(path_) ? absl::OkStatus() : BackupFailed(path_);
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  constexpr size_t kPiece = 1 << 20;
  const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) return BackupFailed(from);
  const int out = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  absl::Status status = out < 0 ? BackupFailed(to) : absl::OkStatus();
  std::string piece(kPiece, '\0');
  while (status.ok()) {
    const ssize_t count = read(in, piece.data(), piece.size());
    if (count < 0) status = BackupFailed(from);
    if (count <= 0) break;
    if (write(out, piece.data(), static_cast<size_t>(count)) != count) status = BackupFailed(to);
  }
  if (status.ok() && fsync(out) != 0) status = BackupFailed(to);
  close(in);
  if (out >= 0) close(out);
  return status;
}

}  // namespace tsunagu
