#ifndef TSUNAGU_TESTS_WIRE_RAW_CALL_H_
#define TSUNAGU_TESTS_WIRE_RAW_CALL_H_

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/status.h"
#include "common/rpc/wire.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"

namespace tsunagu::wire {

// Makes a unary call with exactly this metadata, as a foreign client does.
inline absl::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                            const google::protobuf::Message& request,
                            const std::vector<std::pair<std::string, std::string>>& metadata) {
  grpc::ClientContext context;
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  grpc::GenericStub stub(channel);
  const auto sent = rpc::Encode(request);
  if (!sent.ok()) return sent.status();
  grpc::ByteBuffer received;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, "/tsunagu." + method, {}, &*sent, &received,
                 [&](grpc::Status how) { ended.set_value(std::move(how)); });
  const grpc::Status status = ended.get_future().get();
  return status.ok() ? absl::OkStatus() : rpc::FromGrpc(status);
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_RAW_CALL_H_
