#ifndef TSUNAGU_TESTS_PROCESS_SERVER_H_
#define TSUNAGU_TESTS_PROCESS_SERVER_H_

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/rpc/client.h"
#include "tests/process/process.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::process {

// A server of ours in its production configuration.
class ServerProcess {
 public:
  struct Options {
    std::vector<std::string> command = {"tsunagu-registry"};  // the binary's name and the arguments before its flags
    std::vector<std::string> flags;                           // in addition to --data-dir and --listen
    std::map<std::string, std::string> environment;
    std::string api_key;  // empty: the key in admin.key
    std::string listen = "127.0.0.1:0";
    std::string working_folder;
    bool may_not_listen = false;  // it is expected to end, perhaps before it listens
    bool admin_listener = false;  // for Metrics()
    bool web_listener = false;    // for web_address()
  };

  // Waits until the server listens. A failure fails the test unless the server is expected to end.
  ServerProcess(std::string data_dir, Options options);
  explicit ServerProcess(std::string data_dir) : ServerProcess(std::move(data_dir), Options()) {}

  Process& process() { return process_; }
  bool listens() const { return peer_ != nullptr; }
  const std::string& address() const { return address_; }
  const std::string& api_key() const { return api_key_; }
  // The address of the admin listener: "127.0.0.1:41234".
  const std::string& admin_address() const { return admin_address_; }
  // The address of the HTTP listener: "127.0.0.1:41234".
  const std::string& web_address() const { return web_address_; }
  // Return the metrics for Prometheus. Calls are counted after their answer; SettledMetrics waits until no call is in
  // progress.
  std::string Metrics() const;
  std::string SettledMetrics() const;
  std::shared_ptr<grpc::Channel> channel() { return channel_; }

  // `method` is "registry.v1.AreaService/GetArea". Sent once: an error is the server's answer.
  template <class Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request) {
    return peer_->Unary<Response>(absl::StrCat("tsunagu.", method), request, call_options());
  }
  std::unique_ptr<rpc::PeerStream> Stream(absl::string_view method) {
    return peer_->Stream(absl::StrCat("tsunagu.", method), call_options());
  }
  rpc::CallOptions call_options() const;
  // For other calls; it retries by itself.
  rpc::Peer& peer() { return *peer_; }

 private:
  Process process_;
  std::string address_;
  std::string web_address_;
  std::string admin_address_;
  std::string api_key_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<rpc::Peer> peer_;
};

// An error as a caller sees it: (UNAVAILABLE, DATABASE_UNAVAILABLE).
using Refusal = std::pair<absl::StatusCode, std::string>;
Refusal RefusalOf(const absl::Status& status);

// The records that these tests write are facilities: any id, one required field.
inline constexpr char kCreateFacility[] = "registry.v1.FacilityService/CreateFacility";
registry::v1::CreateFacilityRequest FacilityRequest(const std::string& id);

// Return the number of a facility's revisions in the journal, and the number of facilities.
int RevisionCount(ServerProcess& server, const std::string& name);
int FacilityCount(ServerProcess& server);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_SERVER_H_
