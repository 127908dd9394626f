#include "common/web/server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/web/rest/rest.h"
#include "common/web/worker.h"
#include "google/protobuf/stubs/logging.h"

namespace tsunagu::web {
namespace {

constexpr absl::Duration kLook = absl::Seconds(2);                                  // for new certificates
constexpr absl::Duration kHearing = absl::Seconds(2), kLeaving = absl::Seconds(3);  // at the end, for all callers

}  // namespace

Server::Server(const rpc::Router& router, Options options) : router_(router), options_(std::move(options)) {}

Server::~Server() {
  Stop(absl::ZeroDuration());
  if (stop_ >= 0) ::close(stop_);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const rpc::Router& router, Options options) {
  // protobuf's messages about a caller's bytes are the caller's fault, and would fill the log.
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel, const char*, int, const std::string& text) {
    log::Line(log::Level::kDebug, "protobuf").Add("text", log::Harmless(text)).Write();
  });
  std::unique_ptr<Server> server(new Server(router, std::move(options)));
  ASSIGN_OR_RETURN(server->origins_, Origins::Of(server->options_.origins));
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
  for (const Listener::Options& options : options_.listeners) {
    ASSIGN_OR_RETURN(std::unique_ptr<Listener> listener, Listener::Open(options));
    listeners_.push_back(std::move(listener));
  }
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  const rpc::Router::Options& limits = router_.options();
  in_flight_.Open({limits.max_in_flight, limits.request_bytes, limits.answer_bytes});
  Watch();
  for (int i = 0; i < options_.threads; ++i) {
    auto& worker =
        workers_.emplace_back(std::make_unique<Worker>(options_.limits, [this](CloseReason why) { CountClosed(why); }));
    doors_.push_back(std::make_unique<Door>(router_, *rules_, in_flight_, *worker, pages_, origins_));
    worker->SetFront(*doors_.back());
    worker->Start();
  }
  acceptor_ = std::thread([this] { Accept(); });
  return absl::OkStatus();
}

void Server::Watch() {
  auto& registry = metrics::Registry::Process();
  watches_.push_back(registry.Gauge("tsunagu_calls_in_flight", "Calls in progress, waiting streams included", {},
                                    [this] { return in_flight(); }));
  watches_.push_back(
      registry.Gauge("tsunagu_web_connections", "Connections of callers", {}, [this] { return connections(); }));
  const bool tls =
      std::any_of(listeners_.begin(), listeners_.end(), [](const auto& one) { return one->tls() != nullptr; });
  if (!tls) return;
  watches_.push_back(registry.Gauge("tsunagu_web_certificate_seconds_left",
                                    "Until the certificate that ends first ends", {},
                                    [this] { return CertificateSecondsLeft(); }));
}

int Server::connections() const {
  int all = 0;
  for (const auto& listener : listeners_) all += listener->connections();
  return all;
}

double Server::CertificateSecondsLeft() const {
  absl::Time expires = absl::InfiniteFuture();
  for (const auto& listener : listeners_) {
    if (listener->tls() != nullptr) expires = std::min(expires, listener->tls()->expires());
  }
  return absl::ToDoubleSeconds(expires - Clock::System().Now());
}

void Server::Accept() {
  std::vector<pollfd> watched = {{stop_, POLLIN, 0}};
  for (const auto& listener : listeners_) watched.push_back({listener->descriptor(), POLLIN, 0});
  Deadline look = Deadline::After(kLook);
  while (true) {
    ::poll(watched.data(), watched.size(), static_cast<int>(absl::ToInt64Milliseconds(kLook)));
    if (look.Over()) {
      KeepCertificates();
      look = Deadline::After(kLook);
    }
    if (watched[0].revents != 0) return;
    bool out_of_files = false;
    for (const auto& listener : listeners_) out_of_files |= !AcceptOne(*listener);
    if (out_of_files) ::poll(watched.data(), 1, 50);
  }
}

// Returns false when no file descriptor is free: the connection waits until one is.
bool Server::AcceptOne(Listener& listener) {
  const absl::StatusOr<Listener::Arrived> arrived = listener.Accept();
  if (!arrived.ok()) return absl::IsUnavailable(arrived.status());
  if (!listener.Enter(*arrived)) {
    ::close(arrived->descriptor);
    CountClosed("connections");
    return true;
  }
  Worker& worker = *workers_[turn_++ % workers_.size()];
  worker.Take(arrived->descriptor, listener.tls() != nullptr ? listener.tls()->NewSession() : nullptr, arrived->peer,
              [&listener, address = arrived->address] { listener.Leave(address); });
  return true;
}

void Server::CountClosed(CloseReason why) {
  if (why == nullptr) return;
  metrics::Registry::Process()
      .CounterOf("tsunagu_web_closed_total", "Connections that the server closed, by reason", {{"reason", why}})
      .Add();
}

void Server::KeepCertificates() {
  for (const auto& listener : listeners_) {
    const absl::Status refreshed = listener->tls() != nullptr ? listener->tls()->Refresh() : absl::OkStatus();
    if (refreshed.ok()) continue;
    const absl::string_view both = refreshed.message();  // Japanese, then English
    const absl::string_view english = both.substr(both.rfind('\n') + 1);
    log::Line(log::Level::kError, "tls_files").Add("text", log::Harmless(english)).Write();
  }
}

void Server::WaitForConnections(Deadline deadline) const {
  while (connections() > 0 && !deadline.Over()) absl::SleepFor(absl::Milliseconds(2));
}

void Server::Stop(absl::Duration grace) {
  MutexLock lock(stopping_);
  if (stopped_ || !acceptor_.joinable()) return;
  stopped_ = true;
  const Deadline deadline = Deadline::After(grace);
  const uint64_t one = 1;
  if (::write(stop_, &one, sizeof(one)) < 0) return;
  acceptor_.join();
  if (options_.health != nullptr) options_.health->Drain();  // first, so that watchers are still notified
  for (const auto& listener : listeners_) listener->Stop();
  in_flight_.Drain();
  for (const auto& worker : workers_) worker->Drain();
  // Callers send until they are notified: calls sent by then are answered.
  WaitForConnections(std::min(deadline, Deadline::After(kHearing)));
  in_flight_.Close();
  in_flight_.WaitUntilEmpty(deadline);
  WaitForConnections(std::min(deadline, Deadline::After(kLeaving)));  // answers are sent
  for (const auto& worker : workers_) worker->CloseAll();
  in_flight_.WaitUntilEmpty();
  for (const auto& worker : workers_) worker->Stop();
}

}  // namespace tsunagu::web
