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

// A place of the chain, and when it became known: the two belong together, whoever asks and whenever.
struct KnownPlace {
  int64_t place = 0;
  google::protobuf::Timestamp known_time;  // 1970-01-01 where nothing is known yet
};

// The place that everything has reached that was committed before the call. Noted as PlaceKnownAt notes it.
absl::StatusOr<KnownPlace> LatestPlace(Service& service, rpc::Call& call);

// The place that the chain had reached at `as_known_at`: what lies behind it became known later. The same for ever.
// Noted in the call's answer as tsunagu-journal-place. NOT_YET_KNOWN, at the field as_known_at, for a time to come.
absl::StatusOr<int64_t> PlaceKnownAt(Service& service, rpc::Call& call, const google::protobuf::Timestamp& as_known_at);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_KNOWN_H_
