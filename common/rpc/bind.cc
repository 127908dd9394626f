#include "common/rpc/bind.h"

#include "google/protobuf/descriptor.h"

namespace tsunagu::rpc {

Binder& Binder::UnaryUntyped(absl::string_view method, UntypedHandler handler) {
  return RawUntyped(method, [handler = std::move(handler)](Call& call) -> std::unique_ptr<Stream> {
    return std::make_unique<internal::UntypedStream<UntypedHandler>>(call, handler);
  });
}

Binder& Binder::RawUntyped(absl::string_view method, StreamFactory open) {
  const auto* found =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(absl::StrCat(service_, ".", method));
  if (found == nullptr) return Bind(method, {});
  auto& factory = *google::protobuf::MessageFactory::generated_factory();
  const google::protobuf::Message* response = factory.GetPrototype(found->output_type());
  return Bind(method, {std::move(open), factory.GetPrototype(found->input_type()), response});
}

}  // namespace tsunagu::rpc
