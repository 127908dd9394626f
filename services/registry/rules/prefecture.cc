#include "services/registry/rules/prefecture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"

namespace tsunagu::registry::rules {
namespace {

absl::StatusOr<jp::AreaCode> CodeOf(absl::string_view area) {
  return jp::AreaCode::Parse(absl::StripPrefix(area, "areas/"));
}

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

std::string PrefectureOf(absl::string_view area) {
  const auto code = CodeOf(area);
  if (!code.ok()) return "";
  const auto prefecture = jp::AreaCode::FromFive(absl::StrCat(code->prefecture(), "000"));
  return prefecture.ok() ? absl::StrCat("areas/", prefecture->six()) : "";
}

}  // namespace tsunagu::registry::rules
