#ifndef TSUNAGU_SERVICES_SUITE_INSTANT_H_
#define TSUNAGU_SERVICES_SUITE_INSTANT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace tsunagu::suite {

// The time zone for output, and for days in input.
absl::TimeZone Japan();

// Parses a day, which means its beginning or its end, or an instant (RFC 3339). Errors: MALFORMED_TIME.
absl::StatusOr<google::protobuf::Timestamp> InstantOf(const std::string& text, bool end_of_day);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_INSTANT_H_
