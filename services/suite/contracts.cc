#include "services/suite/contracts.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using grpc::reflection::v1::ServerReflectionRequest;
using grpc::reflection::v1::ServerReflectionResponse;

// The versions differ only in their names: their messages are equal on the wire.
constexpr char kV1[] = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
constexpr char kV1Alpha[] = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

absl::Status NoSuchMethod(const std::string& method, absl::string_view what, const std::vector<std::string>& there) {
  return Fail("METHOD_NOT_FOUND"_reason, {{"method", method}, {what, absl::StrJoin(there, ", ")}});
}

std::vector<std::string> MethodsOf(const ServiceDescriptor& service) {
  std::vector<std::string> names;
  for (int i = 0; i < service.method_count(); ++i) names.push_back(service.method(i)->name());
  return names;
}

// Importable resources of `file` and of all that it imports: from plural to service.
void FindResources(const FileDescriptor& file, std::set<const FileDescriptor*>& seen,
                   std::map<std::string, std::string>& found) {
  if (!seen.insert(&file).second) return;
  for (int i = 0; i < file.message_type_count(); ++i) {
    const auto& options = file.message_type(i)->options();
    if (!options.GetExtension(tsunagu::record).importable()) continue;
    const auto& resource = options.GetExtension(google::api::resource);
    found[resource.plural()] = resource.type().substr(0, resource.type().find('.'));
  }
  for (int i = 0; i < file.dependency_count(); ++i) FindResources(*file.dependency(i), seen, found);
}

}  // namespace

// Provides files that the pool does not have yet. The pool calls it from one thread at a time.
class Contracts::Source : public google::protobuf::DescriptorDatabase {
 public:
  explicit Source(const Client& client) : client_(client) {}

  absl::StatusOr<ServerReflectionResponse> Ask(const ServerReflectionRequest& request) {
    absl::StatusOr<ServerReflectionResponse> answer = AskBy(kV1, request);
    return absl::IsUnimplemented(answer.status()) ? AskBy(kV1Alpha, request) : std::move(answer);
  }

  // Returns OK, or the reason why a search failed although the file may exist.
  absl::Status failure() {
    MutexLock lock(mutex_);
    return failure_;
  }

  bool FindFileByName(const std::string& name, FileDescriptorProto* file) override {
    if (files_.FindFileByName(name, file)) return true;
    ServerReflectionRequest request;
    request.set_file_by_filename(name);
    if (Fetch(request) && files_.FindFileByName(name, file)) return true;
    return CopyOwn(DescriptorPool::generated_pool()->FindFileByName(name), file);
  }

  bool FindFileContainingSymbol(const std::string& symbol, FileDescriptorProto* file) override {
    if (files_.FindFileContainingSymbol(symbol, file)) return true;
    ServerReflectionRequest request;
    request.set_file_containing_symbol(symbol);
    if (Fetch(request) && files_.FindFileContainingSymbol(symbol, file)) return true;
    return CopyOwn(DescriptorPool::generated_pool()->FindFileContainingSymbol(symbol), file);
  }

  bool FindFileContainingExtension(const std::string& type, int number, FileDescriptorProto* file) override {
    return files_.FindFileContainingExtension(type, number, file);
  }

 private:
  absl::StatusOr<ServerReflectionResponse> AskBy(const char* method, const ServerReflectionRequest& request) {
    const auto stream = client_.peer->Stream(method, client_.once);
    stream->Write(request);
    stream->WritesDone();
    ServerReflectionResponse response;
    ASSIGN_OR_RETURN(const bool answered, stream->Read(response));
    RETURN_IF_ERROR(stream->Finish());
    if (!answered) return absl::InternalError("reflection gave no answer");
    return response;
  }

  // Returns false if the server does not have it, or cannot be asked. A server without reflection has nothing.
  bool Fetch(const ServerReflectionRequest& request) {
    const auto answer = Ask(request);
    if (!answer.ok()) {
      MutexLock lock(mutex_);
      if (!absl::IsUnimplemented(answer.status())) failure_ = answer.status();
      return false;
    }
    for (const std::string& bytes : answer->file_descriptor_response().file_descriptor_proto()) {
      FileDescriptorProto file, known;
      if (file.ParseFromString(bytes) && !files_.FindFileByName(file.name(), &known)) files_.Add(file);
    }
    return answer->has_file_descriptor_response();
  }

