#include "common/rpc/in_process_server.h"

#include "common/rpc/grpc_exchange.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"

namespace tsunagu::rpc {
namespace {

constexpr int kMetadataBytes =
    16 * 1024;  // our limit is 8 KB and gives a reason; this one is for calls that never get so far
constexpr int kMostMessageBytes = 4 << 20;
constexpr int kThreads = 64;
constexpr size_t kMemoryBytes = 512 << 20;  // for gRPC's buffers

void SetLimits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("tsunagu");
  quota.SetMaxThreads(kThreads).Resize(kMemoryBytes);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
}

}  // namespace

InProcessServer::InProcessServer(const Router& router)
    : router_(router),
      watch_(metrics::Registry::Process().Gauge("tsunagu_calls_in_flight",
                                                "Calls in progress, waiting streams included", {},
                                                [this] { return in_flight(); })) {}

InProcessServer::~InProcessServer() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<InProcessServer>> InProcessServer::Start(const Router& router) {
  std::unique_ptr<InProcessServer> server(new InProcessServer(router));
  const Router::Options& limits = router.options();
  server->in_flight_.Open({limits.max_in_flight, limits.request_bytes, limits.answer_bytes});
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(server.get());
  SetLimits(builder);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::InternalError("gRPC does not start");
  return server;
}

std::shared_ptr<grpc::Channel> InProcessServer::Channel() { return server_->InProcessChannel({}); }

grpc::ServerGenericBidiReactor* InProcessServer::CreateReactor(grpc::GenericCallbackServerContext* context) {
  return GrpcExchange::Start(router_, in_flight_, *context);
}

void InProcessServer::Stop(absl::Duration grace) {
  MutexLock lock(mutex_);
  if (stopped_ || server_ == nullptr) return;
  stopped_ = true;
  in_flight_.Drain();
  in_flight_.Close();
  // gRPC ends in-process calls at once when their server shuts down.
  in_flight_.WaitUntilEmpty(Deadline::After(grace));
  server_->Shutdown(absl::ToChronoTime(Clock::System().Now()));
  in_flight_.WaitUntilEmpty();
}

}  // namespace tsunagu::rpc
