#ifndef TSUNAGU_COMMON_RPC_WIRE_H_
#define TSUNAGU_COMMON_RPC_WIRE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace tsunagu::rpc {

// Parses the bytes into `message`, replacing its content; the bytes are kept. Errors: INVALID_UTF8 with the path of the
// first string that is not UTF-8, MALFORMED_MESSAGE otherwise.
absl::Status Decode(grpc::ByteBuffer& bytes, google::protobuf::Message& message);
absl::Status Decode(absl::string_view bytes, google::protobuf::Message& message);

// Returns about how many bytes of memory a message of this type needs when decoded, by one pass over its bytes. Nested
// messages and unknown fields count; malformed bytes are left to Decode. Errors: MESSAGE_GROWS_TOO_LARGE, because two
// bytes may need hundreds.
absl::StatusOr<int64_t> Weigh(grpc::ByteBuffer& bytes, const google::protobuf::Descriptor& type);
absl::StatusOr<int64_t> Weigh(absl::string_view bytes, const google::protobuf::Descriptor& type);

absl::StatusOr<grpc::ByteBuffer> Encode(const google::protobuf::Message& message);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_WIRE_H_
