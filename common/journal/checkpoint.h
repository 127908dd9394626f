#ifndef TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_
#define TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

// A signed statement of the state of a service's chain. As one line of a file:
//   tsunagu-checkpoint-1 <service> <place> <known time, µs> <hash> <public key> <signature>
// The last three are in base64. Ed25519 signs everything before the signature. Somebody who keeps such a line elsewhere
// can prove later that no place up to it was changed.
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
  // Errors: INVALID_ARGUMENT when the line is no checkpoint.
  static absl::StatusOr<Checkpoint> Parse(absl::string_view line);

 private:
  std::string Signed() const;
};

// A file of checkpoints has one per line, the newest last. Returns all of them; ignores a last line that a crash has
// cut. Empty when the file does not exist. Errors: CHECKPOINT_MALFORMED when a line is no checkpoint,
// FILE_NOT_READABLE.
absl::StatusOr<std::vector<Checkpoint>> ReadCheckpoints(const std::string& path);
// The checkpoint is durable on return.
absl::Status AppendCheckpoint(const std::string& path, const Checkpoint& checkpoint);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_CHECKPOINT_H_
