#ifndef TSUNAGU_COMMON_RPC_PEER_ACCESS_H_
#define TSUNAGU_COMMON_RPC_PEER_ACCESS_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

namespace rpc {
class Peer;
}

// How one service calls another: always with its own key, on behalf of the original caller.
struct PeerAccess {
  rpc::Peer* peer = nullptr;  // null when the other service is neither in this process nor configured
  std::string api_key;
};

// Called at each call, because in the suite the other services are reachable only once the server runs.
using PeerFinder = std::function<PeerAccess(absl::string_view service)>;

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_RPC_PEER_ACCESS_H_
