#ifndef TSUNAGU_TOOLS_DEMO_BASIS_H_
#define TSUNAGU_TOOLS_DEMO_BASIS_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"

namespace tsunagu::demo {

// Returns the first legal basis in `prefecture` (areas/310000; empty: anywhere) that is in force today; a basis without
// a name if there is none.
absl::StatusOr<matching::v1::LegalBasis> BasisOfToday(const suite::Client& client, const std::string& prefecture);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_BASIS_H_
