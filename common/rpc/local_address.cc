#include "common/rpc/local_address.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace tsunagu::rpc {

bool IsLocalAddress(absl::string_view address) {
  for (const char* prefix : {"127.", "localhost:", "[::1]:", "unix:"}) {
    if (absl::StartsWith(address, prefix)) return true;
  }
  return false;
}

bool SomebodyListens(absl::string_view address) {
  if (!absl::ConsumePrefix(&address, "unix:")) return false;
  absl::ConsumePrefix(&address, "//");
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (address.size() >= sizeof(name.sun_path)) return false;
  std::memcpy(name.sun_path, address.data(), address.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const bool listens = ::connect(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
  ::close(socket);
  return listens;
}

}  // namespace tsunagu::rpc
