#include "common/text/sheet/spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace tsunagu::sheet {
namespace {

absl::Status Failed(absl::string_view what) {
  const int error = errno;
  char buffer[128];
  return Fail("TEMPORARY_FILE_FAILED"_reason,
              {{"detail", absl::StrCat(what, ": ", strerror_r(error, buffer, sizeof buffer))}});
}

std::string DefaultFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

// For file systems without O_TMPFILE.
int OpenAndUnlink(const std::string& folder) {
  std::string path = absl::StrCat(folder, "/tsunagu-XXXXXX");
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor >= 0) unlink(path.c_str());
  return descriptor;
}

}  // namespace

absl::StatusOr<Spool> Spool::Create(int64_t max_bytes, const std::string& folder) {
  const std::string place = folder.empty() ? DefaultFolder() : folder;
  int descriptor = open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) descriptor = OpenAndUnlink(place);
  if (descriptor < 0) return Failed("open");
  return Spool(descriptor, max_bytes);
}

Spool::Spool(Spool&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), max_bytes_(other.max_bytes_), size_(other.size_) {}

Spool& Spool::operator=(Spool&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  max_bytes_ = other.max_bytes_;
  size_ = other.size_;
  return *this;
}

Spool::~Spool() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status Spool::Append(absl::string_view bytes) {
  if (static_cast<int64_t>(bytes.size()) > max_bytes_ - size_) {
    return Fail("WORKBOOK_TOO_LARGE"_reason, {{"max", absl::StrCat(max_bytes_)}});
  }
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), size_);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write");
    size_ += written;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> Spool::Read(int64_t offset, absl::Span<char> into) const {
  size_t filled = 0;
  while (filled < into.size()) {
    const ssize_t got =
        pread(descriptor_, into.data() + filled, into.size() - filled, offset + static_cast<int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read");
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  return filled;
}

absl::StatusOr<int64_t> Spool::Size() const {
  struct stat about;
  if (fstat(descriptor_, &about) != 0) return Failed("stat");
  return static_cast<int64_t>(about.st_size);
}

std::string Spool::path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

}  // namespace tsunagu::sheet
