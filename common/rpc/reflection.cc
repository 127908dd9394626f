#include "common/rpc/reflection.h"

#include <memory>
#include <set>
#include <utility>

#include "common/rpc/bind.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace tsunagu::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

using Names = std::function<std::vector<std::string>()>;

// The two versions differ only in their package.
template <class Q, class R>
class Reflection : public Duplex<Q, R> {
 public:
  explicit Reflection(const Names& names) : names_(names) {}

  absl::Status Push(const Q& request) override {
    answer_.Clear();
    answer_.set_valid_host(request.host());
    *answer_.mutable_original_request() = request;
    Answer(request);
    ready_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(R& response) override {
    if (!std::exchange(ready_, false)) return false;
    response.Swap(&answer_);
    return true;
  }

 private:
  void Answer(const Q& request) {
    const DescriptorPool& pool = *DescriptorPool::generated_pool();
    switch (request.message_request_case()) {
      case Q::kFileByFilename:
        return AddFile(pool.FindFileByName(request.file_by_filename()), request.file_by_filename());
      case Q::kFileContainingSymbol:
        return AddFile(pool.FindFileContainingSymbol(request.file_containing_symbol()),
                       request.file_containing_symbol());
      case Q::kFileContainingExtension: {
        const auto& wanted = request.file_containing_extension();
        const Descriptor* type = pool.FindMessageTypeByName(wanted.containing_type());
        const FieldDescriptor* extension =
            type == nullptr ? nullptr : pool.FindExtensionByNumber(type, wanted.extension_number());
        return AddFile(extension == nullptr ? nullptr : extension->file(), wanted.containing_type());
      }
      case Q::kAllExtensionNumbersOfType:
        return AddExtensions(pool, request.all_extension_numbers_of_type());
      case Q::kListServices:
        answer_.mutable_list_services_response();
        for (std::string& name : names_()) {
          answer_.mutable_list_services_response()->add_service()->set_name(std::move(name));
        }
        return;
      default:
        answer_.mutable_error_response()->set_error_code(static_cast<int>(absl::StatusCode::kInvalidArgument));
        answer_.mutable_error_response()->set_error_message("nothing was asked");
    }
  }

  void Miss(const std::string& name) {
    answer_.mutable_error_response()->set_error_code(static_cast<int>(absl::StatusCode::kNotFound));
    answer_.mutable_error_response()->set_error_message("not found: " + name);
  }

  // Adds the file, then everything it imports.
  void AddFile(const FileDescriptor* file, const std::string& name) {
    if (file == nullptr) return Miss(name);
    std::vector<const FileDescriptor*> files = {file};
    std::set<const FileDescriptor*> seen = {file};
    for (size_t i = 0; i < files.size(); ++i) {
      google::protobuf::FileDescriptorProto proto;
      files[i]->CopyTo(&proto);
      files[i]->CopyJsonNameTo(&proto);  // as protoc does: some clients do not compute the names
      answer_.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
      for (int j = 0; j < files[i]->dependency_count(); ++j) {
        const FileDescriptor* dependency = files[i]->dependency(j);
        if (seen.insert(dependency).second) files.push_back(dependency);
      }
    }
  }

  void AddExtensions(const DescriptorPool& pool, const std::string& name) {
    const Descriptor* type = pool.FindMessageTypeByName(name);
    if (type == nullptr) return Miss(name);
    std::vector<const FieldDescriptor*> extensions;
    pool.FindAllExtensions(type, &extensions);
    auto& numbers = *answer_.mutable_all_extension_numbers_response();
    numbers.set_base_type_name(name);
    for (const FieldDescriptor* extension : extensions) numbers.add_extension_number(extension->number());
  }

  const Names& names_;
  R answer_;
  bool ready_ = false;
};

template <class Q, class R>
void BindVersion(Module& module, absl::string_view service, const Names& names) {
  Binder(module, service).Bidi("ServerReflectionInfo", [names](Call&) -> std::unique_ptr<Duplex<Q, R>> {
    return std::make_unique<Reflection<Q, R>>(names);
  });
}

}  // namespace

void BindReflection(Module& module, Names names) {
  namespace v1 = grpc::reflection::v1;
  namespace v1alpha = grpc::reflection::v1alpha;
  BindVersion<v1::ServerReflectionRequest, v1::ServerReflectionResponse>(module, "grpc.reflection.v1.ServerReflection",
                                                                         names);
  BindVersion<v1alpha::ServerReflectionRequest, v1alpha::ServerReflectionResponse>(
      module, "grpc.reflection.v1alpha.ServerReflection", names);
}

}  // namespace tsunagu::rpc
