#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/text/json.h"
#include "common/text/sorted_bytes.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/type.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::util::TypeResolver;

constexpr char kTypeUrl[] = "type.googleapis.com";

// Resolves the types of the contracts and describes each only once: the library asks again in every call, and
// describing a type takes longer than writing a message of it. The options of fields and values, of which ours have
// many, do not affect JSON and are left out. Thread-safe.
class ContractTypes : public TypeResolver {
 public:
  google::protobuf::util::Status ResolveMessageType(const std::string& url, google::protobuf::Type* type) override {
    return Find(url, messages_, *type, [&] {
      const auto status = library_->ResolveMessageType(url, type);
      for (auto& field : *type->mutable_fields()) field.clear_options();
      return status;
    });
  }
  google::protobuf::util::Status ResolveEnumType(const std::string& url, google::protobuf::Enum* type) override {
    return Find(url, enums_, *type, [&] {
      const auto status = library_->ResolveEnumType(url, type);
      for (auto& value : *type->mutable_enumvalue()) value.clear_options();
      return status;
    });
  }

 private:
  template <typename Type>
  using Kept = std::map<std::string, std::unique_ptr<const Type>>;

  // Fills `type` from the cache; when it is not cached, calls `describe` and caches the result.
  template <typename Type, typename Describe>
  google::protobuf::util::Status Find(const std::string& url, Kept<Type>& kept, Type& type, const Describe& describe) {
    const Type* known = nullptr;
    {
      const MutexLock lock(mutex_);
      if (const auto found = kept.find(url); found != kept.end()) known = found->second.get();
    }
    if (known != nullptr) {  // is never changed or destroyed
      type.CopyFrom(*known);
      return {};
    }
    const auto status = describe();
    if (!status.ok()) return status;
    auto copy = std::make_unique<const Type>(type);
    const MutexLock lock(mutex_);
    kept.emplace(url, std::move(copy));
    return status;
  }

  const std::unique_ptr<TypeResolver> library_{
      google::protobuf::util::NewTypeResolverForDescriptorPool(kTypeUrl, DescriptorPool::generated_pool())};
  Mutex mutex_;
  Kept<google::protobuf::Type> messages_;
  Kept<google::protobuf::Enum> enums_;
};

TypeResolver& GeneratedTypes() {
  static auto& types = *new ContractTypes();
  return types;
}

}  // namespace

absl::StatusOr<std::string> MessageToJson(const Message& message, bool pretty) {
  const DescriptorPool* pool = message.GetDescriptor()->file()->pool();
  // Other pools may be destroyed, so their resolvers are not cached.
  std::unique_ptr<TypeResolver> own;
  if (pool != DescriptorPool::generated_pool()) {
    own.reset(google::protobuf::util::NewTypeResolverForDescriptorPool(kTypeUrl, pool));
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::BinaryToJsonString(
      own ? own.get() : &GeneratedTypes(), absl::StrCat(kTypeUrl, "/", message.GetDescriptor()->full_name()),
      SortedBytes(message), &json, options);
  // The library's message may quote values, so it is not passed on.
  if (!status.ok()) return absl::InternalError(absl::StrCat(message.GetDescriptor()->full_name(), " is not JSON"));
  return json;
}

}  // namespace tsunagu::contract
