#include "common/access/actor.h"

#include "common/rpc/call.h"
#include "google/protobuf/descriptor.h"
#include "tsunagu/options.pb.h"

namespace tsunagu {

std::string PermissionOf(const rpc::Call& call) {
  return call.method->options().GetExtension(tsunagu::method).permission();
}

std::string TextField(const google::protobuf::Message& message, absl::string_view field) {
  const auto* descriptor = message.GetDescriptor()->FindFieldByName(std::string(field));
  if (descriptor == nullptr || descriptor->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return "";
  return message.GetReflection()->GetString(message, descriptor);
}

identity::Actor ActorOf(const rpc::Call& call) {
  identity::Actor actor;
  actor.principal = call.principal.id;
  actor.on_behalf_of = call.principal.on_behalf_of;
  actor.purpose = call.headers.purpose;
  actor.method = call.MethodName();
  actor.scope = call.principal.ScopeFor(PermissionOf(call));
  actor.trace = call.trace.traceparent();
  actor.caller = &call.principal;
  return actor;
}

identity::Actor ActorOf(const rpc::Call& call, const google::protobuf::Message& request) {
  identity::Actor actor = ActorOf(call);
  actor.request_id = TextField(request, "request_id");
  return actor;
}

}  // namespace tsunagu
