#include "common/rpc/router.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/rpc/admission.h"
#include "common/rpc/call_metrics.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr absl::string_view kPublic = "public";

std::string NameOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

bool IsSingularString(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
}

bool NamesItsService(const MethodDescriptor& method) {
  return absl::StartsWith(method.full_name(), "tsunagu.platform.") ||
         absl::StartsWith(method.full_name(), "google.longrunning.");
}

std::vector<const FieldDescriptor*> AddressIn(const Descriptor& request) {
  for (const char* name : {"parent", "name"}) {
    if (const FieldDescriptor* field = request.FindFieldByName(name); IsSingularString(field)) return {field};
  }
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor* field = request.field(i);
    if (field->type() != FieldDescriptor::TYPE_MESSAGE || field->is_repeated()) continue;
    const FieldDescriptor* name = field->message_type()->FindFieldByName("name");
    if (IsSingularString(name)) return {field, name};
  }
  return {};
}

Lane LaneOf(const MethodDescriptor& method) {
  if (absl::StartsWith(method.full_name(), "grpc.")) return Lane::kAdmin;
  switch (method.options().GetExtension(tsunagu::method).workload()) {
    case WORKLOAD_BATCH:
      return Lane::kBatch;
    case WORKLOAD_ADMIN:
      return Lane::kAdmin;
    case WORKLOAD_INTERACTIVE:
      return Lane::kInteractive;
    default:
      return method.client_streaming() || method.server_streaming() ? Lane::kBatch : Lane::kInteractive;
  }
}

// Builds the routes and collects all their errors.
class Survey {
 public:
  void Add(const Module& module) {
    if (!names_.insert(module.name()).second) Fault("module ", module.name(), " is there twice");
    for (const std::string& method : module.repeated()) Fault(method, " is bound twice by ", module.name());
    std::set<const ServiceDescriptor*> services;
    for (const auto& [name, binding] : module.bindings()) {
      const MethodDescriptor* method =
          DescriptorPool::generated_pool()->FindMethodByName(absl::StrReplaceAll(name, {{"/", "."}}));
      if (method == nullptr || NameOf(*method) != name) {
        Fault(name, " is bound by ", module.name(), " but in no contract");
        continue;
      }
      services.insert(method->service());
      AddBinding(module, *method, binding);
    }
    for (const ServiceDescriptor* service : services) CheckComplete(module, *service);
  }

  absl::Status status() const {
    return faults_.empty() ? absl::OkStatus() : absl::FailedPreconditionError(absl::StrJoin(faults_, "\n"));
  }
  std::map<std::string, Route, std::less<>>& routes() { return routes_; }

 private:
  template <class... Parts>
  void Fault(const Parts&... parts) {
    faults_.push_back(absl::StrCat(parts...));
  }

  void AddBinding(const Module& module, const MethodDescriptor& method, const Module::Binding& binding) {
    const std::string name = NameOf(method);
    CheckType(name, "request", binding.request, *method.input_type());
    CheckType(name, "response", binding.response, *method.output_type());
    if (binding.open == nullptr) Fault(name, " has an empty handler in ", module.name());
    Route& route = routes_[absl::StrCat("/", name)];
    if (route.method == nullptr) {
      route.method = &method;
      route.permission = PermissionFor(method, binding);
      route.streams = method.client_streaming() || method.server_streaming();
      route.lane = LaneOf(method);
      const FieldDescriptor* request_id = method.input_type()->FindFieldByName("request_id");
      if (IsSingularString(request_id)) route.request_id = request_id;
      if (NamesItsService(method)) route.address = AddressIn(*method.input_type());
      if (NamesItsService(method) && route.address.empty()) Fault(name, " cannot say which service it means");
    } else if (route.address.empty()) {
      Fault(name, " is bound by ", route.candidates.front().module->name(), " and by ", module.name());
    }
    route.candidates.push_back({&module, &binding, std::make_shared<CallMetrics>(module.name(), name), nullptr});
  }

  void CheckType(absl::string_view method, absl::string_view role, const google::protobuf::Message* prototype,
                 const Descriptor& expected) {
    if (prototype != nullptr && prototype->GetDescriptor() == &expected) return;
    Fault(method, ": the handler's ", role, " is ",
          prototype == nullptr ? "missing" : prototype->GetDescriptor()->full_name(), ", the contract says ",
          expected.full_name());
  }

