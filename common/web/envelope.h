#ifndef TSUNAGU_COMMON_WEB_ENVELOPE_H_
#define TSUNAGU_COMMON_WEB_ENVELOPE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

// The framing that gRPC, gRPC-Web and the streams of Connect share: a byte of flags and the length precede each
// message.
namespace tsunagu::web {

inline constexpr uint8_t kCompressedFlag = 1;

// Removes the first envelope from `body` and returns its message. Errors: COMPRESSED_MESSAGE; MESSAGE_TOO_LARGE as soon
// as the length is known; MALFORMED_MESSAGE when the message ends too early or has unknown flags.
absl::StatusOr<std::optional<std::string>> CutEnvelope(std::string& body, bool over);

std::string Envelope(uint8_t flags, absl::string_view bytes);
// Returns an envelope with a message as protobuf bytes.
absl::StatusOr<std::string> EncodeInEnvelope(const google::protobuf::Message& message);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_ENVELOPE_H_
