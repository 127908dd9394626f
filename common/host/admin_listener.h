#ifndef TSUNAGU_COMMON_HOST_ADMIN_LISTENER_H_
#define TSUNAGU_COMMON_HOST_ADMIN_LISTENER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace tsunagu {

// HTTP for those who run the server: GET /metrics, and nothing else. It asks for no key, therefore it listens on
// loopback unless somebody says that strangers cannot reach it.
class AdminListener {
 public:
  struct Options {
    std::string address;         // "127.0.0.1:9464", "[::1]:9464"; port 0 takes a free one
    bool trust_network = false;  // addresses other than loopback too
  };

  // Listens on return. INVALID_ARGUMENT, UNAVAILABLE: the text is for the operator.
  static absl::StatusOr<std::unique_ptr<AdminListener>> Start(const Options& options);
  ~AdminListener();

  // Where it listens, with the port it got.
  const std::string& address() const { return address_; }

 private:
  class Collection;
  AdminListener();

  std::shared_ptr<Collection> collection_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::string address_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_ADMIN_LISTENER_H_
