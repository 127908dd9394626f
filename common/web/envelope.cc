#include "common/web/envelope.h"

#include "common/base/error.h"
#include "common/web/form.h"

namespace tsunagu::web {
namespace {

constexpr size_t kPrefix = 5;

void WritePrefix(uint8_t flags, size_t size, char* to) {
  to[0] = static_cast<char>(flags);
  for (int i = 0; i < 4; ++i) to[1 + i] = static_cast<char>(size >> (8 * (3 - i)));
}

size_t LengthOf(absl::string_view prefix) {
  size_t length = 0;
  for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<uint8_t>(prefix[1 + i]);
  return length;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> CutEnvelope(std::string& body, bool over) {
  if (body.size() < kPrefix) {
    if (over && !body.empty()) return Fail("MALFORMED_MESSAGE"_reason);
    return std::nullopt;
  }
  const auto flags = static_cast<uint8_t>(body[0]);
  if ((flags & kCompressedFlag) != 0) return Fail("COMPRESSED_MESSAGE"_reason);
  if (flags != 0) return Fail("MALFORMED_MESSAGE"_reason);
  const size_t length = LengthOf(body);
  if (length > kMostMessageBytes) return Fail("MESSAGE_TOO_LARGE"_reason);
  if (body.size() < kPrefix + length) {
    if (over) return Fail("MALFORMED_MESSAGE"_reason);
    return std::nullopt;
  }
  std::string message = body.substr(kPrefix, length);
  body.erase(0, kPrefix + length);
  return message;
}

std::string Envelope(uint8_t flags, absl::string_view bytes) {
  std::string enveloped(kPrefix, '\0');
  WritePrefix(flags, bytes.size(), enveloped.data());
  enveloped.append(bytes.data(), bytes.size());
  return enveloped;
}

absl::StatusOr<std::string> EncodeInEnvelope(const google::protobuf::Message& message) {
  const size_t size = message.ByteSizeLong();
  if (size > INT32_MAX) return absl::InternalError("an answer over 2 GiB");
  std::string enveloped(kPrefix + size, '\0');
  WritePrefix(0, size, enveloped.data());
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(enveloped.data() + kPrefix));
  return enveloped;
}

}  // namespace tsunagu::web
