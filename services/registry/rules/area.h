#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_AREA_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_AREA_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/jp/area_code.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry::rules {

// Returns the legal kind of an area from its code and its name; unspecified if they contradict each other.
v1::AreaKind KindOf(const jp::AreaCode& code, absl::string_view display_name);

// Returns whether the kind is a municipality (市区町村): designated cities and special wards are, wards of designated
// cities are not.
bool IsMunicipality(v1::AreaKind kind);

// Completes areas of the Ministry's code list, which has neither kind nor parent. A city must come before its wards, or
// be known already.
class CodeList {
 public:
  // Adds an existing area.
  void Know(const v1::Area& area);
  // Returns the area of one row; `municipality` is empty for a prefecture.
  v1::Area AreaOf(const jp::AreaCode& code, absl::string_view prefecture, absl::string_view municipality);

 private:
  std::map<std::string, std::string> cities_;  // "22" + 浜松市 -> 221309
};

// Adds the faults in an area beyond its contract: a kind that contradicts its code, an area that cannot be its parent.
void CheckArea(const v1::Area& area, Faults& faults);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_AREA_H_
