#ifndef TSUNAGU_TESTS_WIRE_SERVER_H_
#define TSUNAGU_TESTS_WIRE_SERVER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/db/database.h"
#include "common/host/host.h"
#include "common/rpc/client.h"

namespace tsunagu::wire {

enum class Engine { kSqlite, kMysql };

// A caller: a server, a key, and the metadata of each call. Can be copied; the server must outlive it.
class Caller {
 public:
  Caller(rpc::Peer& peer, std::string api_key) : peer_(&peer) { options_.api_key = std::move(api_key); }

  Caller For(std::string purpose) const {
    Caller other = *this;
    other.options_.purpose = std::move(purpose);
    return other;
  }
  Caller WithoutPurpose() const { return For(""); }
  Caller In(Language language) const {
    Caller other = *this;
    other.options_.language = language;
    return other;
  }
  Caller OnBehalfOf(std::string principal) const {
    Caller other = *this;
    other.options_.on_behalf_of = std::move(principal);
    return other;
  }

  // `method` is "registry.v1.AreaService/GetArea".
  template <class Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request) const {
    return peer_->Unary<Response>(absl::StrCat("tsunagu.", method), request, options_);
  }
  absl::Status CallUntyped(absl::string_view method, const google::protobuf::Message& request,
                           google::protobuf::Message& response) const {
    return peer_->UnaryUntyped(absl::StrCat("tsunagu.", method), request, response, options_);
  }
  std::unique_ptr<rpc::PeerStream> Stream(absl::string_view method) const {
    return peer_->Stream(absl::StrCat("tsunagu.", method), options_);
  }
  Caller Noting(std::map<std::string, std::string>& notes) const {
    Caller other = *this;
    other.options_.notes = &notes;
    return other;
  }
  const rpc::CallOptions& options() const { return options_; }

 private:
  rpc::Peer* peer_;
  rpc::CallOptions options_;
};

// One process of the suite within the test: a folder, on MySQL schemas of its own (empty, possibly reused from another
// test), and a Host that can be stopped and restarted on them.
class Server {
 public:
  struct Options {
    std::vector<std::string> services;  // empty: registry and matching
    std::vector<std::string> peers;
    std::string peer_key_file;
    std::vector<ServiceKind> kinds;  // services to run instead of Kinds(), on the same tables
    bool more_tables = false;        // they have additional tables, which are created first
  };
  // Starts the server; a failure fails the test.
  Server(Engine engine, const Clock& clock, Entropy& entropy, Options options);
  Server(Engine engine, const Clock& clock) : Server(engine, clock, Entropy::System(), Options()) {}
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void Stop();
  // Returns the error if it cannot start.
  absl::Status Start();
  void Restart();

  Host& host() { return *host_; }
  store::Database& database(absl::string_view service);
  // Marks the schemas as changed by the test, so that they are not reused.
  void Spoil() { spoilt_ = true; }
  const HostConfig& config() const { return config_; }
  HostConfig& config() { return config_; }
  // The master key of all tests on MySQL; on SQLite each server creates its own.
  static constexpr char kMasterKey[] = "0000000000000000000000000000000000000000000000000000000000000001";
  static absl::Span<const ServiceKind> Kinds();

  // Returns a caller with all permissions; its key is in memory only, so it exists on both engines.
  Caller admin() { return CallerWith(kAdminKey); }
  // For code that makes calls through a peer itself.
  PeerAccess registry() { return {peer_.get(), kAdminKey}; }
  Caller CallerWith(std::string api_key) { return Caller(*peer_, std::move(api_key)); }
  std::shared_ptr<grpc::Channel> channel();

 private:
  static constexpr char kAdminKey[] = "tsunagu_key_of_the_tests_admin";
  const Clock& clock_;
  Entropy& entropy_;
  const std::vector<ServiceKind> kinds_;
  HostConfig config_;
  std::string prefix_;  // of the schemas; empty on SQLite
  bool spoilt_ = false;
  std::unique_ptr<Host> host_;
  std::unique_ptr<rpc::Peer> peer_;
};

// Returns the only number in the first row of a constant query.
int64_t Count(store::Database& database, absl::string_view sql, absl::Span<const store::Value> parameters = {});
// Returns the first column of every row.
std::vector<std::string> Column(store::Database& database, absl::string_view sql,
                                absl::Span<const store::Value> parameters = {});
void Execute(store::Database& database, absl::string_view sql, absl::Span<const store::Value> parameters = {});

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SERVER_H_
