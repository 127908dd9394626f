#ifndef TSUNAGU_COMMON_RPC_ROUTER_H_
#define TSUNAGU_COMMON_RPC_ROUTER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/executor.h"
#include "common/rpc/call.h"

namespace tsunagu::rpc {

// One service of the suite as the Router sees it. Everything in it is set before the server starts.
class Module {
 public:
  using Authenticator = std::function<absl::StatusOr<access::Principal>(const Headers&)>;

  Module(std::string name, Authenticator authenticate, Executor& executor)
      : name_(std::move(name)), authenticate_(std::move(authenticate)), executor_(executor) {}

  const std::string& name() const { return name_; }  // "registry"
  Executor& executor() const { return executor_; }
  const Authenticator& authenticate() const { return authenticate_; }

  struct Binding {
    StreamFactory open;
    const google::protobuf::Message* request = nullptr;   // prototypes, compared with the descriptor
    const google::protobuf::Message* response = nullptr;
    bool never_blocks = false;  // runs on gRPC's thread
  };
  // `method` is "tsunagu.registry.v1.AreaService/GetArea".
  void Bind(absl::string_view method, Binding binding);
  const std::map<std::string, Binding, std::less<>>& bindings() const { return bindings_; }

 private:
  const std::string name_;
  const Authenticator authenticate_;
  Executor& executor_;
  std::map<std::string, Binding, std::less<>> bindings_;
};

// The one choke point: every call of every transport takes the same steps in the same order (router.cc).
class Router {
 public:
  struct Options {
    const Clock* clock = &Clock::System();
    int max_in_flight = 4096;
    absl::Duration default_deadline = absl::Seconds(60);
    absl::Duration stream_deadline = absl::Minutes(10);
  };

  // Compares every binding with its descriptor: an error names each method of a bound service that has no handler,
  // and each handler whose types differ. `modules` outlive the Router. Methods of tsunagu.platform.v1 may be bound by
  // several modules; the first message's `parent` or `name` ("services/registry/…") says which one is meant.
  static absl::StatusOr<std::unique_ptr<Router>> Create(std::vector<const Module*> modules, Options options);

  // A method as the transport needs it; null when nobody has bound it.
  struct Route;
  const Route* Find(absl::string_view path) const;  // "/tsunagu.registry.v1.AreaService/GetArea"
  ~Router();

  const std::vector<const Module*>& modules() const { return modules_; }
  const Options& options() const { return options_; }
  // Full names of all bound gRPC services, sorted.
  std::vector<std::string> ServiceNames() const;

 private:
  Router(std::vector<const Module*> modules, Options options);

  const std::vector<const Module*> modules_;
  const Options options_;
  std::map<std::string, std::unique_ptr<Route>, std::less<>> routes_;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_ROUTER_H_
