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

// What a process is told: flags, variables TSUNAGU_… and keys of a configuration file say the same things.
struct HostConfig {
  std::string data_dir = "data";
  std::string listen = "127.0.0.1:50051";
  // "sqlite" (a file per service in the data folder) or mysql://user@host:port/prefix (a schema <prefix>_<service>).
  std::string database = "sqlite";
  std::vector<std::string> services;  // empty: all that the binary holds
  std::vector<std::string> peers;     // registry=127.0.0.1:50052
  std::string peer_key_file;          // the key with which peers are called
  std::string jwt_issuers;            // file of the issuers whose tokens are taken; see TrustedIssuers. Empty: nobody's
  std::string peer_ca;                // who has signed their certificates; empty: they are called without TLS
  std::string checkpoint_dir;         // where checkpoints of the journal are written; empty: <data_dir>/checkpoints
  std::string master_key_file;        // master keys, newest first; see MasterKeysOf
  std::string master_keys;            // the same as text: TSUNAGU_MASTER_KEY, never a flag, which everybody can see
  std::vector<std::string> key_backup_days;  // see KeyBackups
  std::string keys_database;                 // empty: beside the data; else a folder or mysql://user@host:port/prefix
  std::string log_format = "auto";           // "json", "text"; auto: text on a terminal
  std::string log_level = "info";            // "debug", "info", "warning", "error"
  int workers = 64;                          // threads of each service, at most one for each connection to MySQL
  int queue = 1024;                          // calls that may wait for one of them
  int max_in_flight = 4096;                  // calls in progress in the whole process
  int streams_per_caller = 32;               // open at a time, of each service
  int slow_client_seconds = 60;              // how long a client may leave an answer untaken
  bool trust_clock = false;                  // start also where the journal holds later times
  // HTTP for callers: gRPC, Connect, gRPC-Web, REST. Empty: nowhere.
  std::string web_listen;
  std::string web_tls_cert, web_tls_key, web_client_ca;  // files in PEM
  std::string web_origins;                               // whose web pages may call, with commas
  int web_connections = 1024;                            // at a time, of all
  int web_connections_per_address = 64;                  // of another machine
  std::string admin_listen;                              // for /metrics; empty: nowhere
  bool admin_trust_network = false;                      // also where other machines can reach it
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
// other in process, through the same pipeline as everybody else.
class Host {
 public:
  struct Environment {
    const Clock* clock = &Clock::System();
    Entropy* entropy = &Entropy::System();
  };

  // Everything is up on return; an error's text is for the operator. Locks the data folder.
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostConfig config, absl::Span<const ServiceKind> kinds,
                                                     Environment environment);
  static absl::StatusOr<std::unique_ptr<Host>> Start(HostConfig config, absl::Span<const ServiceKind> kinds) {
    return Start(std::move(config), kinds, Environment());
  }
  ~Host();

  const std::string& address() const;
  // Empty where there is no such listener.
  std::string web_address() const;
  std::string admin_address() const;
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // DIR/admin.key: made at the first start, mode 0600. Empty with a MySQL database.
  const std::string& admin_key() const { return admin_key_; }
  std::string admin_key_file() const;
  Service* Find(absl::string_view name);

  // NOT_SERVING at once, no new calls; those in progress have `grace` to finish.
  void Shutdown(absl::Duration grace);

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
  std::unique_ptr<TrustedIssuers> issuers_;  // null: none; the services refer to it
  std::string admin_key_;
  std::string peer_key_;  // for services elsewhere
  // Work that was left over begins while the others are still being opened.
  Mutex mutex_;
  std::map<std::string, std::string> local_keys_ ABSL_GUARDED_BY(mutex_);  // by calling service, within this process
  struct Way {
    std::unique_ptr<rpc::Peer> peer;
    bool within = false;  // this process
  };
  std::map<std::string, Way> peers_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;  // what is owed waits for the next start
  std::vector<std::unique_ptr<Service>> services_;
  struct Front;  // what calls come in by
  const std::unique_ptr<Front> front_;
};

struct Migration {
  std::vector<std::string> steps;      // "registry: ALTER TABLE …"
  std::vector<absl::Status> refusals;  // SCHEMA_DIFFERS: what no step puts right, and no server serves with
};
// Creates missing tables, columns and indexes of every chosen service; without `apply` it changes nothing.
absl::StatusOr<Migration> Migrate(const HostConfig& config, absl::Span<const ServiceKind> kinds, bool apply);

// A key for somebody, made beside the running servers: the first one of a MySQL installation, those of peers.
struct KeyRequest {
  std::string principal;
  std::string role;
  std::string scope = "*";
  absl::Duration valid_for = absl::InfiniteDuration();
  // Instead of a key: what the caller is known by from now on, beside what it is known by already.
  absl::optional<platform::v1::Identity> identity;
};
// The key, good in every chosen service within seconds; it is shown here and nowhere else. Empty where the caller is
// known by something else.
absl::StatusOr<std::string> CreateKey(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                      const KeyRequest& request);

// Blocks until SIGTERM or SIGINT; a second one ends the process at once. Call BlockSignals() before any thread starts.
void BlockSignals();
void WaitForSignal();

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_HOST_H_
