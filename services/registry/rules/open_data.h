#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::registry::rules {

// Returns the text without control characters. A line break or tab within the text becomes a space, or stays if the
// text may have `lines`; all other control characters, and space at both ends, are removed. Equal to `cell` if there
// was nothing to change.
std::string WithoutControls(absl::string_view cell, bool lines);

// Returns the children a day from a non-empty cell: 10, １０, 10人, 10名. Absent for anything but a number from 1 to
// 10,000: 0, a range, a sign.
absl::optional<int32_t> ReadCapacity(absl::string_view cell);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_
