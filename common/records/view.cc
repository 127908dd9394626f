#include "common/records/view.h"

#include "common/records/store.h"

namespace tsunagu::store {

jp::CivilDay View::Today() const { return store_.Today(); }

const identity::Places& View::places() const { return store_.places(); }

}  // namespace tsunagu::store
