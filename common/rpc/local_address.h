#ifndef TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_
#define TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_

#include "absl/strings/string_view.h"

namespace tsunagu::rpc {

// Whether only this machine reaches it: loopback, or "unix:/run/tsunagu.sock".
bool IsLocalAddress(absl::string_view address);

// Whether somebody listens on that Unix socket, which binding would silently take away from them.
bool SomebodyListens(absl::string_view address);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_LOCAL_ADDRESS_H_