  // Not if the server could not be asked: its contract may differ.
  bool CopyOwn(const FileDescriptor* own, FileDescriptorProto* file) {
    if (own == nullptr || !failure().ok()) return false;
    own->CopyTo(file);
    return true;
  }

  const Client& client_;
  google::protobuf::SimpleDescriptorDatabase files_;
  Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

// The first error that the pool reports in the server's contracts.
class Contracts::Complaints : public DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element, const google::protobuf::Message*, ErrorLocation,
                const std::string& what) override {
    MutexLock lock(mutex_);
    if (first_.ok()) first_ = absl::InternalError(absl::StrCat(file, ": ", element, ": ", what));
  }
  absl::Status first() {
    MutexLock lock(mutex_);
    return first_;
  }

 private:
  Mutex mutex_;
  absl::Status first_ ABSL_GUARDED_BY(mutex_);
};

Contracts::Contracts(const Client& client)
    : source_(std::make_unique<Source>(client)),
      complaints_(std::make_unique<Complaints>()),
      pool_(source_.get(), complaints_.get()),
      factory_(&pool_) {}

Contracts::~Contracts() = default;

absl::StatusOr<std::vector<std::string>> Contracts::Services() {
  ServerReflectionRequest request;
  request.set_list_services("");
  ASSIGN_OR_RETURN(const ServerReflectionResponse answer, source_->Ask(request));
  std::vector<std::string> names;
  for (const auto& service : answer.list_services_response().service()) names.push_back(service.name());
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<const ServiceDescriptor*> Contracts::FindService(const std::string& name) {
  const ServiceDescriptor* service = pool_.FindServiceByName(name);
  if (service == nullptr) {
    RETURN_IF_ERROR(source_->failure());
    RETURN_IF_ERROR(complaints_->first());
  }
  return service;
}

absl::StatusOr<const MethodDescriptor*> Contracts::FindMethod(const std::string& name) {
  const std::string plain(absl::StripPrefix(name, "/"));
  const size_t slash = std::min(plain.find('/'), plain.size());
  ASSIGN_OR_RETURN(const ServiceDescriptor* service, FindService(plain.substr(0, slash)));
  if (service == nullptr) {
    ASSIGN_OR_RETURN(const std::vector<std::string> services, Services());
    return NoSuchMethod(plain, "services", services);
  }
  const MethodDescriptor* method = slash == plain.size() ? nullptr : service->FindMethodByName(plain.substr(slash + 1));
  if (method == nullptr) return NoSuchMethod(plain, "methods", MethodsOf(*service));
  return method;
}

std::unique_ptr<google::protobuf::Message> Contracts::New(const Descriptor* type) {
  return std::unique_ptr<google::protobuf::Message>(factory_.GetPrototype(type)->New());
}

absl::StatusOr<std::map<std::string, std::string>> Contracts::KeepersByCollection() {
  ASSIGN_OR_RETURN(const std::vector<std::string> services, Services());
  std::set<const FileDescriptor*> seen;
  std::map<std::string, std::string> keepers;
  for (const std::string& name : services) {
    ASSIGN_OR_RETURN(const ServiceDescriptor* service, FindService(name));
    if (service != nullptr) FindResources(*service->file(), seen, keepers);
  }
  return keepers;
}

absl::StatusOr<std::vector<std::string>> Contracts::Keepers() {
  ASSIGN_OR_RETURN(const auto keepers, KeepersByCollection());
  std::set<std::string> services;
  for (const auto& [plural, service] : keepers) services.insert(service);
  return std::vector<std::string>(services.begin(), services.end());
}

absl::StatusOr<std::string> Contracts::KeeperOf(const std::string& collection) {
  ASSIGN_OR_RETURN(const auto keepers, KeepersByCollection());
  const auto keeper = keepers.find(collection.substr(collection.rfind('/') + 1));
  if (keeper != keepers.end()) return keeper->second;
  std::vector<std::string> offered;
  for (const auto& [plural, service] : keepers) offered.push_back(plural);
  return FailAt("collection", "NOT_IMPORTABLE"_reason,
                {{"resource", collection}, {"allowed", absl::StrJoin(offered, ", ")}});
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

}  // namespace tsunagu::suite
