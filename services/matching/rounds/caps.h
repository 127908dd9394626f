#ifndef TSUNAGU_SERVICES_MATCHING_CAPS_H_
#define TSUNAGU_SERVICES_MATCHING_CAPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/identity/places.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

// Adds the faults in the caps, floors and weights of a round by themselves: another kind of place, a repeated place, a
// floor above its cap, a field that the objective does not use.
void CheckCaps(const v1::Round& round, Faults& faults);

// Writes into a canonical snapshot the openings that each cap and floor of the round counts, wider ones first, by the
// nesting of places on the day of the round; and the weights of its openings. Errors: CAPS_CROSS, with every pair of
// caps that cross.
absl::Status AddCaps(const identity::Places& places, const v1::Round& round, v1::Snapshot& snapshot);

// Adds SNAPSHOT_CAPS_DIFFER for each cap or floor of a sent snapshot that differs from the round's, so that no sent
// value is ignored silently.
void CheckSentCaps(const v1::Round& round, const v1::Snapshot& sent, Faults& faults);

// Returns, sorted, the places of caps, floors and weights of the round that contain no opening of the snapshot.
std::vector<std::string> IdlePlaces(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot);

// Returns the places of a snapshot's caps that count an opening which joins the round later, in the order of the
// snapshot.
std::vector<std::string> CapsAround(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot, const v1::SnapshotOpening& opening);
// Errors: EVENT_CAPS_CROSS at `field` if an arriving opening would be in two caps of which neither lies within the
// other. `counting` are the places of the caps that count it.
using CapPlaces = google::protobuf::RepeatedPtrField<std::string>;
bool IsAmong(const CapPlaces& counting, const v1::SnapshotCap& cap);
absl::Status CheckCapsStayNested(const v1::Snapshot& snapshot, const std::string& opening, const CapPlaces& counting,
                                 absl::string_view field);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_CAPS_H_
