#include "common/records/view.h"

#include "common/records/parts.h"

namespace tsunagu::store {

jp::CivilDay View::Today() const { return parts_.Today(); }

const identity::Places& View::places() const { return parts_.places(); }

}  // namespace tsunagu::store
