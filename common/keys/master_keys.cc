#include "common/keys/master_keys.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/cipher.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

absl::Status FileError(absl::string_view path) {
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
}

// Returns the bytes of one line; empty when it is no key.
std::string KeyBytes(const std::string& line) {
  std::string bytes;
  const bool hexadecimal = line.size() == 2 * kCipherKeyBytes &&
                           std::all_of(line.begin(), line.end(), [](unsigned char c) { return std::isxdigit(c); });
  if (hexadecimal) return absl::HexStringToBytes(line);
  return absl::Base64Unescape(line, &bytes) && bytes.size() == kCipherKeyBytes ? bytes : "";
}

}  // namespace

std::string MasterKey::id() const {
  return absl::BytesToHexString(HmacSha256(bytes, "tsunagu master key id").substr(0, 8));
}

absl::StatusOr<std::vector<MasterKey>> ParseMasterKeys(absl::string_view text, const std::string& origin) {
  std::vector<MasterKey> keys;
  int number = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    const std::string line(absl::StripAsciiWhitespace(raw));
    if (line.empty() || line[0] == '#') continue;
    std::string bytes = KeyBytes(line);
    if (bytes.empty()) {
      return Fail("MASTER_KEY_MALFORMED"_reason, {{"origin", origin}, {"line", absl::StrCat(number)}});
    }
    keys.push_back({std::move(bytes)});
  }
  if (keys.empty()) return Fail("MASTER_KEY_MALFORMED"_reason, {{"origin", origin}, {"line", "1"}});
  return keys;
}

std::string FreshMasterKey() { return absl::Base64Escape(Entropy::System().Bytes(kCipherKeyBytes)); }

absl::StatusOr<std::vector<MasterKey>> MasterKeySource::Load() const {
  if (!text_.empty()) return ParseMasterKeys(text_, origin_);
  const absl::StatusOr<std::string> text = ReadWholeFile(origin_);
  if (absl::IsNotFound(text.status())) return Fail("MASTER_KEY_MISSING"_reason, {{"origin", origin_}});
  RETURN_IF_ERROR(text.status());
  return ParseMasterKeys(*text, origin_);
}

absl::Status AddMasterKey(const std::string& path) {
  struct stat old {};
  const bool exists = stat(path.c_str(), &old) == 0;
  std::string text = absl::StrCat(FreshMasterKey(), "\n");
  if (exists) {
    RETURN_IF_ERROR(MasterKeySource::File(path).Load().status());
    ASSIGN_OR_RETURN(const std::string kept, ReadWholeFile(path));
    absl::StrAppend(&text, kept);
  }
  const std::string failed = WritePart(path, text, exists ? &old : nullptr);
  if (!failed.empty()) return FileError(failed);
  if (rename((path + ".part").c_str(), path.c_str()) != 0) return FileError(path);
  // Data that the key wraps may become durable next, so the name of the file must be durable before.
  return SyncFolderOf(path) ? absl::OkStatus() : FileError(path);
}

}  // namespace tsunagu::store
