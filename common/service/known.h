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

// A place of the chain, and when it became known. The pair is the same for every caller at any time.
struct KnownPlace {
  int64_t place = 0;
  google::protobuf::Timestamp known_time;  // 1970-01-01 when nothing is known yet
};

// Returns a place that includes everything committed before the call. Noted in the answer as by PlaceKnownAt.
absl::StatusOr<KnownPlace> LatestPlace(Service& service, rpc::Call& call);

// Returns the place that the chain had reached at `as_known_at`: later places became known later. The result never
// changes. It is noted in the call's answer as tsunagu-journal-place. Errors: NOT_YET_KNOWN, at the field as_known_at,
// for a future time.
absl::StatusOr<int64_t> PlaceKnownAt(Service& service, rpc::Call& call, const google::protobuf::Timestamp& as_known_at);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_KNOWN_H_
