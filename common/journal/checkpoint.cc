#include "common/journal/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/ed25519.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kFormat = "tsunagu-checkpoint-1";

absl::Status FileError(const std::string& path, int code) {
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(code)));
}

// Removes the part of a line that a crash has left, because it would spoil the next line.
bool DropCutLine(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  off_t whole = size;
  for (char last = '\0'; whole > 0; --whole) {
    if (pread(file, &last, 1, whole - 1) != 1) return false;
    if (last == '\n') break;
  }
  return whole == size || ftruncate(file, whole) == 0;
}

}  // namespace

std::string Checkpoint::Signed() const {
  return absl::StrCat(kFormat, " ", service, " ", place, " ", known_time, " ", absl::Base64Escape(hash), " ",
                      absl::Base64Escape(public_key));
}

void Checkpoint::Sign(absl::string_view seed) {
  public_key = ed25519::PublicKeyOf(seed);
  signature = ed25519::Sign(seed, Signed());
}

bool Checkpoint::Verify() const { return ed25519::Verify(public_key, Signed(), signature); }

std::string Checkpoint::ToLine() const { return absl::StrCat(Signed(), " ", absl::Base64Escape(signature)); }

absl::StatusOr<Checkpoint> Checkpoint::Parse(absl::string_view line) {
  const std::vector<std::string> parts = absl::StrSplit(line, ' ');
  Checkpoint checkpoint;
  const bool good =
      parts.size() == 7 && parts[0] == kFormat && absl::SimpleAtoi(parts[2], &checkpoint.place) &&
      absl::SimpleAtoi(parts[3], &checkpoint.known_time) && absl::Base64Unescape(parts[4], &checkpoint.hash) &&
      absl::Base64Unescape(parts[5], &checkpoint.public_key) && absl::Base64Unescape(parts[6], &checkpoint.signature);
  if (!good) return absl::InvalidArgumentError("not a checkpoint");
  checkpoint.service = parts[1];
  return checkpoint;
}

absl::StatusOr<std::vector<Checkpoint>> ReadCheckpoints(const std::string& path) {
  std::vector<Checkpoint> checkpoints;
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (absl::IsNotFound(text.status())) return checkpoints;
  RETURN_IF_ERROR(text.status());
  std::vector<absl::string_view> lines = absl::StrSplit(*text, '\n');
  lines.pop_back();  // the text after the last line feed
  for (absl::string_view line : lines) {
    absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(line);
    if (!checkpoint.ok()) {
      return Fail("CHECKPOINT_MALFORMED"_reason, {{"path", path}, {"line", absl::StrCat(checkpoints.size() + 1)}});
    }
    checkpoints.push_back(*std::move(checkpoint));
  }
  return checkpoints;
}

absl::Status AppendCheckpoint(const std::string& path, const Checkpoint& checkpoint) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return FileError(path, errno);
  const std::string line = absl::StrCat(checkpoint.ToLine(), "\n");
  Failpoint("checkpoint.before_write");
  const bool written = DropCutLine(file) &&
                       write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(file) == 0;
  const absl::Status status = written ? absl::OkStatus() : FileError(path, errno);
  close(file);
  return status;
}

}  // namespace tsunagu::store
