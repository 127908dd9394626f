#include "services/suite/input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/base/file.h"
#include "common/base/status_macros.h"
#include "services/suite/print_error.h"

namespace tsunagu::suite {
namespace {

constexpr size_t kPiece = 256 << 10;

absl::Status NotReadable(const std::string& name, int error) {
  const Unreadable why = WhyUnreadable(name, error);
  return FailHere(why.code, "FILE_NOT_READABLE", why.ja, why.en);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Input>> Input::Open(const std::string& path) {
  const int file = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return NotReadable(path, errno);
  std::unique_ptr<Input> input(new Input(path, file, eventfd(0, EFD_CLOEXEC)));
  struct stat about = {};
  fstat(file, &about);
  if (S_ISDIR(about.st_mode)) return NotReadable(path, EISDIR);
  if (S_ISREG(about.st_mode)) input->size_ = about.st_size;
  return input;
}

std::unique_ptr<Input> Input::Of(std::string text) {
  std::unique_ptr<Input> input(new Input("", -1, -1));
  input->size_ = static_cast<int64_t>(text.size());
  input->buffer_ = std::move(text);
  return input;
}

Input::~Input() {
  if (file_ >= 0) close(file_);
  if (stop_ >= 0) close(stop_);
}

absl::StatusOr<bool> Input::Fill() {
  if (file_ < 0) return false;
  buffer_.erase(0, std::exchange(given_, 0));
  const size_t before = buffer_.size();
  while (true) {
    pollfd waiting[] = {{stop_, POLLIN, 0}, {file_, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) return NotReadable(name_, errno);
    if (waiting[0].revents != 0) return false;
    if (waiting[1].revents == 0) continue;
    buffer_.resize(before + kPiece);
    const ssize_t count = read(file_, buffer_.data() + before, kPiece);
    const int error = errno;
    buffer_.resize(before + std::max<ssize_t>(count, 0));
    if (count < 0 && (error == EINTR || error == EAGAIN)) continue;
    if (count < 0) return NotReadable(name_, error);
    return count > 0;
  }
}

absl::StatusOr<std::string> Input::Read(size_t most) {
  if (rest().empty()) RETURN_IF_ERROR(Fill().status());
  std::string piece(rest().substr(0, most));
  given_ += piece.size();
  return piece;
}

absl::StatusOr<std::optional<std::string>> Input::ReadLine(size_t most) {
  size_t searched = 0;
  size_t end;
  while ((end = rest().find('\n', searched)) == absl::string_view::npos && rest().size() <= most) {
    searched = rest().size();
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
  }
  if (rest().empty()) return std::nullopt;
  std::string line(rest().substr(0, std::min(end, most + 1)));
  given_ += line.size() == end ? end + 1 : line.size();
  return line;
}

absl::StatusOr<std::string> Input::ReadAll(size_t most) {
  while (rest().size() <= most) {
    ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
  }
  return std::string(rest());
}

void Input::Stop() {
  const uint64_t one = 1;
  if (stop_ >= 0 && write(stop_, &one, sizeof(one)) < 0) return;  // full means that it was stopped before
}

}  // namespace tsunagu::suite
