#ifndef TSUNAGU_COMMON_SERVICE_KNOWN_H_
#define TSUNAGU_COMMON_SERVICE_KNOWN_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "google/protobuf/timestamp.pb.h"

namespace tsunagu {

class Service;
namespace rpc {
struct Call;
}

// The place that the chain had reached at `as_known_at`: what lies behind it became known later. The same for ever.
// Noted in the call's answer as tsunagu-journal-place. NOT_YET_KNOWN, at the field as_known_at, for a time to come.
absl::StatusOr<int64_t> PlaceKnownAt(Service& service, rpc::Call& call,
                                     const google::protobuf::Timestamp& as_known_at);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_KNOWN_H_
