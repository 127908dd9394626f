#ifndef TSUNAGU_COMMON_WEB_LISTENER_H_
#define TSUNAGU_COMMON_WEB_LISTENER_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/web/tls.h"

namespace tsunagu::web {

// An address that accepts connections, and their limits. Thread-safe, except for Stop.
class Listener {
 public:
  struct Options {
    std::string address = "127.0.0.1:0";  // or "[::]:443", or "unix:/run/tsunagu/web.sock"
    TlsFiles tls;                         // without certificates: plain, only on loopback and Unix sockets
    std::string flag = "--web-listen";    // the flag by which an operator chooses the address
    int connections = 1024;               // maximum at a time
    int connections_of_address = 64;      // maximum per address of another machine
  };
  struct Arrived {
    int descriptor = -1;
    std::string peer;     // "ipv4:192.0.2.7:41234"
    std::string address;  // "192.0.2.7"; empty for this machine, whose clients all have the same address
  };

  // Listens on return. Errors have a text for the operator.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(Options options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The address for clients on this machine: "127.0.0.1:41234".
  const std::string& address() const { return address_; }
  int descriptor() const { return descriptor_; }
  // Null for plain connections.
  Tls* tls() const { return tls_.get(); }
  int connections() const { return connected_; }

  // Does not wait. Errors: UNAVAILABLE when no connection is waiting, RESOURCE_EXHAUSTED while the machine has no free
  // file descriptor.
  absl::StatusOr<Arrived> Accept() const;
  // Counts a connection; returns false when it exceeds a limit. Each Enter that returns true needs a Leave.
  bool Enter(const Arrived& arrived);
  void Leave(const std::string& address);
  // From now on the machine refuses new connections.
  void Stop();

 private:
  explicit Listener(Options options) : options_(std::move(options)) {}
  absl::Status Listen();

  const Options options_;
  std::unique_ptr<Tls> tls_;
  std::string address_;
  int descriptor_ = -1;
  std::atomic<int> connected_{0};
  Mutex mutex_;
  std::map<std::string, int> of_address_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_LISTENER_H_
