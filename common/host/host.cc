#include "common/host/host.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/access/access.h"
#include "common/access/policy.h"
#include "common/base/executor.h"
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/status_macros.h"
#include "common/host/admin_listener.h"
#include "common/host/data_folder.h"
#include "common/host/databases.h"
#include "common/host/journals.h"
#include "common/host/keys.h"
#include "common/host/trusted_issuers.h"
#include "common/host/words.h"
#include "common/keys/key_backups.h"
#include "common/platform/platform.h"
#include "common/records/store.h"
#include "common/rpc/client.h"
#include "common/rpc/health.h"
#include "common/rpc/in_process_server.h"
#include "common/rpc/reflection.h"
#include "common/rpc/router.h"
#include "common/service/service.h"
#include "common/web/server.h"
#include "common/work/outbox.h"

namespace tsunagu {
namespace {

Executor::Limits WorkersOf(const HostConfig& config, const store::Database& database) {
  const int threads = std::min(config.workers, database.most_at_once());
  return {static_cast<size_t>(threads), static_cast<size_t>(config.queue)};
}

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string key, ReadWholeFile(path));
  return std::string(absl::StripAsciiWhitespace(key));
}

std::vector<std::string> Listed(const std::string& list) { return absl::StrSplit(list, ',', absl::SkipEmpty()); }

// For load balancers: whether the process lives, and whether it accepts calls.
std::optional<web::Page> HealthPage(const rpc::Health& health, const web::Request& request) {
  const bool ready = request.path == "/readyz";
  if (!ready && request.path != "/healthz") return std::nullopt;
  if (request.method != "GET") return web::Refusal(Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", "GET"}}), request);
  const bool serving = !ready || health.IsServing("");
  return web::Page{serving ? 200 : 503, {{"content-type", "text/plain"}}, serving ? "ok\n" : "not serving\n", nullptr};
}

}  // namespace

struct Host::Front {
  Executor executor{{.threads = 4, .queued = 1024}};
  rpc::Health health;
  rpc::Module module{"server",
                     [](const rpc::Headers&) -> absl::StatusOr<identity::Principal> {
                       return Fail("UNAUTHENTICATED"_reason);  // its methods are public
                     },
                     executor};
  std::unique_ptr<rpc::Router> router;
  std::unique_ptr<rpc::InProcessServer> within;
  std::unique_ptr<web::Server> web;  // --listen, then --web-listen
  std::unique_ptr<AdminListener> admin;
};

Host::Host(HostConfig config, Environment environment)
    : config_(std::move(config)), environment_(environment), front_(std::make_unique<Front>()) {}

Host::~Host() {
  // They call each other through the server, and gRPC 1.51 does not survive a call to a server that was destroyed.
  for (const auto& service : services_) {
    service->access().FreezePlaces();
    service->outbox().Stop();
  }
  StopServing(absl::ZeroDuration());
}

// Calls from other processes may still need calls in process.
void Host::StopServing(absl::Duration grace) {
  const Deadline deadline = Deadline::After(grace);
  if (front_->web != nullptr) front_->web->Stop(grace);
  if (front_->within != nullptr) front_->within->Stop(deadline.Left());
}

const std::string& Host::address() const { return front_->web->address(); }
std::shared_ptr<grpc::Channel> Host::InProcessChannel() { return front_->within->Channel(); }
std::string Host::web_address() const { return config_.web_listen.empty() ? "" : front_->web->address(1); }
std::string Host::admin_address() const { return front_->admin != nullptr ? front_->admin->address() : ""; }
std::string Host::admin_key_file() const { return absl::StrCat(config_.data_dir, "/admin.key"); }

