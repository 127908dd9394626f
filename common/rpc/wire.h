#ifndef TSUNAGU_COMMON_RPC_WIRE_H_
#define TSUNAGU_COMMON_RPC_WIRE_H_

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace tsunagu::rpc {

// Replaces `message` with what the bytes say; they stay. INVALID_UTF8 with the path of the first string that is not,
// MALFORMED_MESSAGE for anything else.
absl::Status Decode(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

absl::StatusOr<grpc::ByteBuffer> Encode(const google::protobuf::Message& message);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_WIRE_H_
