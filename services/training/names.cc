#include "services/training/names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/prefecture.h"

namespace tsunagu::training {

std::string BodyText(absl::string_view area) {
  const std::string code(absl::StripPrefix(area, "areas/"));
  const std::string prefecture(jp::PrefectureName(absl::string_view(code).substr(0, 2)));
  if (prefecture.empty()) return code;
  return absl::string_view(code).substr(2, 3) == "000" ? prefecture : absl::StrCat(prefecture, " ", code);
}

}  // namespace tsunagu::training
