#ifndef TSUNAGU_COMMON_RPC_ROUTER_H_
#define TSUNAGU_COMMON_RPC_ROUTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/executor.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace google::protobuf {
class FieldDescriptor;
}  // namespace google::protobuf

namespace tsunagu::rpc {

class Admission;
class CallMetrics;

// One service of the suite, for the Router. It is set up completely before the server starts.
class Module {
 public:
  // Runs on gRPC's thread, before anything of the call is read: it must not block.
  using Authenticator = std::function<absl::StatusOr<identity::Principal>(const Headers&)>;

  Module(std::string name, Authenticator authenticate, Executor& executor)
      : name_(std::move(name)), authenticate_(std::move(authenticate)), executor_(executor) {}

  const std::string& name() const { return name_; }  // "registry"
  Executor& executor() const { return executor_; }
  const Authenticator& authenticate() const { return authenticate_; }

  struct Binding {
    StreamFactory open;
    const google::protobuf::Message* request = nullptr;  // prototypes, compared with the descriptor
    const google::protobuf::Message* response = nullptr;
    bool never_blocks = false;  // runs on gRPC's thread, except after a wake-up
    std::string permission;     // for contracts of others, which cannot name one
  };
  // `method` is "tsunagu.registry.v1.AreaService/GetArea". The binding may be changed until Router::Create.
  Binding& Bind(absl::string_view method, Binding binding);
  // Opens every stream through `wrap`, for methods bound before or after this call.
  void Wrap(std::function<StreamFactory(StreamFactory)> wrap);
  const std::map<std::string, Binding, std::less<>>& bindings() const { return bindings_; }
  // Methods that were bound more than once.
  const std::vector<std::string>& repeated() const { return repeated_; }

 private:
  const std::string name_;
  const Authenticator authenticate_;
  Executor& executor_;
  std::map<std::string, Binding, std::less<>> bindings_;
  std::vector<std::string> repeated_;
  std::vector<std::function<StreamFactory(StreamFactory)>> wraps_;
};

// How a call ended.
struct Outcome {
  absl::StatusCode code = absl::StatusCode::kOk;
  Reason reason = Reason();
  absl::Duration elapsed;
  int64_t received = 0;  // messages
  int64_t sent = 0;
};

// A method, as transports need it.
struct Route {
  struct Candidate {
    const Module* module;
    const Module::Binding* binding;
    std::shared_ptr<CallMetrics> metrics;
    Admission* admission;  // the module's
  };

  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string permission;  // "" when no key is needed
  Lane lane = Lane::kInteractive;
  bool streams = false;
  std::vector<Candidate> candidates;  // one, except for platform methods
  // The path to the field of a request that names the service: {parent}, {name} or {role, name}; empty when there is
  // none.
  std::vector<const google::protobuf::FieldDescriptor*> address;
  const google::protobuf::FieldDescriptor* request_id = nullptr;  // the request's field; null when it has none

  // Returns the module that `request` addresses. Errors: SERVICE_NOT_RUNNING when it is not in this process.
  absl::StatusOr<const Candidate*> Choose(const google::protobuf::Message& request) const;
};

// All methods that are offered; each has a handler. Thread-safe once created. The steps of a call are in pipeline.cc.
class Router {
 public:
  struct Options {
    const Clock* clock = &Clock::System();
    int max_in_flight = 4096;
    // Both the default and the maximum.
    absl::Duration default_deadline = absl::Seconds(60);
    absl::Duration stream_deadline = absl::Minutes(10);
    // How long a client may take to accept a message.
    absl::Duration slow_client = absl::Minutes(1);
    // How long the first message may take to arrive.
    absl::Duration first_message = absl::Seconds(10);
    // Per transport: the bytes of requests in memory, and of answers that clients have not taken.
    int64_t request_bytes = 256 << 20;
    int64_t answer_bytes = 256 << 20;
    // Per module.
    absl::Duration target_wait = absl::Milliseconds(20);
    int streams_of_caller = 32;
    int streams = 512;
    // Called once per call, after its answer was sent or refused; must not block.
    std::function<void(const Call&, const Outcome&)> count = [](const Call&, const Outcome&) {};
    // Converts an error to the status that callers get. Only tests that invent errors replace it.
    std::function<grpc::Status(const absl::Status&, Language, absl::string_view correlation_id)> tell = ToGrpc;
  };

  // Compares every binding with its descriptor. The error names each method of a bound service without a handler, each
  // handler with other types and each method without a permission (grpc.* is public). `modules` must outlive the
  // Router. Several modules may bind the methods of tsunagu.platform.* and google.longrunning; the first message's
  // `parent` or `name` ("services/registry/…") then selects the module.
  static absl::StatusOr<std::unique_ptr<Router>> Create(std::vector<const Module*> modules, Options options);

  ~Router();

  // `path` is "/tsunagu.registry.v1.AreaService/GetArea". Returns null when the method is not bound.
  const Route* Find(absl::string_view path) const;

  // Returns the admission of a module of this Router.
  Admission& AdmissionOf(const Module& module) const;
  const std::vector<const Module*>& modules() const { return modules_; }
  const Options& options() const { return options_; }
  // The metrics of calls that reached no handler.
  CallMetrics& unrouted() const { return *unrouted_; }
  // Returns the full names of all bound gRPC services, sorted.
  std::vector<std::string> ServiceNames() const;

 private:
  Router(std::vector<const Module*> modules, Options options);

  const std::vector<const Module*> modules_;
  const Options options_;
  std::vector<std::unique_ptr<Admission>> admissions_;  // in the order of modules_
  std::map<std::string, Route, std::less<>> routes_;
  const std::shared_ptr<CallMetrics> unrouted_;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_ROUTER_H_
