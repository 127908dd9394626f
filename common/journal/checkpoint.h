#ifndef TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_
#define TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

// A signed statement of how a service's chain stood. As one line of a file:
//   tsunagu-checkpoint-1 <service> <place> <known time, µs> <hash> <public key> <signature>
// the last three in base64. Ed25519 signs everything in front of the signature. Whoever keeps such a line elsewhere
// can prove later that nothing in front of it was changed.
struct Checkpoint {
  std::string service;
  int64_t place = 0;
  int64_t known_time = 0;
  std::string hash;
  std::string public_key;
  std::string signature;

  // `seed` is the private key, 32 bytes.
  void Sign(absl::string_view seed);
  bool Verify() const;

  std::string ToLine() const;
  // INVALID_ARGUMENT where the line is none.
  static absl::StatusOr<Checkpoint> Parse(absl::string_view line);

 private:
  std::string Signed() const;
};

// A file of checkpoints, one a line, the newest last.
// All of them; a last line that a crash has cut is left out. Empty where there is no file. CHECKPOINT_MALFORMED where a
// line is none, FILE_NOT_READABLE.
absl::StatusOr<std::vector<Checkpoint>> ReadCheckpoints(const std::string& path);
// Durable on return.
absl::Status AppendCheckpoint(const std::string& path, const Checkpoint& checkpoint);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_
