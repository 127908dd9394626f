#ifndef TSUNAGU_COMMON_HOST_HOST_H_
#define TSUNAGU_COMMON_HOST_HOST_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/mutex.h"
#include "common/rpc/peer_access.h"
#include "grpcpp/channel.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu {

class Service;

// The configuration of a process. Flags, variables TSUNAGU_… and keys of a configuration file have the same meaning.
struct HostConfig {
  std::string data_dir = "data";
  std::string listen = "127.0.0.1:50051";
  // "sqlite" (a file per service in the data folder) or mysql://user@host:port/prefix (a schema <prefix>_<service>).
  std::string database = "sqlite";
  std::vector<std::string> services;  // empty: all that the binary contains
  std::vector<std::string> peers;     // registry=127.0.0.1:50052
  std::string peer_key_file;          // the key with which peers are called
  std::string jwt_issuers;      // file of the issuers whose tokens are accepted; see TrustedIssuers. Empty: no issuers
  std::string peer_ca;          // the authorities of the peers' certificates; empty: calls use no TLS
  std::string checkpoint_dir;   // where checkpoints of the journal are written; empty: <data_dir>/checkpoints
  std::string master_key_file;  // master keys, newest first; see MasterKeysOf
  std::string master_keys;      // the same as text: TSUNAGU_MASTER_KEY, never a flag, because other users can see flags
  std::vector<std::string> key_backup_days;  // see KeyBackups
  std::string keys_database;                 // empty: beside the data; else a folder or mysql://user@host:port/prefix
  std::string log_format = "auto";           // "json", "text"; auto: text on a terminal
  std::string log_level = "info";            // "debug", "info", "warning", "error"
  int workers = 64;                          // threads of each service, at most one per connection to MySQL
  int queue = 1024;                          // calls that may wait for a thread
  int max_in_flight = 4096;                  // calls in progress in the whole process
  int streams_per_caller = 32;               // open at a time, per service
  int slow_client_seconds = 60;              // how long a client may take to accept an answer
  bool trust_clock = false;                  // start even when the journal contains later times
  // The HTTP address for callers: gRPC, Connect, gRPC-Web, REST. Empty: no such listener.
  std::string web_listen;
  std::string web_tls_cert, web_tls_key, web_client_ca;  // files in PEM
  std::string web_origins;                               // origins whose web pages may call, separated by commas
  int web_connections = 1024;                            // at a time, in total
  int web_connections_per_address = 64;                  // per address of another machine
  std::string admin_listen;                              // for /metrics; empty: no such listener
  bool admin_trust_network = false;                      // even when other machines can reach it
};

// A service that a binary can run.
struct ServiceKind {
  std::string name;
  // Adds resources and binds methods.
  std::function<void(Service&, PeerFinder)> build;
};

class FolderLock;
class TrustedIssuers;

// One process: the chosen services behind one server, with health and reflection. In the suite, services call each
// other in process, through the same pipeline as all callers.
class Host {
 public:
  struct Environment {
    const Clock* clock = &Clock::System();
    Entropy* entropy = &Entropy::System();
  };

  // Everything is running on return. Errors have a text for the operator. Locks the data folder.
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostConfig config, absl::Span<const ServiceKind> kinds,
                                                     Environment environment);
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostConfig config, absl::Span<const ServiceKind> kinds) {
    return Start(std::move(config), kinds, Environment());
  }
  ~Host();

  const std::string& address() const;
  // Empty when there is no such listener.
  std::string web_address() const;
  std::string admin_address() const;
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // The content of DIR/admin.key, created at the first start with mode 0600. Empty with a MySQL database.
  const std::string& admin_key() const { return admin_key_; }
  std::string admin_key_file() const;
  Service* Find(absl::string_view name);

  // Sets NOT_SERVING and refuses new calls at once. Calls in progress may finish within `grace`.
  void Stop(absl::Duration grace);

 private:
  Host(HostConfig config, Environment environment);
  absl::Status ReadAdminKey();
  absl::Status Open(absl::Span<const ServiceKind> kinds);
  absl::Status Serve();
  absl::Status ReadPeers();
  absl::Status ServeWeb();
  void StopServing(absl::Duration grace);
  PeerAccess FindPeer(absl::string_view caller, absl::string_view name);

  const HostConfig config_;
  const Environment environment_;
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<TrustedIssuers> issuers_;  // null when there are none; the services refer to it
  std::string admin_key_;
  std::string peer_key_;  // for services in other processes
  // Background work begins while other services are still being opened.
  Mutex mutex_;
  std::map<std::string, std::string> local_keys_ ABSL_GUARDED_BY(mutex_);  // by calling service, within this process
  struct Way {
    std::unique_ptr<rpc::Peer> peer;
    bool within = false;  // in this process
  };
  std::map<std::string, Way> peers_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;  // outbox calls wait for the next start
  std::vector<std::unique_ptr<Service>> services_;
  struct Front;  // the router, the servers and the listeners
  const std::unique_ptr<Front> front_;
};

struct Migration {
  std::vector<std::string> steps;  // "registry: ALTER TABLE …"
  std::vector<absl::Status>
      refusals;  // SCHEMA_DIFFERS: differences that no step corrects, and with which no server starts
};
// Creates missing tables, columns and indexes of every chosen service. Without `apply` it changes nothing.
absl::StatusOr<Migration> Migrate(const HostConfig& config, absl::Span<const ServiceKind> kinds, bool apply);

// A request for a key, made while the servers run: for the first key of a MySQL installation, and for peers.
struct KeyRequest {
  std::string principal;
  std::string role;
  std::string scope = "*";
  absl::Duration valid_for = absl::InfiniteDuration();
  // Instead of a key: an additional identity of the caller.
  absl::optional<platform::v1::Identity> identity;
};
// Returns the key, which is valid in every chosen service within seconds; it is not shown anywhere else. Empty when the
// request has an identity instead.
absl::StatusOr<std::string> CreateKey(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                      const KeyRequest& request);

// Blocks until SIGTERM or SIGINT; a second signal ends the process at once. Call BlockSignals() before any thread
// starts.
void BlockSignals();
void WaitForSignal();

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_HOST_H_
