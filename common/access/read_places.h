#ifndef TSUNAGU_COMMON_ACCESS_READ_PLACES_H_
#define TSUNAGU_COMMON_ACCESS_READ_PLACES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/access/place_graph.h"
#include "common/contract/schema.h"
#include "common/records/view.h"
#include "common/text/where.h"

namespace tsunagu::access {

// Returns the condition for the records of a table that state where a place lies.
contract::Where SayingPlaces(const contract::Schema& schema);

// Reads the hierarchy of places from all records of a store whose contract has `within`, without a scope: as they are
// now, or as they were known when the chain had reached `known_place`.
absl::StatusOr<PlaceGraph> ReadPlaces(store::View& view, const absl::optional<int64_t>& known_place);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_READ_PLACES_H_
