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

// The log of a round is a blob of it, an event a part, written once in the transaction that counts it in the round.
// Event is v1::RoundEvent, or v1::VisitEvent of a round of visits.
template <typename Event>
absl::Status StoreEvent(store::Tx& tx, absl::string_view round, const Event& event);
// Those with numbers above `after`, up to `until`, in their order.
template <typename Event = v1::RoundEvent>
absl::StatusOr<std::vector<Event>> LoadEvents(store::View& view, absl::string_view round, int32_t after, int32_t until);

// What the digest of an event is, by the digest before it.
template <typename Event>
std::string DigestOf(const Event& event, absl::string_view before);
// Whether events 1 to the round's last are there, each with its digest.
template <typename Event>
bool IsWhole(const v1::Round& round, const std::vector<Event>& log);

// By nurse, in the order of their names, what she has after a log; who has gone is not in it. Knows of moves only, and
// nothing of how they came about.
using Seats = std::map<std::string, std::string>;
Seats SeatsAfter(const std::vector<v1::Assignment>& result, const std::vector<v1::RoundEvent>& log);
// The same of a round, after its event of that number. ROUND_NOT_SOLVED.
absl::StatusOr<Seats> LoadSeats(store::View& view, const v1::Round& round, int32_t after_event);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EVENT_LOG_H_