absl::Status Host::ReadAdminKey() {
  if (IsMysql(config_)) return absl::OkStatus();  // several machines share it: use tsunagu keys create
  if (!std::filesystem::exists(admin_key_file())) {
    RETURN_IF_ERROR(WriteSecretFile(admin_key_file(), access::Access::NewSecret()));
  }
  ASSIGN_OR_RETURN(admin_key_, ReadKeyFile(admin_key_file()));
  if (admin_key_.size() < 20) {
    return FailHere(
        absl::StatusCode::kFailedPrecondition, "KEY_TOO_SHORT",
        absl::StrCat(admin_key_file(), " の鍵が短すぎます。このファイルを削除すると、新しい鍵が作られます。"),
        absl::StrCat("The key in ", admin_key_file(), " is too short. Delete the file, and a new key is made."));
  }
  return absl::OkStatus();
}

absl::Status Host::ReadPeers() {
  if (!config_.peer_key_file.empty()) {
    ASSIGN_OR_RETURN(peer_key_, ReadKeyFile(config_.peer_key_file));
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (!config_.peer_ca.empty()) {
    grpc::SslCredentialsOptions options;
    ASSIGN_OR_RETURN(options.pem_root_certs, ReadWholeFile(config_.peer_ca));
    credentials = grpc::SslCredentials(options);
  }
  for (const std::string& peer : config_.peers) {
    const std::vector<std::string> parts = absl::StrSplit(peer, absl::MaxSplits('=', 1));
    if (parts.size() != 2) {
      return FailHere(absl::StatusCode::kInvalidArgument, "MALFORMED_PEER",
                      absl::StrCat("--peer ", peer, " は registry=127.0.0.1:50052 の形で指定してください。"),
                      absl::StrCat("--peer ", peer, ": write it as registry=127.0.0.1:50052."));
    }
    MutexLock lock(mutex_);
    peers_[parts[0]] = {std::make_unique<rpc::Peer>(parts[0], rpc::Connect(parts[1], credentials)), false};
  }
  return absl::OkStatus();
}

void Host::Stop(absl::Duration grace) {
  {
    MutexLock lock(mutex_);
    draining_ = true;
  }
  for (const auto& service : services_) service->access().FreezePlaces();
  StopServing(grace);
}

PeerAccess Host::FindPeer(absl::string_view caller, absl::string_view name) {
  MutexLock lock(mutex_);
  const auto found = peers_.find(std::string(name));
  if (found == peers_.end()) return {};
  return {found->second.peer.get(), found->second.within ? local_keys_[std::string(caller)] : peer_key_};
}

Service* Host::Find(absl::string_view name) {
  for (const auto& service : services_) {
    if (service->name() == name) return service.get();
  }
  return nullptr;
}

absl::Status Host::Open(absl::Span<const ServiceKind> kinds) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config_, kinds));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config_, chosen));
  ASSIGN_OR_RETURN(const std::string checkpoints, MakeCheckpointDir(config_));
  for (const ServiceKind* kind : chosen) {
    std::unique_ptr<store::Database> database = databases.Take(kind->name);
    ASSIGN_OR_RETURN(std::unique_ptr<store::Keyring> keyring,
                     OpenKeyring(config_, kind->name, *database, *environment_.clock));
    const Executor::Limits workers = WorkersOf(config_, *database);
    auto& service = services_.emplace_back(std::make_unique<Service>(
        kind->name, std::move(database), std::move(keyring), *environment_.clock, *environment_.entropy, workers));
    ASSIGN_OR_RETURN(KeyBackups backups, KeyBackups::Parse(config_.key_backup_days));
    service->SetKeyBackups(std::move(backups));
    const PeerFinder find_peer = [this, caller = kind->name](absl::string_view name) { return FindPeer(caller, name); };
    if (issuers_ != nullptr) service->access().SetIssuers(issuers_->issuers());
    kind->build(*service, find_peer);
    BindPlatform(*service);
    service->outbox().SetPeers([this, find_peer](absl::string_view name) {
      const bool draining = [this] {
        MutexLock lock(mutex_);
        return draining_;
      }();
      return draining ? PeerAccess() : find_peer(name);
    });
    RETURN_IF_ERROR(service->Open(databases.OpeningOf(kind->name), CheckpointFile(checkpoints, kind->name)));
    store::Store& store = service->store();
    RETURN_IF_ERROR(
        databases.Sign(store.database(), store.keyring().store().database(), service->name(), *environment_.clock));
    if (!admin_key_.empty()) service->access().AddFixed(admin_key_, identity::Principal::All("admin"));
  }
  for (const auto& caller : services_) {
    const std::string key = access::Access::NewSecret();
    {
      MutexLock lock(mutex_);
      local_keys_[caller->name()] = key;
    }
    for (const auto& called : services_) {
      const access::ShippedRole& role = called->access().shipped().at("service");
      called->access().AddFixed(key,
                                {absl::StrCat("service-", caller->name()),
                                 "",
                                 {{{role.permissions.begin(), role.permissions.end()}, identity::Scope::Everything()}},
                                 nullptr});
    }
  }
  return absl::OkStatus();
}

