#include "common/web/server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/local_address.h"
#include "common/web/rest/rest.h"
#include "common/web/worker.h"

namespace tsunagu::web {
namespace {

constexpr int kWaiting = 1024;  // connections that nobody has accepted yet
constexpr absl::Duration kLook = absl::Seconds(2);  // for new certificates

absl::Status CannotListen(const std::string& address) {
  return absl::UnavailableError(
      absl::StrCat(address, " で待ち受けられません。ほかのプログラムが使っているか、許可されていません。--web-listen で変えられます。\n",
                   "cannot listen on ", address,
                   ": another program does, or it is not permitted. Choose with --web-listen."));
}

// "127.0.0.1:443", "[::]:443" or a host's name.
absl::StatusOr<int> ListenTcp(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return CannotListen(address);
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (getaddrinfo(host.empty() ? nullptr : host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) {
    return CannotListen(address);
  }
  const absl::Cleanup free = [&] { freeaddrinfo(found); };
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const int fd = ::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    const int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (::bind(fd, one->ai_addr, one->ai_addrlen) == 0 && ::listen(fd, kWaiting) == 0) return fd;
    ::close(fd);
  }
  return CannotListen(address);
}

absl::StatusOr<int> ListenUnix(absl::string_view path, const std::string& address) {
  absl::ConsumePrefix(&path, "//");
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof(name.sun_path) || rpc::SomebodyListens(address)) return CannotListen(address);
  std::memcpy(name.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  ::unlink(name.sun_path);  // left by one that was killed
  if (fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0 &&
      ::listen(fd, kWaiting) == 0) {
    return fd;
  }
  if (fd >= 0) ::close(fd);
  return CannotListen(address);
}

int PortOf(int fd) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  if (name.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
  return 0;
}

struct Peer {
  std::string name;     // "ipv4:192.0.2.7:41234"
  std::string address;  // "192.0.2.7"; empty on this machine, where all have one
};

Peer PeerOf(const sockaddr_storage& name) {
  char text[INET6_ADDRSTRLEN] = "";
  if (name.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(name);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof(text));
    return {absl::StrCat("ipv4:", text, ":", ntohs(four.sin_port)), absl::StartsWith(text, "127.") ? "" : text};
  }
  if (name.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(name);
    inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof(text));
    if (IN6_IS_ADDR_LOOPBACK(&six.sin6_addr)) return {absl::StrCat("ipv6:[", text, "]:", ntohs(six.sin6_port)), ""};
    // A caller of IPv6 has a whole network of 64 bits: the network counts.
    in6_addr network = six.sin6_addr;
    std::memset(network.s6_addr + 8, 0, 8);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
    Peer peer{absl::StrCat("ipv6:[", text, "]:", ntohs(six.sin6_port)), text};
    if (!mapped) peer.address = inet_ntop(AF_INET6, &network, text, sizeof(text));
    return peer;
  }
  return {"unix:", ""};
}

}  // namespace

Server::Server(const rpc::Router& router, Options options) : router_(router), options_(std::move(options)) {}

Server::~Server() {
  Shutdown(absl::ZeroDuration());
  if (listening_ >= 0) ::close(listening_);
  if (stop_ >= 0) ::close(stop_);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const rpc::Router& router, Options options) {
  std::unique_ptr<Server> server(new Server(router, std::move(options)));
  RETURN_IF_ERROR(server->ReadContracts());
  RETURN_IF_ERROR(server->Listen());
  return server;
}

