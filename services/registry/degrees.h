#ifndef TSUNAGU_SERVICES_REGISTRY_DEGREES_H_
#define TSUNAGU_SERVICES_REGISTRY_DEGREES_H_

#include <cstdint>
#include <string>

#include "common/base/error.h"
#include "services/registry/rules/address.h"

namespace tsunagu::registry {

// Passes a cell of degrees with decimals to `set` as millionths. An empty cell has no value; any other text is a fault
// of `column`.
template <typename Set>
void ReadDegrees(const std::string& cell, const std::string& column, Faults& faults, Set set) {
  if (cell.empty()) return;
  int32_t millionths = 0;
  if (!rules::ParseMillionths(cell, millionths)) return faults.Add(column, "MALFORMED_VALUE"_reason);
  set(millionths);
}

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_DEGREES_H_
