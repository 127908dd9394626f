#include "common/rpc/peer_name.h"

#include "absl/strings/match.h"

namespace tsunagu::rpc {

std::string PeerName(absl::string_view peer) {
  for (const char* here : {"ipv4:127.", "ipv6:[::1]", "ipv6:%5B::1%5D", "unix:", "inproc"}) {
    if (absl::StartsWith(peer, here)) return std::string(peer);
  }
  return std::string(peer.substr(0, peer.rfind(':')));
}

}  // namespace tsunagu::rpc
