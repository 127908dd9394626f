#ifndef TSUNAGU_COMMON_WEB_ENVELOPE_H_
#define TSUNAGU_COMMON_WEB_ENVELOPE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

// What gRPC, gRPC-Web and the streams of Connect have in common: each message behind a byte of flags and its length.
namespace tsunagu::web {

inline constexpr uint8_t kCompressedFlag = 1;

// The message behind the first envelope, cut off `body`. COMPRESSED_MESSAGE, MESSAGE_TOO_LARGE as soon as its length
// says so, MALFORMED_MESSAGE where it ends too early or has flags that nobody knows.
absl::StatusOr<std::optional<std::string>> CutEnvelope(std::string& body, bool over);

std::string Envelope(uint8_t flags, absl::string_view bytes);
// Of a message as protobuf bytes.
absl::StatusOr<std::string> EncodeInEnvelope(const google::protobuf::Message& message);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_ENVELOPE_H_
