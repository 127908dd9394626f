#ifndef TSUNAGU_SERVICES_MATCHING_APPLIED_EVENTS_H_
#define TSUNAGU_SERVICES_MATCHING_APPLIED_EVENTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/rounds/round_reads.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {

// A solved round by the rules of today, and its log.
struct LoggedRound {
  SolvedRound solved;
  std::vector<v1::RoundEvent> log;
};

// An event is told whole, with the round beside it, and clients take answers of 4 MiB by default.
inline constexpr size_t kMostEventBytes = 3 << 20;

// Who applies events, when, until when it has to be worked out, and how large each may become.
struct Applying {
  std::string applier;
  jp::CivilDay day;
  Deadline deadline;
  size_t most_event_bytes = kMostEventBytes;  // other than in tests
};

// EVENT_TOO_LARGE.
absl::Status CheckBytes(const google::protobuf::Message& event, const Applying& applying);

// The next events of a log, one for each change: the log is replayed, and has to come to what it says. What came of the
// changes is judged by code that knows nothing of how. EVENTS_NOT_OF_OBJECTIVE, EVENTS_TOO_MANY,
// ROUND_TOO_LARGE_FOR_EVENTS, EVENT_LOG_DAMAGED; or all that is wrong with the changes; where nothing is,
// EVENT_BUDGET_EXCEEDED and EVENT_TOO_LARGE.
absl::StatusOr<std::vector<v1::RoundEvent>> ApplyChanges(
    const LoggedRound& round, const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes,
    const Applying& applying);

// Judges a log and the matching that it leaves.
absl::StatusOr<v1::VerifyEventsResponse> VerifyLog(const LoggedRound& round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_APPLIED_EVENTS_H_
