#include "services/suite/new_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "services/suite/print_error.h"

namespace tsunagu::suite {

absl::Status NotWritable(absl::string_view path, int error) {
  const char* why = error == ENOENT   ? "フォルダーがありません"
                    : error == EACCES ? "書き込む権限がありません"
                    : error == ENOSPC ? "空き容量がありません"
                                      : std::strerror(error);
  return FailHere(absl::StatusCode::kFailedPrecondition, "FILE_NOT_WRITABLE",
                  absl::StrCat("ファイルに書けません: ", path, "（", why, "）"),
                  absl::StrCat("Cannot write the file ", path, ": ", std::strerror(error)));
}

absl::StatusOr<std::unique_ptr<NewFile>> NewFile::Create(const std::string& path) {
  std::error_code none;
  std::filesystem::path target = std::filesystem::weakly_canonical(path, none);  // follows symbolic links
  if (none) target = path;
  const bool there = std::filesystem::exists(target, none) && !std::filesystem::is_regular_file(target, none);
  const std::string written = there ? path : target.string() + ".part";
  std::FILE* file = std::fopen(written.c_str(), "wbe");
  if (file == nullptr) return NotWritable(written, errno);
  return std::unique_ptr<NewFile>(new NewFile(file, written, there ? "" : target.string()));
}

NewFile::~NewFile() {
  if (file_ != nullptr) std::fclose(file_);
  if (!target_.empty()) std::remove(written_.c_str());
}

absl::Status NewFile::Write(absl::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return absl::OkStatus();
  return NotWritable(written_, errno);
}

absl::Status NewFile::Finish() {
  if (std::fclose(std::exchange(file_, nullptr)) != 0) return NotWritable(written_, errno);
  if (target_.empty()) return absl::OkStatus();
  if (std::rename(written_.c_str(), target_.c_str()) != 0) return NotWritable(target_, errno);
  target_.clear();
  return absl::OkStatus();
}

}  // namespace tsunagu::suite
