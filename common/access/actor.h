#ifndef TSUNAGU_COMMON_ACCESS_ACTOR_H_
#define TSUNAGU_COMMON_ACCESS_ACTOR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/identity/actor.h"
#include "google/protobuf/message.h"

namespace tsunagu {

namespace rpc {
struct Call;
}

// Returns the actor of a call: who, for whom, why, through which method, with which request_id (that of `request`, if
// given).
identity::Actor ActorOf(const rpc::Call& call);
identity::Actor ActorOf(const rpc::Call& call, const google::protobuf::Message& request);
// Returns the permission that the contract of the call's method names.
std::string PermissionOf(const rpc::Call& call);

// Returns a string field of a request by its conventional name; empty when the message has no such field.
std::string TextField(const google::protobuf::Message& message, absl::string_view field);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_ACCESS_ACTOR_H_
