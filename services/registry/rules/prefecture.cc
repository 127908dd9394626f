#include "services/registry/rules/prefecture.h"

#include "absl/strings/strip.h"
#include "common/jp/area_code.h"

namespace tsunagu::registry::rules {
namespace {

absl::StatusOr<jp::AreaCode> CodeOf(absl::string_view area) { return jp::AreaCode::Parse(absl::StripPrefix(area, "areas/")); }

}  // namespace

void CheckPrefecture(absl::string_view prefecture, Faults& faults) {
  if (prefecture.empty()) return;
  const auto code = CodeOf(prefecture);
  if (!code.ok() || !code->IsPrefecture()) faults.Add("prefecture", "MALFORMED_VALUE"_reason);
}

bool LiesOutside(absl::string_view area, absl::string_view prefecture) {
  const auto code = CodeOf(area), above = CodeOf(prefecture);
  return code.ok() && above.ok() && code->prefecture() != above->prefecture();
}

}  // namespace tsunagu::registry::rules
