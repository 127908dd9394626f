#ifndef TSUNAGU_SERVICES_MATCHING_CAPS_H_
#define TSUNAGU_SERVICES_MATCHING_CAPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/identity/places.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Adds what is wrong with the caps, floors and weights of a round by themselves: another kind of place, a place twice,
// a floor above its cap, what the objective knows nothing of.
void CheckCaps(const v1::Round& round, Faults& faults);

// Writes into a canonical snapshot what each cap and floor of the round counts, as places lie in one another on the day
// of the round, wider ones first; and what its openings weigh. CAPS_CROSS, with every pair that does.
absl::Status AddCaps(const identity::Places& places, const v1::Round& round, v1::Snapshot& snapshot);

// Adds SNAPSHOT_CAPS_DIFFER for each cap or floor of a snapshot that somebody sends which the round does not have so:
// nothing that is sent is passed over.
void CheckSentCaps(const v1::Round& round, const v1::Snapshot& sent, Faults& faults);

// The places of caps, floors and weights of the round in which no opening of the snapshot stands, sorted.
std::vector<std::string> IdlePlaces(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot);

// The places of a snapshot's caps that count an opening which comes to the round later, in the order of the snapshot.
std::vector<std::string> CapsAround(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot, const v1::SnapshotOpening& opening);
// EVENT_CAPS_CROSS at `field` where an opening that comes would lie in two caps of which neither lies within the other.
// `counting` are the places of the caps that count it.
using CapPlaces = google::protobuf::RepeatedPtrField<std::string>;
bool IsAmong(const CapPlaces& counting, const v1::SnapshotCap& cap);
absl::Status CheckCapsStayNested(const v1::Snapshot& snapshot, const std::string& opening, const CapPlaces& counting,
                                 absl::string_view field);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_CAPS_H_
