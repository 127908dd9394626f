#ifndef TSUNAGU_COMMON_RPC_WIRE_H_
#define TSUNAGU_COMMON_RPC_WIRE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace tsunagu::rpc {

// Replaces `message` with what the bytes say; they stay. INVALID_UTF8 with the path of the first string that is not,
// MALFORMED_MESSAGE for anything else.
absl::Status Decode(grpc::ByteBuffer& bytes, google::protobuf::Message& message);
absl::Status Decode(absl::string_view bytes, google::protobuf::Message& message);

// About how many bytes of memory a message of this type takes to decode, from one look over its bytes: what is nested
// and what is unknown counts, what is malformed is left to Decode. MESSAGE_GROWS_TOO_LARGE: two bytes can ask for
// hundreds.
absl::StatusOr<int64_t> Weigh(grpc::ByteBuffer& bytes, const google::protobuf::Descriptor& type);
absl::StatusOr<int64_t> Weigh(absl::string_view bytes, const google::protobuf::Descriptor& type);

absl::StatusOr<grpc::ByteBuffer> Encode(const google::protobuf::Message& message);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_WIRE_H_
