#include "common/host/host.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/access/policy.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/rpc/reflection.h"
#include "common/store/open.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {
namespace {

bool IsMysql(const HostConfig& config) { return absl::StartsWith(config.database, "mysql://"); }

// A file per service, or a schema per service: <prefix>_registry.
std::string DatabaseOf(const HostConfig& config, const std::string& service) {
  if (!IsMysql(config)) return absl::StrCat(config.data_dir, "/", service, ".db");
  const size_t query = config.database.find('?');
  return absl::StrCat(config.database.substr(0, query), "_", service,
                      query == std::string::npos ? "" : config.database.substr(query));
}

absl::StatusOr<std::vector<const ServiceKind*>> Chosen(const HostConfig& config, absl::Span<const ServiceKind> kinds) {
  std::vector<const ServiceKind*> chosen;
  std::vector<std::string> known;
  for (const ServiceKind& kind : kinds) {
    known.push_back(kind.name);
    const bool wanted = config.services.empty() || absl::c_linear_search(config.services, kind.name);
    if (wanted) chosen.push_back(&kind);
  }
  for (const std::string& name : config.services) {
    if (!absl::c_linear_search(known, name)) {
      return absl::InvalidArgumentError(absl::StrCat("サービス「", name, "」はありません。/ There is no service ", name,
                                                     ". Services: ", absl::StrJoin(known, ", ")));
    }
  }
  return chosen;
}

absl::Status FileError(absl::string_view path) {
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
}

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return FileError(path);
  std::string key((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return std::string(absl::StripAsciiWhitespace(key));
}

// A name is durable when its folder is.
absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return FileError(folder);
  const bool synced = fsync(file) == 0;
  close(file);
  return synced ? absl::OkStatus() : FileError(folder);
}

// Durable before anybody is told of it, readable by its owner only.
absl::Status WriteKeyFile(const std::string& path, absl::string_view key) {
  const std::string part = path + ".part";
  const int file = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return FileError(part);
  const std::string line = absl::StrCat(key, "\n");
  const bool written = write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(file) == 0;
  Failpoint("admin_key.before_rename");
  if (close(file) != 0 || !written || rename(part.c_str(), path.c_str()) != 0) return FileError(path);
  Failpoint("admin_key.after_rename");
  return SyncFolderOf(path);
}

// Gives the caller the grant, if it has it not yet, and the key.
absl::Status KeepKey(Service& service, const KeyRequest& request, const std::string& secret) {
  const store::Actor actor{"operator", "", "", "keys/create", "", access::Scope::Everything()};
  platform::v1::ApiKey key;
  return service.store().Change(
      actor, Clock::System().Now() + absl::Seconds(30), {secret}, key, [&](store::Tx& tx) -> absl::Status {
        tx.KeepNoAnswer();
        if (!records::IsWellFormedId(request.principal)) return FailAt("principal", reason::REASON_MALFORMED_ID);
        if (access::IsReservedId(request.principal)) {
          return FailAt("principal", reason::REASON_KEY_UNAVAILABLE);
        }
        RETURN_IF_ERROR(service.access().CheckGrant(tx, request.role, request.scope));
        store::Table& principals = service.access().principals();
        ASSIGN_OR_RETURN(const store::Record before,
                         principals.FindBy(tx, *principals.schema().name_field(), request.principal));
        platform::v1::Principal principal;
        if (before != nullptr) principal.CopyFrom(*before);
        const bool has = absl::c_any_of(principal.grants(), [&](const platform::v1::Grant& grant) {
          return grant.role() == request.role && grant.scope() == request.scope && !grant.has_valid_to_date();
        });
        if (!has) {
          platform::v1::Grant& grant = *principal.add_grants();
          grant.set_role(request.role);
          grant.set_scope(request.scope);
        }
        RETURN_IF_ERROR(before == nullptr ? principals.Insert(tx, request.principal, principal)
                                          : principals.Update(tx, *before, principal));
        key.Clear();
        key.set_principal(request.principal);
        if (request.valid_for < absl::InfiniteDuration()) {
          *key.mutable_expire_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
              absl::ToUnixMicros(Clock::System().Now() + request.valid_for));
        }
        return service.access().CreateKey(tx, key, secret);
      });
}

}  // namespace

Host::Host(HostConfig config, Environment environment)
    : config_(std::move(config)),
      environment_(environment),
      server_executor_({.threads = 4, .queued = 1024}),
      server_module_(
          "server",
          [](const rpc::Headers&) -> absl::StatusOr<access::Principal> {
            return Fail(reason::REASON_UNAUTHENTICATED);  // its methods are public
          },
          server_executor_) {}

Host::~Host() {
  if (server_ != nullptr) server_->Shutdown(absl::ZeroDuration());
  if (lock_ >= 0) close(lock_);
}

absl::Status Host::LockDataDir() {
  std::error_code error;
  std::filesystem::create_directories(config_.data_dir, error);
  if (error) return absl::UnavailableError(absl::StrCat(config_.data_dir, ": ", error.message()));
  const std::string path = absl::StrCat(config_.data_dir, "/lock");
  lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return FileError(path);
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "データフォルダー ", config_.data_dir, " は別のサーバーが使用中です。そのサーバーを止めるか、--data-dir で別のフォルダーを指定してください。\n",
      "The data folder ", config_.data_dir, " is in use by another server. Stop that one, or choose another folder with "
      "--data-dir."));
}

std::string Host::admin_key_file() const { return absl::StrCat(config_.data_dir, "/admin.key"); }

