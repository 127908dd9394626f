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

// A server of ours as its operator starts it.
class ServerProcess {
 public:
  struct Options {
    std::vector<std::string> command = {"tsunagu-registry"};  // the binary's name and what goes before its flags
    std::vector<std::string> flags;                           // besides --data-dir and --listen
    std::map<std::string, std::string> environment;
    std::string api_key;  // empty: what is in admin.key
    std::string listen = "127.0.0.1:0";
    std::string working_folder;
    bool may_not_listen = false;  // it is meant to die, perhaps before it listens
    bool admin_listener = false;  // for Metrics()
    bool web_listener = false;    // for web_address()
  };

  // Listens on return; a failure is a failure of the test unless it is meant to die.
  ServerProcess(std::string data_dir, Options options);
  explicit ServerProcess(std::string data_dir) : ServerProcess(std::move(data_dir), Options()) {}

  Process& process() { return process_; }
  bool listens() const { return peer_ != nullptr; }
  const std::string& address() const { return address_; }
  const std::string& api_key() const { return api_key_; }
  // Where the admin listener is: "127.0.0.1:41234".
  const std::string& admin_address() const { return admin_address_; }
  // Where HTTP is spoken: "127.0.0.1:41234".
  const std::string& web_address() const { return web_address_; }
  // What Prometheus reads there. Calls are counted after their answer: settled, once none is in progress.
  std::string Metrics() const;
  std::string SettledMetrics() const;
  std::shared_ptr<grpc::Channel> channel() { return channel_; }

  // `method` is "registry.v1.AreaService/GetArea". Sent once: a refusal is what the server said.
  template <class Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request) {
    return peer_->Unary<Response>(absl::StrCat("tsunagu.", method), request, call_options());
  }
  std::unique_ptr<rpc::PeerStream> Stream(absl::string_view method) {
    return peer_->Stream(absl::StrCat("tsunagu.", method), call_options());
  }
  rpc::CallOptions call_options() const;
  // Calls that no other class here makes; its retries are its own.
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

// What a caller sees of a refusal: (UNAVAILABLE, DATABASE_UNAVAILABLE).
using Refusal = std::pair<absl::StatusCode, std::string>;
Refusal RefusalOf(const absl::Status& status);

// Facilities are what these tests write: any id, one required field.
inline constexpr char kCreateFacility[] = "registry.v1.FacilityService/CreateFacility";
registry::v1::CreateFacilityRequest FacilityRequest(const std::string& id);

// How many revisions the journal has of a facility, and how many facilities there are.
int RevisionCount(ServerProcess& server, const std::string& name);
int FacilityCount(ServerProcess& server);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_SERVER_H_
