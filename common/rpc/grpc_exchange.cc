#include "common/rpc/grpc_exchange.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/headers.h"
#include "common/rpc/wire.h"

namespace tsunagu::rpc {

grpc::ServerGenericBidiReactor* GrpcExchange::Start(const Router& router, InFlight& in_flight,
                                                    grpc::GenericCallbackServerContext& context) {
  std::shared_ptr<GrpcExchange> exchange(new GrpcExchange(router, in_flight, context));
  exchange->self_ = exchange;
  context.AddInitialMetadata(kCorrelationHeader, exchange->call().correlation_id);
  const Metadata& metadata = context.client_metadata();
  const absl::Duration timeout = absl::FromChrono(context.deadline()) - Clock::System().Now();
  exchange->Begin(
      {context.method(), SizeOf(metadata), metadata.size(), ReadHeaders(metadata), timeout, context.peer(), {}});
  return exchange.get();
}

// Without a socket, gRPC 1.51 may lose a message that is sent together with the status, so it is sent separately.
GrpcExchange::GrpcExchange(const Router& router, InFlight& in_flight, grpc::GenericCallbackServerContext& context)
    : Exchange(router, in_flight, {.sends_together = false, .keeps_callers_deadline = true}), context_(context) {}

void GrpcExchange::OnDone() {
  Exchange::OnDone();
  const std::shared_ptr<Exchange> self = std::move(self_);  // the last reference, unless a task still runs
}

void GrpcExchange::WriteAndEnd() {
  AddNotes();
  StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
}

void GrpcExchange::End(grpc::Status told) {
  AddNotes();
  Finish(std::move(told));
}

void GrpcExchange::AddNotes() {
  for (const auto& [name, value] : call().notes) context_.AddTrailingMetadata(name, value);
}

absl::StatusOr<int64_t> GrpcExchange::Weigh(const google::protobuf::Descriptor& type) { return rpc::Weigh(in_, type); }

absl::Status GrpcExchange::Decode(google::protobuf::Message& message) {
  const absl::Status decoded = rpc::Decode(in_, message);
  in_.Clear();
  return decoded;
}

absl::StatusOr<size_t> GrpcExchange::Encode(const google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(out_, rpc::Encode(message));
  return out_.Length();
}

}  // namespace tsunagu::rpc
