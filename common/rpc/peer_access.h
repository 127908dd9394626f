#ifndef TSUNAGU_COMMON_RPC_PEER_ACCESS_H_
#define TSUNAGU_COMMON_RPC_PEER_ACCESS_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

namespace rpc {
class Peer;
}

// How one service reaches another: always with its own key, in the name of whoever called it.
struct PeerAccess {
  rpc::Peer* peer = nullptr;  // null where the other is neither in this process nor configured
  std::string api_key;
};

// Asked at each call: in the suite, the way to the others exists only once the server runs.
using PeerFinder = std::function<PeerAccess(absl::string_view service)>;

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_RPC_PEER_ACCESS_H_