absl::Status Server::ReadContracts() {
  ASSIGN_OR_RETURN(HttpRules rules, RulesOf(router_));
  rules_ = std::make_unique<const HttpRules>(std::move(rules));
  documents_ = std::make_unique<const Documents>(router_, *rules_);
  pages_ = [this](const Request& request) {
    std::optional<Page> page = documents_->Find(request);
    return page.has_value() ? std::move(page) : options_.pages(request);
  };
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  const std::string& address = options_.address;
  const TlsFiles& files = options_.tls;
  if (files.certificates.empty() != files.key.empty() || (files.certificates.empty() && !files.client_ca.empty())) {
    return absl::InvalidArgumentError(
        "--web-tls-cert と --web-tls-key は、両方指定してください（--web-client-ca はその両方と一緒に）。\n"
        "give --web-tls-cert and --web-tls-key together, and --web-client-ca only with both.");
  }
  if (!files.certificates.empty()) {
    ASSIGN_OR_RETURN(tls_, Tls::Open(options_.tls));
  } else if (!rpc::IsLocalAddress(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat(address, " ではTLSなしで待ち受けません（ほかの機械から届くため）。--web-tls-cert と --web-tls-key を指定するか、127.0.0.1 かUnixソケットにしてください。\n",
                     "will not listen on ", address,
                     " without TLS: other machines could reach it. Give --web-tls-cert and --web-tls-key, or choose "
                     "127.0.0.1 or a Unix socket."));
  }
  absl::string_view path = address;
  const bool by_path = absl::ConsumePrefix(&path, "unix:");
  ASSIGN_OR_RETURN(listening_, by_path ? ListenUnix(path, address) : ListenTcp(address));
  address_ = by_path ? address : absl::StrCat(address.substr(0, address.rfind(':')), ":", PortOf(listening_));
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  const rpc::Router::Options& limits = router_.options();
  in_flight_.Open({limits.max_in_flight, limits.request_bytes, limits.answer_bytes});
  auto& registry = metrics::Registry::Process();
  watches_.push_back(registry.Gauge("tsunagu_calls_in_flight", "Calls in progress, waiting streams included", {},
                                    [this] { return in_flight(); }));
  watches_.push_back(
      registry.Gauge("tsunagu_web_connections", "Connections of the web listener", {}, [this] { return connections(); }));
  if (tls_ != nullptr) {
    watches_.push_back(registry.Gauge(
        "tsunagu_web_certificate_seconds_left", "Until the certificate of the web listener ends", {},
        [this] { return absl::ToDoubleSeconds(tls_->expires() - Clock::System().Now()); }));
  }
  for (int i = 0; i < options_.threads; ++i) {
    auto& worker = workers_.emplace_back(
        std::make_unique<Worker>(options_.limits, [this](CloseReason why) { CountClosed(why); }));
    doors_.push_back(std::make_unique<Door>(router_, *rules_, in_flight_, *worker, pages_));
    worker->SetFront(*doors_.back());
    worker->Start();
  }
  acceptor_ = std::thread([this] { Accept(); });
  return absl::OkStatus();
}

void Server::Accept() {
  size_t turn = 0;
  pollfd watched[] = {{listening_, POLLIN, 0}, {stop_, POLLIN, 0}};
  Deadline look = Deadline::After(kLook);
  while (true) {
    ::poll(watched, 2, static_cast<int>(absl::ToInt64Milliseconds(kLook)));
    if (tls_ != nullptr && look.Over()) {
      KeepCertificates();
      look = Deadline::After(kLook);
    }
    if (watched[1].revents != 0) return;
    sockaddr_storage name = {};
    socklen_t size = sizeof(name);
    const int fd = ::accept4(listening_, reinterpret_cast<sockaddr*>(&name), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      // No file descriptor is left: the connection waits until one is.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) ::poll(watched + 1, 1, 50);
      continue;
    }
    const Peer peer = PeerOf(name);
    if (!Enter(peer.address)) {
      ::close(fd);
      CountClosed("connections");
      continue;
    }
    const int yes = 1;
    if (name.ss_family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    workers_[turn++ % workers_.size()]->Take(fd, tls_ != nullptr ? tls_->NewSession() : nullptr, peer.name,
                                             [this, address = peer.address] { Leave(address); });
  }
}

bool Server::Enter(const std::string& address) {
  if (connected_ >= options_.connections) return false;
  MutexLock lock(mutex_);
  if (!address.empty()) {
    int& count = of_address_[address];
    if (count >= options_.connections_of_address) return false;
    ++count;
  }
  ++connected_;
  return true;
}

void Server::Leave(const std::string& address) {
  MutexLock lock(mutex_);
  --connected_;
  const auto found = of_address_.find(address);
  if (found != of_address_.end() && --found->second == 0) of_address_.erase(found);
}

void Server::CountClosed(CloseReason why) {
  if (why == nullptr) return;
  metrics::Registry::Process()
      .CounterOf("tsunagu_web_closed_total", "Connections that the web listener closed, by reason", {{"reason", why}})
      .Add();
}

void Server::KeepCertificates() {
  if (const absl::Status refreshed = tls_->Refresh(); !refreshed.ok()) {
    log::Line(log::Level::kError, "tls_files").Add("text", log::Harmless(refreshed.message())).Write();
  }
}

void Server::Shutdown(absl::Duration grace) {
  MutexLock lock(stopping_);
  if (stopped_ || !acceptor_.joinable()) return;
  stopped_ = true;
  const Deadline deadline = Deadline::After(grace);
  const uint64_t one = 1;
  if (::write(stop_, &one, sizeof(one)) < 0) return;
  acceptor_.join();
  if (options_.health != nullptr) options_.health->Drain();  // first: whoever watches still hears of it
  in_flight_.Drain();
  for (const auto& worker : workers_) worker->Drain();
  in_flight_.WaitUntilEmpty(deadline);
  for (const auto& worker : workers_) worker->CloseAll();
  in_flight_.WaitUntilEmpty();
  for (const auto& worker : workers_) worker->Stop();
}

}  // namespace tsunagu::web
