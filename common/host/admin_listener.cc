#include "common/host/admin_listener.h"

#include <arpa/inet.h>

#include <exception>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/metrics.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"
#include "prometheus/metric_family.h"

namespace tsunagu {
namespace {

struct Endpoint {
  std::string host;  // in civetweb's form: "127.0.0.1", "[::1]"
  int port = 0;
  bool loopback = false;
};

absl::StatusOr<Endpoint> Parse(absl::string_view address) {
  const absl::Status malformed = FailHere(
      absl::StatusCode::kInvalidArgument, "MALFORMED_ADDRESS",
      absl::StrCat("--admin-listen ", address, " は 127.0.0.1:9464 のように、IPアドレスとポートで指定してください。"),
      absl::StrCat("--admin-listen ", address, ": give an IP address and a port, as in 127.0.0.1:9464."));
  const size_t colon = address.rfind(':');
  Endpoint endpoint;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &endpoint.port) ||
      endpoint.port < 0 || endpoint.port > 65535) {
    return malformed;
  }
  endpoint.host = std::string(address.substr(0, colon));
  if (endpoint.host == "localhost") endpoint.host = "127.0.0.1";
  in_addr four;
  in6_addr six;
  if (inet_pton(AF_INET, endpoint.host.c_str(), &four) == 1) {
    endpoint.loopback = absl::StartsWith(endpoint.host, "127.");
    return endpoint;
  }
  const bool bracketed = endpoint.host.size() > 2 && endpoint.host.front() == '[' && endpoint.host.back() == ']';
  if (!bracketed || inet_pton(AF_INET6, endpoint.host.substr(1, endpoint.host.size() - 2).c_str(), &six) != 1) {
    return malformed;
  }
  endpoint.loopback = IN6_IS_ADDR_LOOPBACK(&six);
  return endpoint;
}

// Small on purpose: only one program reads metrics, and a slow client occupies one of two threads.
std::vector<std::string> Limited(const Endpoint& endpoint) {
  return {"listening_ports",    absl::StrCat(endpoint.host, ":", endpoint.port),
          "num_threads",        "2",
          "request_timeout_ms", "5000",
          "max_request_size",   "8192",
          "enable_keep_alive",  "no"};
}

}  // namespace

class AdminListener::Collection : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override { return metrics::Registry::Process().Collect(); }
};

AdminListener::AdminListener() : collection_(std::make_shared<Collection>()) {}
AdminListener::~AdminListener() = default;

absl::StatusOr<std::unique_ptr<AdminListener>> AdminListener::Start(const Options& options) {
  ASSIGN_OR_RETURN(const Endpoint endpoint, Parse(options.address));
  if (!endpoint.loopback && !options.trust_network) {
    return FailHere(
        absl::StatusCode::kInvalidArgument, "ADMIN_LISTENER_NOT_LOCAL",
        absl::StrCat("--admin-listen ", options.address,
                     " にはほかのマシンから届きます。鍵を求めないため、127.0.0.1 にするか、接続元を制限したうえで "
                     "--admin-trust-network を付けてください。"),
        absl::StrCat("--admin-listen ", options.address,
                     " can be reached from other machines, and asks for no key. Choose 127.0.0.1, or keep strangers "
                     "away yourself and add --admin-trust-network."));
  }
  std::unique_ptr<AdminListener> listener(new AdminListener);
  try {
    listener->exposer_ = std::make_unique<prometheus::Exposer>(Limited(endpoint));
    listener->exposer_->RegisterCollectable(listener->collection_);
  } catch (const std::exception&) {
    return FailHere(absl::StatusCode::kUnavailable, "CANNOT_LISTEN",
                    absl::StrCat("--admin-listen ", options.address,
                                 " で待ち受けられません。ほかのプログラムが使っているか、許可されていません。"),
                    absl::StrCat("Cannot listen on ", options.address,
                                 " for --admin-listen: another program does, or it is not permitted."));
  }
  const std::vector<int> ports = listener->exposer_->GetListeningPorts();
  listener->address_ = absl::StrCat(endpoint.host, ":", ports.empty() ? endpoint.port : ports.front());
  return listener;
}

}  // namespace tsunagu