absl::Status Host::ReadAdminKey() {
  if (IsMysql(config_)) return absl::OkStatus();  // several machines share it: tsunagu keys create
  if (!std::filesystem::exists(admin_key_file())) {
    RETURN_IF_ERROR(WriteKeyFile(admin_key_file(), access::Access::NewSecret()));
  }
  ASSIGN_OR_RETURN(admin_key_, ReadKeyFile(admin_key_file()));
  if (admin_key_.size() < 20) {
    return absl::FailedPreconditionError(absl::StrCat(admin_key_file(), ": 短すぎます。削除すると新しい鍵が作られます。/ "
                                                      "too short; delete it and a new key is made"));
  }
  return absl::OkStatus();
}

absl::Status Host::ReadPeers() {
  if (!config_.peer_key_file.empty()) {
    ASSIGN_OR_RETURN(peer_key_, ReadKeyFile(config_.peer_key_file));
  }
  for (const std::string& peer : config_.peers) {
    const std::vector<std::string> parts = absl::StrSplit(peer, absl::MaxSplits('=', 1));
    if (parts.size() != 2) {
      return absl::InvalidArgumentError(absl::StrCat("--peer ", peer, ": registry=127.0.0.1:50052"));
    }
    peers_[parts[0]] = std::make_unique<rpc::Peer>(parts[0], rpc::Connect(parts[1]));
  }
  return absl::OkStatus();
}

PeerAccess Host::FindPeer(absl::string_view caller, absl::string_view name) {
  const auto found = peers_.find(std::string(name));
  if (found == peers_.end()) return {};
  return {found->second.get(), Find(name) != nullptr ? local_keys_[std::string(caller)] : peer_key_};
}

Service* Host::Find(absl::string_view name) {
  for (const auto& service : services_) {
    if (service->name() == name) return service.get();
  }
  return nullptr;
}

absl::Status Host::Open(absl::Span<const ServiceKind> kinds) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config_, kinds));
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(DatabaseOf(config_, kind->name)));
    auto& service = services_.emplace_back(std::make_unique<Service>(kind->name, std::move(database),
                                                                     *environment_.clock, *environment_.entropy));
    kind->build(*service, [this, caller = kind->name](absl::string_view name) { return FindPeer(caller, name); });
    RETURN_IF_ERROR(service->Open(/*may_migrate=*/!IsMysql(config_)));
    if (!admin_key_.empty()) service->access().AddFixed(admin_key_, access::Principal::All("admin"));
  }
  const access::ShippedRole& role = access::RoleForServices();
  for (const auto& caller : services_) {
    const std::string key = access::Access::NewSecret();
    local_keys_[caller->name()] = key;
    const access::Principal principal{
        absl::StrCat("service-", caller->name()), "",
        {{{role.permissions.begin(), role.permissions.end()}, access::Scope::Everything()}}, nullptr};
    for (const auto& called : services_) called->access().AddFixed(key, principal);
  }
  return absl::OkStatus();
}

absl::Status Host::Serve() {
  std::vector<const rpc::Module*> modules = {&server_module_};
  for (const auto& service : services_) modules.push_back(&service->module());
  health_.Bind(server_module_);
  rpc::BindReflection(server_module_, [this] { return router_->ServiceNames(); });
  rpc::Router::Options options;
  options.clock = environment_.clock;
  ASSIGN_OR_RETURN(router_, rpc::Router::Create(std::move(modules), options));
  rpc::Server::Options server;
  server.address = config_.listen;
  server.health = &health_;
  ASSIGN_OR_RETURN(server_, rpc::Server::Start(*router_, std::move(server)));
  for (const auto& service : services_) {
    peers_[service->name()] = std::make_unique<rpc::Peer>(service->name(), server_->InProcessChannel());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(HostConfig config, absl::Span<const ServiceKind> kinds,
                                                  Environment environment) {
  std::unique_ptr<Host> host(new Host(std::move(config), environment));
  RETURN_IF_ERROR(Chosen(host->config_, kinds).status());  // before anything is made
  RETURN_IF_ERROR(host->LockDataDir());
  RETURN_IF_ERROR(host->ReadAdminKey());
  RETURN_IF_ERROR(host->ReadPeers());
  RETURN_IF_ERROR(host->Open(kinds));
  RETURN_IF_ERROR(host->Serve());
  return host;
}

absl::StatusOr<std::vector<std::string>> Migrate(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                 bool apply) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  std::vector<std::string> statements;
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(DatabaseOf(config, kind->name)));
    Service service(kind->name, std::move(database), Clock::System(), Entropy::System());
    kind->build(service, [](absl::string_view) { return PeerAccess(); });
    ASSIGN_OR_RETURN(const std::vector<std::string> plan, service.store().Plan());
    for (const std::string& statement : plan) statements.push_back(absl::StrCat(kind->name, ": ", statement));
    if (apply) RETURN_IF_ERROR(service.store().Open(/*may_migrate=*/true));
  }
  return statements;
}

absl::StatusOr<std::string> CreateKey(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                      const KeyRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  const std::string secret = access::Access::NewSecret();
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::Open(DatabaseOf(config, kind->name)));
    Service service(kind->name, std::move(database), Clock::System(), Entropy::System());
    kind->build(service, [](absl::string_view) { return PeerAccess(); });
    RETURN_IF_ERROR(service.Open(/*may_migrate=*/!IsMysql(config)));
    RETURN_IF_ERROR(KeepKey(service, request, secret));
  }
  return secret;
}

void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of that write, not the end of the process
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
