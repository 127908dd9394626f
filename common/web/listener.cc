#include "common/web/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/rpc/local_address.h"

namespace tsunagu::web {
namespace {

constexpr int kWaiting = 1024;  // connections that are not accepted yet

// Returns a listening socket, or -1.
int Listening(int family, const sockaddr* name, socklen_t size) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int yes = 1;
  if (family != AF_UNIX) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (::bind(fd, name, size) == 0 && ::listen(fd, kWaiting) == 0) return fd;
  ::close(fd);
  return -1;
}

// Listens on "127.0.0.1:443", "[::]:443" or a host's name.
int ListenTcp(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return -1;
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (getaddrinfo(host.empty() ? nullptr : host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) return -1;
  const absl::Cleanup free = [&] { freeaddrinfo(found); };
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const int fd = Listening(one->ai_family, one->ai_addr, one->ai_addrlen);
    if (fd >= 0) return fd;
  }
  return -1;
}

int ListenUnix(absl::string_view path, const std::string& address) {
  absl::ConsumePrefix(&path, "//");
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof(name.sun_path) || rpc::SomebodyListens(address)) return -1;
  std::memcpy(name.sun_path, path.data(), path.size());
  struct stat there = {};
  const bool is_socket = ::lstat(name.sun_path, &there) == 0 && S_ISSOCK(there.st_mode);
  if (is_socket) ::unlink(name.sun_path);  // left by a killed process; any other file means a mistyped name
  return Listening(AF_UNIX, reinterpret_cast<const sockaddr*>(&name), sizeof(name));
}

int PortOf(int fd) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  if (name.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
  return 0;
}

Listener::Arrived From(int fd, const sockaddr_storage& name) {
  char text[INET6_ADDRSTRLEN] = "";
  if (name.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(name);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof(text));
    return {fd, absl::StrCat("ipv4:", text, ":", ntohs(four.sin_port)), absl::StartsWith(text, "127.") ? "" : text};
  }
  if (name.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(name);
    inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof(text));
    Listener::Arrived arrived{fd, absl::StrCat("ipv6:[", text, "]:", ntohs(six.sin6_port)), text};
    if (IN6_IS_ADDR_LOOPBACK(&six.sin6_addr)) arrived.address.clear();
    if (arrived.address.empty() || IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return arrived;
    // A caller with IPv6 has a network of 64 bits, so the network is counted.
    in6_addr network = six.sin6_addr;
    std::memset(network.s6_addr + 8, 0, 8);
    arrived.address = inet_ntop(AF_INET6, &network, text, sizeof(text));
    return arrived;
  }
  return {fd, "unix:", ""};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(Options options) {
  std::unique_ptr<Listener> listener(new Listener(std::move(options)));
  RETURN_IF_ERROR(listener->Listen());
  return listener;
}

Listener::~Listener() { Stop(); }

absl::Status Listener::Listen() {
  const std::string& address = options_.address;
  const TlsFiles& files = options_.tls;
  if (files.certificates.size() != files.keys.size() || (files.certificates.empty() && !files.client_ca.empty())) {
    return absl::InvalidArgumentError(
        "--web-tls-cert と --web-tls-key は、同じ数だけ両方指定してください（--web-client-ca はその両方と一緒に）。\n"
        "give --web-tls-cert and --web-tls-key together, as many of the one as of the other, and --web-client-ca only "
        "with both.");
  }
  if (!files.certificates.empty()) {
    ASSIGN_OR_RETURN(tls_, Tls::Open(files));
  } else if (!rpc::IsLocalAddress(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat(address,
                     " ではTLSなしで待ち受けません（ほかのマシンから届くため）。--web-listen に --web-tls-cert と "
                     "--web-tls-key を付けて指定するか、127.0.0.1 かUnixソケットにしてください。\n",
                     "will not listen on ", address,
                     " without TLS: other machines could reach it. Use --web-listen with --web-tls-cert and "
                     "--web-tls-key, or choose 127.0.0.1 or a Unix socket."));
  }
  absl::string_view path = address;
  const bool by_path = absl::ConsumePrefix(&path, "unix:");
  descriptor_ = by_path ? ListenUnix(path, address) : ListenTcp(address);
  if (descriptor_ < 0) {
    return absl::UnavailableError(
        absl::StrCat(address, " で待ち受けられません。ほかのプログラムが使っているか、",
                     by_path ? "ソケットではないファイルがあるか、" : "", "許可されていません。", options_.flag,
                     " で変えられます。\ncannot listen on ", address, ": another program does, ",
                     by_path ? "a file that is no socket is there, " : "", "or it is not permitted. Choose with ",
                     options_.flag, "."));
  }
  address_ = by_path ? address : absl::StrCat(address.substr(0, address.rfind(':')), ":", PortOf(descriptor_));
  return absl::OkStatus();
}

absl::StatusOr<Listener::Arrived> Listener::Accept() const {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  const int fd = ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&name), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    const bool out_of = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
    return out_of ? absl::ResourceExhaustedError("") : absl::UnavailableError("");
  }
  const int yes = 1;
  if (name.ss_family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  return From(fd, name);
}

bool Listener::Enter(const Arrived& arrived) {
  if (connected_ >= options_.connections) return false;
  MutexLock lock(mutex_);
  if (!arrived.address.empty()) {
    int& count = of_address_[arrived.address];
    if (count >= options_.connections_of_address) return false;
    ++count;
  }
  ++connected_;
  return true;
}

void Listener::Leave(const std::string& address) {
  MutexLock lock(mutex_);
  --connected_;
  const auto found = of_address_.find(address);
  if (found != of_address_.end() && --found->second == 0) of_address_.erase(found);
}

void Listener::Stop() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace tsunagu::web
