#ifndef TSUNAGU_SERVICES_MATCHING_EVENT_LOG_H_
#define TSUNAGU_SERVICES_MATCHING_EVENT_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/blobs.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {

// The log of a round is a blob of the round, with one part for each event. A part is written once, in the transaction
// that counts the event in the round. Event is v1::RoundEvent, or v1::VisitEvent for a round of visits.
template <typename Event>
absl::Status StoreEvent(store::Tx& tx, absl::string_view round, const Event& event);
// Returns the events with numbers above `after`, up to and including `until`, in order.
template <typename Event = v1::RoundEvent>
absl::StatusOr<std::vector<Event>> LoadEvents(store::View& view, absl::string_view round, int32_t after, int32_t until);

// Returns the digest of an event, which depends on the digest of the event before.
template <typename Event>
std::string DigestOf(const Event& event, absl::string_view before);
// Returns whether the log has events 1 to the round's last one, each with a correct digest.
template <typename Event>
bool IsWhole(const v1::Round& round, const std::vector<Event>& log);

// Returns, for each nurse in the order of names, what she has after a log; a nurse who has left is not included. Uses
// only the moves of the events, not their causes.
using Seats = std::map<std::string, std::string>;
Seats SeatsAfter(const std::vector<v1::Assignment>& result, const std::vector<v1::RoundEvent>& log);
// As SeatsAfter, for a round after its event of that number. Errors: ROUND_NOT_SOLVED.
absl::StatusOr<Seats> LoadSeats(store::View& view, const v1::Round& round, int32_t after_event);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EVENT_LOG_H_
