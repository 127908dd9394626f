#ifndef TSUNAGU_COMMON_RPC_GRPC_EXCHANGE_H_
#define TSUNAGU_COMMON_RPC_GRPC_EXCHANGE_H_

#include <memory>

#include "common/rpc/exchange.h"
#include "grpcpp/generic/async_generic_service.h"

namespace tsunagu::rpc {

// A call within this process, transported by gRPC's own server.
class GrpcExchange final : public Exchange, public grpc::ServerGenericBidiReactor {
 public:
  // gRPC owns the returned reactor until OnDone.
  static grpc::ServerGenericBidiReactor* Start(const Router& router, InFlight& in_flight,
                                               grpc::GenericCallbackServerContext& context);

  void OnReadDone(bool ok) override { Exchange::OnReadDone(ok, !ok && context_.IsCancelled()); }
  void OnWriteDone(bool ok) override { Exchange::OnWriteDone(ok); }
  void OnCancel() override { Exchange::OnCancel(); }
  void OnDone() override;

 private:
  GrpcExchange(const Router& router, InFlight& in_flight, grpc::GenericCallbackServerContext& context);

  void Read() override { StartRead(&in_); }
  void Write() override { StartWrite(&out_); }
  void WriteAndEnd() override;
  void End(grpc::Status told) override;
  void CutOff() override { context_.TryCancel(); }
  size_t MessageBytes() override { return in_.Length(); }
  absl::StatusOr<int64_t> Weigh(const google::protobuf::Descriptor& type) override;
  absl::Status Decode(google::protobuf::Message& message) override;
  absl::StatusOr<size_t> Encode(const google::protobuf::Message& message) override;
  void AddNotes();

  grpc::GenericCallbackServerContext& context_;  // valid until OnDone
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  std::shared_ptr<Exchange> self_;  // keeps this object alive until OnDone
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_GRPC_EXCHANGE_H_
