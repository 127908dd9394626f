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

// Serves a Router over HTTP: gRPC, gRPC-Web, Connect and REST, by HTTP/2 and HTTP/1.1, with TLS or without, at one
// address or several. Thread-safe. The process ignores SIGPIPE: OpenSSL writes to connections that callers have closed.
class Server {
 public:
  struct Options {
    std::vector<Listener::Options> listeners = {Listener::Options()};
    rpc::Health* health = nullptr;  // is told when it shuts down; may be null
    Pages pages = [](const Request&) { return std::nullopt; };
    int threads = 2;
    SessionLimits limits;
    std::vector<std::string> origins;  // whose web pages may call
  };

  // Listens on return. What is wrong is told in words for the operator. `router` outlives it.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const rpc::Router& router, Options options);
  // Shuts down without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What a client of this machine connects to: "127.0.0.1:41234".
  const std::string& address(size_t listener = 0) const { return listeners_[listener]->address(); }
  int in_flight() const { return in_flight_.count(); }
  int connections() const;

  // No new calls at once; those in progress have `grace`, then are cancelled. Returns when no handler runs any more.
  void Shutdown(absl::Duration grace);

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
  // Returns when all have gone.
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
  size_t turn_ = 0;  // whose is the next connection; the acceptor's
  int stop_ = -1;    // a file descriptor
  Mutex stopping_;
  bool stopped_ ABSL_GUARDED_BY(stopping_) = false;
  std::vector<metrics::Registry::Watch> watches_;
  std::thread acceptor_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SERVER_H_
