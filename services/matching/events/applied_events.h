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

// A round that was solved by today's rules, and its log.
struct LoggedRound {
  SolvedRound solved;
  std::vector<v1::RoundEvent> log;
};

// An event is sent whole, together with the round, and clients accept messages of 4 MiB by default.
inline constexpr size_t kMostEventBytes = 3 << 20;

// Who applies events, on which day, the deadline of the computation, and the largest size of an event.
struct Applying {
  std::string applier;
  jp::CivilDay day;
  Deadline deadline;
  size_t most_event_bytes = kMostEventBytes;  // tests set a smaller value
};

// Errors: EVENT_TOO_LARGE.
absl::Status CheckBytes(const google::protobuf::Message& event, const Applying& applying);

// Returns the next events of a log, one for each change. The log is replayed, and the result must match it. Code that
// is independent of the computation judges the results. Errors: EVENTS_NOT_OF_OBJECTIVE, EVENTS_TOO_MANY,
// ROUND_TOO_LARGE_FOR_EVENTS, EVENT_LOG_DAMAGED; or all faults in the changes; if there are none, EVENT_BUDGET_EXCEEDED
// and EVENT_TOO_LARGE.
absl::StatusOr<std::vector<v1::RoundEvent>> ApplyChanges(
    const LoggedRound& round, const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes,
    const Applying& applying);

// Judges a log and the matching that results from it.
absl::StatusOr<v1::VerifyEventsResponse> VerifyLog(const LoggedRound& round);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_APPLIED_EVENTS_H_
