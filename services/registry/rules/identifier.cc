#include "services/registry/rules/identifier.h"

#include <vector>

#include "absl/strings/str_split.h"
#include "common/jp/office_number.h"

namespace tsunagu::registry::rules {

void CheckIdentifier(absl::string_view identifier, Faults& faults) {
  const std::vector<absl::string_view> parts = absl::StrSplit(identifier, '/');
  if (parts.size() != 3) return faults.Add("identifiers", "MALFORMED_VALUE"_reason);
  if (parts[0] != "office") return;
  const auto warning = jp::CheckOfficeNumber(parts[1]);
  if (!warning.ok()) return faults.Add("identifiers", warning.status());
  if (!warning->none()) faults.Add("identifiers", *warning);
}

}  // namespace tsunagu::registry::rules
