#ifndef TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_
#define TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

// The key that wraps all other keys of an installation.
struct MasterKey {
  std::string bytes;
  // Returns 16 hexadecimal digits that identify the key and disclose nothing about it.
  std::string id() const;
};

// Reads one key per line, newest first, each 32 bytes in base64 or hexadecimal. Empty lines and lines that begin with #
// are ignored. Errors: MASTER_KEY_MALFORMED, which names `origin` and the line, never its content.
absl::StatusOr<std::vector<MasterKey>> ParseMasterKeys(absl::string_view text, const std::string& origin);

// Returns a line for a key file, with a fresh key.
std::string FreshMasterKey();

// The source of the master keys: a file, which may change while the process runs, or a fixed text.
class MasterKeySource {
 public:
  static MasterKeySource File(std::string path) { return MasterKeySource(std::move(path), ""); }
  // `origin` names the source in messages: TSUNAGU_MASTER_KEY.
  static MasterKeySource Text(std::string origin, std::string text) {
    return MasterKeySource(std::move(origin), std::move(text));
  }

  // Errors: MASTER_KEY_MISSING when the file does not exist, FILE_NOT_READABLE.
  absl::StatusOr<std::vector<MasterKey>> Load() const;
  const std::string& origin() const { return origin_; }

 private:
  MasterKeySource(std::string origin, std::string text) : origin_(std::move(origin)), text_(std::move(text)) {}

  std::string origin_;
  std::string text_;  // empty: origin_ is the path of a file
};

// Adds a fresh key before the keys of the file, which is created when it does not exist. On return the file is complete
// and durable. Only its owner may read a new file; the owner of an existing file stays the same. Errors:
// MASTER_KEY_MALFORMED, FILE_NOT_READABLE.
absl::Status AddMasterKey(const std::string& path);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_
