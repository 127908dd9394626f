#ifndef TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_
#define TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// Returns whether only this machine can reach the address: loopback, or "unix:/run/tsunagu.sock".
bool IsLocalAddress(absl::string_view address);

// Returns whether a process listens on that Unix socket. Binding would silently take the socket away from it.
bool SomebodyListens(absl::string_view address);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_