absl::Status Host::Serve() {
  std::vector<const rpc::Module*> modules = {&front_->module};
  for (const auto& service : services_) modules.push_back(&service->module());
  front_->health.Bind(front_->module);
  rpc::BindReflection(front_->module, [this] { return front_->router->ServiceNames(); });
  rpc::Router::Options options;
  options.clock = environment_.clock;
  options.max_in_flight = config_.max_in_flight;
  options.streams_of_caller = config_.streams_per_caller;
  options.slow_client = absl::Seconds(config_.slow_client_seconds);
  ASSIGN_OR_RETURN(front_->router, rpc::Router::Create(std::move(modules), options));
  if (!config_.admin_listen.empty()) {
    ASSIGN_OR_RETURN(front_->admin, AdminListener::Start({config_.admin_listen, config_.admin_trust_network}));
  }
  ASSIGN_OR_RETURN(front_->within, rpc::InProcessServer::Start(*front_->router));
  {
    MutexLock lock(mutex_);
    for (const auto& service : services_) {
      peers_[service->name()] = {std::make_unique<rpc::Peer>(service->name(), front_->within->Channel()), true};
    }
  }
  return ServeWeb();
}

absl::Status Host::ServeWeb() {
  web::Server::Options options;
  options.listeners[0].address = config_.listen;
  options.listeners[0].flag = "--listen";
  if (!config_.web_listen.empty()) {
    web::Listener::Options& elsewhere = options.listeners.emplace_back();
    elsewhere.address = config_.web_listen;
    elsewhere.tls = {Listed(config_.web_tls_cert), Listed(config_.web_tls_key), config_.web_client_ca};
  }
  for (web::Listener::Options& listener : options.listeners) {
    listener.connections = config_.web_connections;
    listener.connections_of_address = config_.web_connections_per_address;
  }
  options.origins = Listed(config_.web_origins);
  options.health = &front_->health;
  options.pages = [this](const web::Request& request) { return HealthPage(front_->health, request); };
  front_->health.Serve(*front_->router);
  ASSIGN_OR_RETURN(front_->web, web::Server::Start(*front_->router, std::move(options)));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(HostConfig config, absl::Span<const ServiceKind> kinds,
                                                  Environment environment) {
  KeepMemoryInReserve();
  std::unique_ptr<Host> host(new Host(std::move(config), environment));
  RETURN_IF_ERROR(Chosen(host->config_, kinds).status());  // before anything is made
  ASSIGN_OR_RETURN(host->lock_, FolderLock::Take(host->config_.data_dir));
  RETURN_IF_ERROR(host->ReadAdminKey());
  RETURN_IF_ERROR(host->ReadPeers());
  if (!host->config_.jwt_issuers.empty()) {
    ASSIGN_OR_RETURN(host->issuers_, TrustedIssuers::Open(host->config_.jwt_issuers));
  }
  RETURN_IF_ERROR(host->Open(kinds));
  RETURN_IF_ERROR(host->Serve());
  for (const auto& service : host->services_) service->Start();
  return host;
}

void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow gives a write error instead of ending the process
}

void WaitForSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int which = 0;
  sigwait(&signals, &which);
  std::thread([signals] {
    int again = 0;
    sigwait(&signals, &again);
    _exit(130);
  }).detach();
}

}  // namespace tsunagu
