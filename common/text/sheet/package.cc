#include "common/text/sheet/package.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/sniff.h"

namespace tsunagu::sheet {
namespace {

// Small parts may be compressed more than the limit permits; this does no harm.
constexpr int64_t kFreeBytes = 1024 * 1024;

absl::Status Damaged(absl::string_view part, absl::string_view detail) {
  return Fail("WORKBOOK_DAMAGED"_reason, {{"part", std::string(part)}, {"detail", std::string(detail)}});
}

absl::Status ExpandsTooMuch() { return Fail("WORKBOOK_EXPANDS_TOO_MUCH"_reason); }

// Passes the file to the archive, or closes it on failure.
absl::StatusOr<zip_t*> OpenArchive(int descriptor) {
  const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "dup"}});
  FILE* file = fdopen(own, "rb");
  if (file == nullptr) {
    close(own);
    return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "fdopen"}});
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_filep_create(file, 0, -1, &error);
  if (source == nullptr) {
    fclose(file);
    zip_error_fini(&error);
    return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "zip_source_filep"}});
  }
  // Without ZIP_CHECKCONS, which refuses archives that several honest programs write; the unpacked content is checked
  // anyway.
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  const absl::Status status = archive == nullptr ? ArchiveDamaged(zip_error_strerror(&error)) : absl::OkStatus();
  if (archive == nullptr) zip_source_free(source);
  zip_error_fini(&error);
  if (!status.ok()) return status;
  return archive;
}

}  // namespace

// One part while it is being unpacked.
class Package::Part {
 public:
  Part(Package& package, std::string name, zip_file_t* file, int64_t packed, int64_t max_bytes)
      : package_(package), name_(std::move(name)), file_(file), packed_(packed), max_bytes_(max_bytes) {}
  ~Part() { zip_fclose(file_); }

  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  absl::StatusOr<size_t> Read(absl::Span<char> into) {
    const zip_int64_t got = zip_fread(file_, into.data(), into.size());
    if (got < 0) return Damaged(name_, zip_error_strerror(zip_file_get_error(file_)));
    read_ += got;
    package_.unpacked_ += got;
    if (read_ > max_bytes_ || package_.unpacked_ > package_.limits_.total_bytes) return ExpandsTooMuch();
    if (read_ > kFreeBytes && read_ / package_.limits_.ratio > packed_) return ExpandsTooMuch();
    return static_cast<size_t>(got);
  }

 private:
  Package& package_;
  const std::string name_;
  zip_file_t* const file_;
  const int64_t packed_;
  const int64_t max_bytes_;
  int64_t read_ = 0;
};

absl::StatusOr<std::unique_ptr<Package>> Package::Open(int descriptor, const Limits& limits) {
  RETURN_IF_ERROR(Sniff(descriptor, limits));
  ASSIGN_OR_RETURN(zip_t * archive, OpenArchive(descriptor));
  struct stat about;
  const int64_t size = fstat(descriptor, &about) == 0 ? about.st_size : 0;
  std::unique_ptr<Package> package(new Package(archive, size, limits));
  RETURN_IF_ERROR(package->List());
  RETURN_IF_ERROR(package->JudgeKind());
  return package;
}

Package::~Package() { zip_discard(archive_); }

bool Package::Has(absl::string_view name) const { return entries_.count(absl::AsciiStrToLower(name)) > 0; }

int64_t Package::DeclaredSize(absl::string_view name) const {
  const auto entry = entries_.find(absl::AsciiStrToLower(name));
  return entry == entries_.end() ? 0 : entry->second.declared;
}

absl::StatusOr<XmlReader> Package::Read(absl::string_view name, int64_t max_bytes) {
  const auto entry = entries_.find(absl::AsciiStrToLower(name));
  if (entry == entries_.end()) return Damaged(name, "the part is missing");
  zip_file_t* file = zip_fopen_index(archive_, entry->second.index, 0);
  if (file == nullptr) return Damaged(name, zip_strerror(archive_));
  // A shared_ptr only because std::function must be copyable.
  auto part = std::make_shared<Part>(*this, std::string(name), file, entry->second.packed, max_bytes);
  return XmlReader(std::string(name), [part](absl::Span<char> into) { return part->Read(into); });
}

absl::Status Package::List() {
  const zip_int64_t count = zip_get_num_entries(archive_, 0);
  if (count > limits_.entries) return Fail("WORKBOOK_TOO_MANY_PARTS"_reason, {{"max", absl::StrCat(limits_.entries)}});
  for (zip_int64_t i = 0; i < count; ++i) RETURN_IF_ERROR(ListEntry(static_cast<uint64_t>(i)));
  return absl::OkStatus();
}

absl::Status Package::ListEntry(uint64_t index) {
  zip_stat_t about;
  zip_stat_init(&about);
  if (zip_stat_index(archive_, index, ZIP_FL_ENC_GUESS, &about) != 0) return ArchiveDamaged(zip_strerror(archive_));
  const std::string name = absl::AsciiStrToLower(about.name == nullptr ? "" : about.name);
  if (about.encryption_method != ZIP_EM_NONE) return Fail("WORKBOOK_ENCRYPTED"_reason);
  if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE) {
    return Damaged(name, "the part is packed in an unusual way");
  }
  // An archive with two parts of one name is meant to show different content to two programs.
  const int64_t packed = static_cast<int64_t>(std::min(about.comp_size, static_cast<zip_uint64_t>(file_bytes_)));
  const Entry entry{index, packed, static_cast<int64_t>(about.size)};
  if (!entries_.emplace(name, entry).second) return Damaged(name, "the part is there twice");
  return absl::OkStatus();
}

// Determines the kind of the file by the names of its parts.
absl::Status Package::JudgeKind() {
  if (const auto entry = entries_.find("mimetype"); entry != entries_.end()) {
    char head[64] = {};
    zip_file_t* file = zip_fopen_index(archive_, entry->second.index, 0);
    const zip_int64_t got = file == nullptr ? 0 : zip_fread(file, head, sizeof head);
    if (file != nullptr) zip_fclose(file);
    const absl::string_view type(head, got < 0 ? 0 : static_cast<size_t>(got));
    const bool is_sheet = absl::StartsWith(type, "application/vnd.oasis.opendocument.spreadsheet");
    return Fail(is_sheet ? "WORKBOOK_IS_ODS"_reason : "NOT_A_WORKBOOK"_reason);
  }
  for (const auto& [name, entry] : entries_) {
    const bool is_macro = absl::EndsWith(name, "vbaproject.bin") || absl::StrContains(name, "/macrosheets/");
    if (is_macro) return Fail("WORKBOOK_HAS_MACROS"_reason);
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::sheet
