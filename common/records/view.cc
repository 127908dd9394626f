#include "common/records/view.h"

#include <utility>

#include "common/records/parts.h"
#include "common/records/side_rows.h"

namespace tsunagu::store {

jp::CivilDay View::Today() const { return parts_.Today(); }

void View::WriteSideRows() { (void)std::exchange(side_rows_, nullptr)->Write(session_); }

const identity::Places& View::places() const { return parts_.places(); }

}  // namespace tsunagu::store
