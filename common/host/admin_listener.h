#ifndef TSUNAGU_COMMON_HOST_ADMIN_LISTENER_H_
#define TSUNAGU_COMMON_HOST_ADMIN_LISTENER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace tsunagu {

// The HTTP listener for operators: GET /metrics, and nothing else. It requires no key, so it listens on loopback unless
// the operator states that strangers cannot reach it.
class AdminListener {
 public:
  struct Options {
    std::string address;         // "127.0.0.1:9464", "[::1]:9464"; port 0 takes a free one
    bool trust_network = false;  // permits addresses other than loopback
  };

  // Listens on return. Errors: INVALID_ARGUMENT, UNAVAILABLE; their text is for the operator.
  static absl::StatusOr<std::unique_ptr<AdminListener>> Start(const Options& options);
  ~AdminListener();

  // The address with the port that was assigned.
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