  std::string PermissionFor(const MethodDescriptor& method, const Module::Binding& binding) {
    std::string permission = method.options().GetExtension(tsunagu::method).permission();
    if (permission.empty()) permission = binding.permission;
    if (permission == kPublic || absl::StartsWith(method.full_name(), "grpc.")) return "";
    if (permission.empty()) Fault(NameOf(method), " names no permission");
    return permission;
  }

  void CheckComplete(const Module& module, const ServiceDescriptor& service) {
    for (int i = 0; i < service.method_count(); ++i) {
      const std::string name = NameOf(*service.method(i));
      if (module.bindings().count(name) == 0) Fault(name, " has no handler in ", module.name());
    }
  }

  std::set<std::string> names_;
  std::vector<std::string> faults_;
  std::map<std::string, Route, std::less<>> routes_;
};

}  // namespace

std::string Call::MethodName() const { return method == nullptr ? "" : NameOf(*method); }

Module::Binding& Module::Bind(absl::string_view method, Binding binding) {
  if (binding.open != nullptr) {
    for (const auto& wrap : wraps_) binding.open = wrap(std::move(binding.open));
  }
  const auto [bound, fresh] = bindings_.try_emplace(std::string(method), std::move(binding));
  if (!fresh) repeated_.push_back(bound->first);
  return bound->second;
}

void Module::Wrap(std::function<StreamFactory(StreamFactory)> wrap) {
  for (auto& [method, binding] : bindings_) {
    if (binding.open != nullptr) binding.open = wrap(std::move(binding.open));
  }
  wraps_.push_back(std::move(wrap));
}

absl::StatusOr<const Route::Candidate*> Route::Choose(const google::protobuf::Message& request) const {
  const google::protobuf::Message* holder = &request;
  for (size_t i = 0; i + 1 < address.size(); ++i) holder = &holder->GetReflection()->GetMessage(*holder, address[i]);
  const std::string name = holder->GetReflection()->GetString(*holder, address.back());
  const std::string field = absl::StrJoin(
      address, ".", [](std::string* path, const FieldDescriptor* one) { absl::StrAppend(path, one->name()); });
  absl::string_view service = name;
  if (name.empty()) return FailAt(field, "FIELD_REQUIRED"_reason);
  if (!absl::ConsumePrefix(&service, "services/")) {
    return FailAt(field, "MALFORMED_NAME"_reason, {{"pattern", "services/{service}"}});
  }
  service = service.substr(0, service.find('/'));
  for (const Candidate& candidate : candidates) {
    if (candidate.module->name() == service) return &candidate;
  }
  return Fail("SERVICE_NOT_RUNNING"_reason, {{"service", std::string(service)}});
}

Router::Router(std::vector<const Module*> modules, Options options)
    : modules_(std::move(modules)),
      options_(std::move(options)),
      unrouted_(std::make_shared<CallMetrics>("none", "none")) {
  for (const Module* module : modules_) {
    admissions_.push_back(std::make_unique<Admission>(
        module->name(), module->executor(),
        Admission::Options{options_.target_wait, options_.streams_of_caller, options_.streams}));
  }
}

Router::~Router() = default;

absl::StatusOr<std::unique_ptr<Router>> Router::Create(std::vector<const Module*> modules, Options options) {
  Survey survey;
  for (const Module* module : modules) survey.Add(*module);
  if (!survey.status().ok()) return survey.status();
  std::unique_ptr<Router> router(new Router(std::move(modules), std::move(options)));
  router->routes_ = std::move(survey.routes());
  for (auto& [path, route] : router->routes_) {
    for (Route::Candidate& candidate : route.candidates) candidate.admission = &router->AdmissionOf(*candidate.module);
  }
  return router;
}

Admission& Router::AdmissionOf(const Module& module) const {
  return *admissions_[static_cast<size_t>(std::find(modules_.begin(), modules_.end(), &module) - modules_.begin())];
}

const Route* Router::Find(absl::string_view path) const {
  const auto found = routes_.find(path);
  return found == routes_.end() ? nullptr : &found->second;
}

std::vector<std::string> Router::ServiceNames() const {
  std::set<std::string> names;
  for (const auto& [path, route] : routes_) names.insert(route.method->service()->full_name());
  return {names.begin(), names.end()};
}

}  // namespace tsunagu::rpc
