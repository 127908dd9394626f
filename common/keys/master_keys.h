#ifndef TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_
#define TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

// The key that wraps all others of an installation.
struct MasterKey {
  std::string bytes;
  // Tells keys apart and says nothing about them: 16 hexadecimal digits.
  std::string id() const;
};

// One key a line, newest first, each base64 or hexadecimal of 32 bytes; empty lines and those that begin with # do not
// count. MASTER_KEY_MALFORMED names `origin` and the line, never what stands in it.
absl::StatusOr<std::vector<MasterKey>> ParseMasterKeys(absl::string_view text, const std::string& origin);

// A line for a key file: a fresh key.
std::string FreshMasterKey();

// Where the master keys come from: a file, which may change while the process runs, or text that was given once.
class MasterKeySource {
 public:
  static MasterKeySource File(std::string path) { return MasterKeySource(std::move(path), ""); }
  // `origin` is what to call it in messages: TSUNAGU_MASTER_KEY.
  static MasterKeySource Text(std::string origin, std::string text) {
    return MasterKeySource(std::move(origin), std::move(text));
  }

  // MASTER_KEY_MISSING where there is no such file, FILE_NOT_READABLE.
  absl::StatusOr<std::vector<MasterKey>> Load() const;
  const std::string& origin() const { return origin_; }

 private:
  MasterKeySource(std::string origin, std::string text) : origin_(std::move(origin)), text_(std::move(text)) {}

  std::string origin_;
  std::string text_;  // empty: origin_ is a file
};

// Puts a fresh key in front of those in the file, which is made where there is none: whole and durable when this
// returns. A new file is its owner's only; an old one stays whose it is. MASTER_KEY_MALFORMED,
// FILE_NOT_READABLE.
absl::Status AddMasterKey(const std::string& path);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_KEYS_MASTER_KEYS_H_
