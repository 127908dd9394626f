#ifndef TSUNAGU_COMMON_RPC_PEER_NAME_H_
#define TSUNAGU_COMMON_RPC_PEER_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// By what strangers are told apart, of what gRPC calls a peer: the address, so that nobody becomes many by opening many
// connections; on this machine, where all have one address, the connection ("ipv4:127.0.0.1:41234").
std::string PeerName(absl::string_view peer);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_PEER_NAME_H_
