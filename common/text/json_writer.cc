#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/text/json.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"

namespace tsunagu::records {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::util::TypeResolver;

constexpr char kTypeUrl[] = "type.googleapis.com";

// Deterministic: fields by number, map keys sorted.
std::string Serialize(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

TypeResolver& GeneratedTypes() {
  static TypeResolver& types =
      *google::protobuf::util::NewTypeResolverForDescriptorPool(kTypeUrl, DescriptorPool::generated_pool());
  return types;
}

}  // namespace

absl::StatusOr<std::string> MessageToJson(const Message& message, bool pretty) {
  const DescriptorPool* pool = message.GetDescriptor()->file()->pool();
  // Other pools may go away, so their resolvers are not kept.
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
      Serialize(message), &json, options);
  // The library's text may quote values: it stays here.
  if (!status.ok()) return absl::InternalError(absl::StrCat(message.GetDescriptor()->full_name(), " is not JSON"));
  return json;
}

}  // namespace tsunagu::records
