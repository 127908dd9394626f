#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::registry::rules {

// The text without control characters: a line break or a tab within it becomes a space, or stays where the text may
// have `lines`; every other is left out, and so is space at both ends. Equal to `cell` where there was nothing to do.
std::string WithoutControls(absl::string_view cell, bool lines);

// Children a day from a cell that is not empty: 10, １０, 10人, 10名. Absent for all that is no such number from 1 to
// 10,000: 0, a range, a sign.
absl::optional<int32_t> ReadCapacity(absl::string_view cell);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_OPEN_DATA_H_
