#ifndef TSUNAGU_COMMON_WEB_SERVER_H_
#define TSUNAGU_COMMON_WEB_SERVER_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/rpc/health.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/router.h"
#include "common/web/door.h"
#include "common/web/listener.h"
#include "common/web/origins.h"
#include "common/web/rest/documents.h"
#include "common/web/session.h"

namespace tsunagu::web {

class Worker;

// Serves a Router over HTTP: gRPC, gRPC-Web, Connect and REST, by HTTP/2 and HTTP/1.1, with TLS or without, at one or
// several addresses. Thread-safe. The process must ignore SIGPIPE, because OpenSSL writes to connections that callers
// have closed.
class Server {
 public:
  struct Options {
    std::vector<Listener::Options> listeners = {Listener::Options()};
    rpc::Health* health = nullptr;  // notified at shutdown; may be null
    Pages pages = [](const Request&) { return std::nullopt; };
    int threads = 2;
    SessionLimits limits;
    std::vector<std::string> origins;  // whose web pages may call
  };

  // Listens on return. Errors have a text for the operator. `router` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const rpc::Router& router, Options options);
  // Shuts down without a grace period.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The address for clients on this machine: "127.0.0.1:41234".
  const std::string& address(size_t listener = 0) const { return listeners_[listener]->address(); }
  int in_flight() const { return in_flight_.count(); }
  int connections() const;

  // Refuses new calls at once. Calls in progress may finish within `grace`, then they are cancelled. Returns when no
  // handler runs any more.
  void Stop(absl::Duration grace);

 private:
  Server(const rpc::Router& router, Options options);
  absl::Status ReadContracts();
  absl::Status Listen();
  void Watch();
  void Accept();
  bool AcceptOne(Listener& listener);
  void CountClosed(CloseReason why);
  void KeepCertificates();
  double CertificateSecondsLeft() const;
  // Returns when all connections have closed.
  void WaitForConnections(Deadline deadline) const;

  const rpc::Router& router_;
  const Options options_;
  rpc::InFlight in_flight_;
  Origins origins_;
  std::unique_ptr<const HttpRules> rules_;
  std::unique_ptr<const Documents> documents_;
  Pages pages_;  // ours, then those of the options
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Door>> doors_;
  size_t turn_ = 0;  // the worker of the next connection; used by the acceptor
  int stop_ = -1;    // a file descriptor
  Mutex stopping_;
  bool stopped_ ABSL_GUARDED_BY(stopping_) = false;
  std::vector<metrics::Registry::Watch> watches_;
  std::thread acceptor_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SERVER_H_
