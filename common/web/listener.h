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

// An address that connections come in by, and how many of them there may be. Thread-safe, except for Stop.
class Listener {
 public:
  struct Options {
    std::string address = "127.0.0.1:0";  // or "[::]:443", or "unix:/run/tsunagu/web.sock"
    TlsFiles tls;                         // without certificates: plain, on loopback and Unix sockets only
    std::string flag = "--web-listen";    // how an operator chooses the address
    int connections = 1024;               // at a time
    int connections_of_address = 64;      // of another machine
  };
  struct Arrived {
    int descriptor = -1;
    std::string peer;     // "ipv4:192.0.2.7:41234"
    std::string address;  // "192.0.2.7"; empty on this machine, where all have one
  };

  // Listens on return. What is wrong is told in words for the operator.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(Options options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // What a client of this machine connects to: "127.0.0.1:41234".
  const std::string& address() const { return address_; }
  int descriptor() const { return descriptor_; }
  // Null where it is plain.
  Tls* tls() const { return tls_.get(); }
  int connections() const { return connected_; }

  // Does not wait. UNAVAILABLE where nobody is there, RESOURCE_EXHAUSTED while the machine has no file descriptor left.
  absl::StatusOr<Arrived> Accept() const;
  // False where it is one too many. Each that enters has to leave.
  bool Enter(const Arrived& arrived);
  void Leave(const std::string& address);
  // Who comes now is refused by the machine.
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
