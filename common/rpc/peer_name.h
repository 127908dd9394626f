#ifndef TSUNAGU_COMMON_RPC_PEER_NAME_H_
#define TSUNAGU_COMMON_RPC_PEER_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// Returns the name that identifies an unauthenticated caller, from gRPC's peer: the address, so that nobody becomes
// many callers by opening many connections. On this machine, where all have the same address, it is the connection
// ("ipv4:127.0.0.1:41234").
std::string PeerName(absl::string_view peer);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_PEER_NAME_H_
