#include "common/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace tsunagu {
namespace {

constexpr size_t kPiece = 64 << 10;

absl::Status NotReadable(const std::string& path, int error) {
  const Unreadable why = WhyUnreadable(path, error);
  return absl::Status(why.code, absl::StrCat(why.ja, " [FILE_NOT_READABLE]\n", why.en, " [FILE_NOT_READABLE]"));
}

}  // namespace

Unreadable WhyUnreadable(const std::string& path, int error) {
  const char* why = error == ENOENT   ? "そのようなファイルはありません"
                    : error == EACCES ? "読み取る権限がありません"
                    : error == EISDIR ? "フォルダーです"
                                      : std::strerror(error);
  const auto code = error == ENOENT   ? absl::StatusCode::kNotFound
                    : error == EACCES ? absl::StatusCode::kPermissionDenied
                                      : absl::StatusCode::kFailedPrecondition;
  return {code, absl::StrCat("ファイルを読めません: ", path, "（", why, "）"),
          absl::StrCat("Cannot read the file ", path, ": ", std::strerror(error))};
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return NotReadable(path, errno);
  std::string text;
  ssize_t count = 0;
  do {
    const size_t before = text.size();
    text.resize(before + kPiece);
    count = read(file, text.data() + before, kPiece);
    text.resize(before + std::max<ssize_t>(count, 0));
  } while (count > 0 || (count < 0 && errno == EINTR));
  const int error = errno;
  close(file);
  if (count < 0) return NotReadable(path, error);
  return text;
}

std::string WritePart(const std::string& path, absl::string_view text, const struct stat* like) {
  const std::string part = path + ".part";
  const int file = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return part;
  const bool owned =
      like == nullptr || (fchown(file, like->st_uid, like->st_gid) == 0 && fchmod(file, like->st_mode & 07777) == 0);
  const bool written =
      owned && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  const int error = errno;
  if (close(file) != 0) return path;
  errno = error;
  return written ? "" : path;
}

bool SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return SyncPath(folder.empty() ? "." : folder);
}

bool SyncPath(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = fsync(file) == 0;
  const int error = errno;
  close(file);
  errno = error;
  return synced;
}

}  // namespace tsunagu
