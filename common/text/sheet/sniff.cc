#include "common/text/sheet/sniff.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu::sheet {
namespace {

constexpr int64_t kHeadBytes = 1024;
constexpr int64_t kDirectoryBytes = 4096;
constexpr absl::string_view kCompoundFile("\xD0\xCF\x11\xE0", 4);
constexpr absl::string_view kArchive("PK\x03\x04", 4);

// The record at the end of an archive: its signature, 22 bytes in all, and a comment. The table of contents that it
// refers to has 46 bytes and a name for each entry; 1 KiB per entry is a generous bound.
constexpr absl::string_view kEndRecord("PK\x05\x06", 4);
constexpr absl::string_view kLocatorOfZip64("PK\x06\x07", 4);
constexpr size_t kEndRecordBytes = 22;
constexpr size_t kLocatorBytes = 20;
constexpr int64_t kTailBytes = kEndRecordBytes + 65535 + kLocatorBytes;
constexpr int64_t kEntryBytes = 1024;

// Reads up to `count` bytes from `offset`.
absl::StatusOr<std::string> Read(int descriptor, int64_t offset, int64_t count) {
  std::string bytes(static_cast<size_t>(count), '\0');
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got =
        pread(descriptor, bytes.data() + filled, bytes.size() - filled, offset + static_cast<int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "read"}});
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

int64_t LittleEndian(absl::string_view bytes, size_t at, size_t count) {
  int64_t number = 0;
  for (size_t i = count; i-- > 0;) number = number * 256 + static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::string Utf16(absl::string_view ascii) {
  std::string wide;
  for (const char c : ascii) wide.append({c, '\0'});
  return wide;
}

// A compound file is an .xls, or contains an encrypted .xlsx, or comes from another program of an older Office.
absl::Status JudgeCompoundFile(int descriptor, absl::string_view head) {
  if (head.size() < 64) return Fail("NOT_A_WORKBOOK"_reason);
  const int64_t sector_shift = std::clamp<int64_t>(LittleEndian(head, 30, 2), 7, 12);
  const int64_t directory_sector = LittleEndian(head, 48, 4);
  ASSIGN_OR_RETURN(const std::string directory,
                   Read(descriptor, (directory_sector + 1) << sector_shift, kDirectoryBytes));
  if (absl::StrContains(directory, Utf16("EncryptedPackage"))) return Fail("WORKBOOK_ENCRYPTED"_reason);
  const bool is_document =
      absl::StrContains(directory, Utf16("WordDocument")) || absl::StrContains(directory, Utf16("PowerPoint Document"));
  return Fail(is_document ? "NOT_A_WORKBOOK"_reason : "WORKBOOK_IS_XLS"_reason);
}

// libzip reads the whole table of contents into memory before its length can be checked. Everything that looks like an
// end record may be one, wherever it is.
absl::Status JudgeTail(absl::string_view tail, const Limits& limits) {
  const absl::Status too_many = Fail("WORKBOOK_TOO_MANY_PARTS"_reason, {{"max", absl::StrCat(limits.entries)}});
  bool found = false;
  for (size_t at = tail.find(kEndRecord); at != absl::string_view::npos; at = tail.find(kEndRecord, at + 1)) {
    if (tail.size() - at < kEndRecordBytes) break;
    found = true;
    if (at >= kLocatorBytes && absl::StartsWith(tail.substr(at - kLocatorBytes), kLocatorOfZip64)) {
      return ArchiveDamaged("the archive is in the form for more than 4 GiB");
    }
    if (LittleEndian(tail, at + 10, 2) > limits.entries) return too_many;
    if (LittleEndian(tail, at + 12, 4) > limits.entries * kEntryBytes) return too_many;
  }
  return found ? absl::OkStatus() : ArchiveDamaged("the archive is cut");
}

}  // namespace

absl::Status ArchiveDamaged(absl::string_view detail) {
  return Fail("WORKBOOK_DAMAGED"_reason,
              {{"part", "the archive"}, {"part_ja", "アーカイブ"}, {"detail", std::string(detail)}});
}

absl::Status Sniff(int descriptor, const Limits& limits) {
  ASSIGN_OR_RETURN(const std::string head, Read(descriptor, 0, kHeadBytes));
  if (absl::StartsWith(head, kCompoundFile)) return JudgeCompoundFile(descriptor, head);
  // PDF readers accept other bytes before this.
  if (absl::StrContains(head, "%PDF-") && !absl::StartsWith(head, kArchive)) return Fail("WORKBOOK_IS_PDF"_reason);
  if (!absl::StartsWith(head, kArchive)) {
    const bool is_text = !head.empty() && !absl::StrContains(head, '\0');
    return Fail(is_text ? "WORKBOOK_IS_TEXT"_reason : "NOT_A_WORKBOOK"_reason);
  }
  struct stat about;
  if (fstat(descriptor, &about) != 0) return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "stat"}});
  const int64_t size = about.st_size;
  const int64_t count = std::min(size, kTailBytes);
  ASSIGN_OR_RETURN(const std::string tail, Read(descriptor, size - count, count));
  return JudgeTail(tail, limits);
}

}  // namespace tsunagu::sheet
