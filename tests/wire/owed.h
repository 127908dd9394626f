#ifndef TSUNAGU_TESTS_WIRE_OWED_H_
#define TSUNAGU_TESTS_WIRE_OWED_H_

#include <string>

#include "absl/status/status.h"
#include "common/identity/actor.h"
#include "google/protobuf/message.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::wire {

identity::Actor TheAdmin();

// Changes the opening `id` of matching, which is created if it does not exist, and queues this call to the registry.
absl::Status Owe(Service& matching, const identity::Actor& actor, const std::string& id, const std::string& method,
                 const google::protobuf::Message& request);

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_OWED_H_
