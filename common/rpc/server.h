#ifndef TSUNAGU_COMMON_RPC_SERVER_H_
#define TSUNAGU_COMMON_RPC_SERVER_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/rpc/health.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/router.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"

namespace tsunagu::rpc {

// Serves a Router over gRPC. Thread-safe.
class Server {
 public:
  struct Options {
    std::string address = "127.0.0.1:0";  // or "unix:/run/tsunagu.sock"
    // Null: plain text, which is taken on loopback and Unix sockets only (gRPC 1.51 must not meet strangers).
    std::shared_ptr<grpc::ServerCredentials> credentials;
    // Plain text anywhere: something in front keeps strangers away.
    bool trust_network = false;
    // Says SERVING for the process, its modules and services from the start, NOT_SERVING from Shutdown. May be null.
    Health* health = nullptr;
    int max_message_bytes = 4 << 20;
    int threads = 64;
    size_t memory_bytes = 512 << 20;  // of gRPC's buffers
  };

  // Listens on return. UNAVAILABLE, naming the address, when something else does; `router` (and health) outlive it.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Router& router, Options options);
  // Shuts down without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // 0 for a Unix socket.
  int port() const { return port_; }
  // What a client of this machine connects to: "127.0.0.1:41234".
  const std::string& address() const { return address_; }
  // The same pipeline without a socket. Calls through it are served until those that came by socket have ended: the
  // one may need the other.
  std::shared_ptr<grpc::Channel> InProcessChannel();
  int in_flight() const { return outside_.in_flight.count() + inside_.in_flight.count(); }

  // NOT_SERVING and no new calls at once; streams that wait for news end with SHUTTING_DOWN; other calls have `grace`
  // to finish, then are cancelled. Returns when no handler runs any more. The first call counts. `await_others` waits for
  // calls that came by other ways: until then, those in process are served.
  void Shutdown(absl::Duration grace, absl::FunctionRef<void()> await_others = [] {});

 private:
  // gRPC ends calls in process at once when their server shuts down, hence one for each.
  struct Line : grpc::CallbackGenericService {
    Line(const Router& served, bool inside) : router(served), in_process(inside) {}
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

    const Router& router;
    const bool in_process;
    InFlight in_flight;
    std::unique_ptr<grpc::Server> server;
  };

  Server(const Router& router, Health* health);
  absl::Status Listen(const Options& options);

  Health* const health_;
  Line outside_;
  Line inside_;
  int port_ = 0;
  std::string address_;
  const metrics::Registry::Watch watch_;
  Mutex mutex_;  // one Shutdown after the other
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_SERVER_H_
