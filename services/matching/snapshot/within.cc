#include "services/matching/snapshot/within.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::matching {

bool IsPrefecture(const std::string& area) { return area.size() == 12 && area.substr(8, 3) == "000"; }

bool LiesIn(const std::string& area, const std::string& wider) {
  if (wider.empty()) return true;
  return IsPrefecture(wider) ? area.substr(0, 8) == wider.substr(0, 8) : area == wider;
}

std::string InArea(absl::string_view field, const std::string& area) {
  if (area.empty()) return "";
  if (IsPrefecture(area)) {
    const std::string prefecture = area.substr(0, 8);
    return absl::StrCat("(NOT ", field, ":* OR (", field, " >= \"", prefecture, "\" AND ", field, " <= \"", prefecture,
                        "9999\"))");
  }
  return absl::StrCat("(NOT ", field, ":* OR ", field, " = \"", area, "\")");
}

}  // namespace tsunagu::matching
