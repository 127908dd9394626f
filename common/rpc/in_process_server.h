#ifndef TSUNAGU_COMMON_RPC_IN_PROCESS_SERVER_H_
#define TSUNAGU_COMMON_RPC_IN_PROCESS_SERVER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/router.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"

namespace tsunagu::rpc {

// Serves a Router to callers in this process, through gRPC's own server without a socket. Thread-safe.
class InProcessServer final : private grpc::CallbackGenericService {
 public:
  // `router` must outlive the server.
  static absl::StatusOr<std::unique_ptr<InProcessServer>> Start(const Router& router);
  // Shuts down without a grace period.
  ~InProcessServer() override;
  InProcessServer(const InProcessServer&) = delete;
  InProcessServer& operator=(const InProcessServer&) = delete;

  std::shared_ptr<grpc::Channel> Channel();
  int in_flight() const { return in_flight_.count(); }

  // Refuses new calls at once. Streams that wait for news end with SHUTTING_DOWN; other calls may finish within
  // `grace`, then they are cancelled. Returns when no handler runs any more. Only the first call has an effect.
  void Stop(absl::Duration grace);

 private:
  explicit InProcessServer(const Router& router);
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

  const Router& router_;
  InFlight in_flight_;
  std::unique_ptr<grpc::Server> server_;
  const metrics::Registry::Watch watch_;
  Mutex mutex_;  // serializes Stop
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_IN_PROCESS_SERVER_H_
