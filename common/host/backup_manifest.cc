#include "common/host/backup_manifest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"
#include "common/host/data_folder.h"

namespace tsunagu {
namespace {

constexpr absl::string_view kFormat = "tsunagu-backup-1", kEnd = "end ";
constexpr size_t kPiece = 1 << 20;

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

bool ParseChain(const std::vector<std::string>& words, BackupManifest& manifest) {
  BackupManifest::Chain& chain = manifest.chains.emplace_back();
  if (words.size() != 5) return false;
  chain.name = words[1];
  return absl::SimpleAtoi(words[2], &chain.place) && absl::SimpleAtoi(words[3], &chain.known_time) &&
         absl::Base64Unescape(words[4], &chain.hash);
}

bool ParseFile(absl::string_view line, BackupManifest& manifest) {
  const std::vector<std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 3));  // a path may contain spaces
  BackupManifest::File& file = manifest.files.emplace_back();
  if (words.size() != 4) return false;
  file.digest = words[1];
  file.path = words[3];
  return absl::SimpleAtoi(words[2], &file.size);
}

bool ParseLine(const std::string& line, BackupManifest& manifest) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words[0] == "file") return ParseFile(line, manifest);
  if (words[0] == "chain") return ParseChain(words, manifest);
  if (words.size() != 2) return false;
  if (words[0] == "version") manifest.version = words[1];
  if (words[0] == "installation") manifest.installation = words[1];
  return words[0] != "time" || absl::ParseTime(absl::RFC3339_full, words[1], &manifest.time, nullptr);
}

bool Parse(absl::string_view text, BackupManifest& manifest) {
  const size_t end = text.rfind(kEnd);
  if (end == absl::string_view::npos ||
      text.substr(end) != absl::StrCat(kEnd, Hex(Sha256(text.substr(0, end))), "\n")) {
    return false;
  }
  std::vector<std::string> lines = absl::StrSplit(text.substr(0, end), '\n');
  lines.pop_back();
  if (lines.empty() || lines[0] != kFormat) return false;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (!ParseLine(lines[i], manifest)) return false;
  }
  return true;
}

// Returns the digest of everything read from `file`; empty on failure, with errno.
std::string DigestOf(int file, int64_t& size) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::string piece(kPiece, '\0');
  for (size = 0;;) {
    const ssize_t count = read(file, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return "";
    if (count == 0) break;
    EVP_DigestUpdate(context.get(), piece.data(), static_cast<size_t>(count));
    size += count;
  }
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return Hex(digest);
}

}  // namespace

std::string BackupManifest::FileIn(absl::string_view folder) { return absl::StrCat(folder, "/manifest"); }

absl::StatusOr<BackupManifest> BackupManifest::Read(const std::string& folder) {
  const absl::StatusOr<std::string> text = ReadWholeFile(FileIn(folder));
  BackupManifest manifest;
  if (!text.ok() || !Parse(*text, manifest)) return Fail("BACKUP_INCOMPLETE"_reason, {{"path", folder}});
  return manifest;
}

absl::Status BackupManifest::Write(const std::string& folder) const {
  std::string text = absl::StrCat(kFormat, "\ntime ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()),
                                  "\nversion ", version, "\ninstallation ", installation, "\n");
  for (const Chain& chain : chains) {
    absl::StrAppend(&text, "chain ", chain.name, " ", chain.place, " ", chain.known_time, " ",
                    absl::Base64Escape(chain.hash), "\n");
  }
  for (const File& file : files) absl::StrAppend(&text, "file ", file.digest, " ", file.size, " ", file.path, "\n");
  return WriteSecretFile(FileIn(folder), absl::StrCat(text, kEnd, Hex(Sha256(text))));
}

absl::StatusOr<BackupManifest::File> DescribeFile(const std::string& folder, const std::string& path) {
  BackupManifest::File described;
  described.path = path;
  const std::string whole = absl::StrCat(folder, "/", path);
  const int file = open(whole.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) described.digest = DigestOf(file, described.size);
  const int error = errno;
  if (file >= 0) close(file);
  if (!described.digest.empty()) return described;
  const Unreadable why = WhyUnreadable(whole, error);
  return absl::Status(why.code, absl::StrCat(why.ja, "\n", why.en, " [FILE_NOT_READABLE]"));
}

}  // namespace tsunagu
