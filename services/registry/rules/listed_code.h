#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_LISTED_CODE_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_LISTED_CODE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/jp/area_code.h"

namespace tsunagu::registry::rules {

// The present names of the existing areas, by code.
using AreaNames = std::map<std::string, std::string>;

// A row of a list of codes: the code, possibly damaged by a spreadsheet, and the names beside it.
struct ListedCode {
  std::string code;
  std::string prefecture;    // 都道府県名; may be empty
  std::string municipality;  // 市区町村名; empty for the prefecture itself
};

// Reads the code. Of the readings that a damaged one has, the prefecture's name decides or, where the row has none, the
// name that the area has today.
// - As jp::ReadAreaCode, where it is no code at all.
// - UNKNOWN_PREFECTURE: there is none of that name.
// - AREA_CODE_CONTRADICTED: no reading lies in that prefecture, the code is that of a whole prefecture and the row
// names a
//   municipality, or the only reading of a damaged code is that of an area with another name, or of none while another
//   area of that prefecture has the name.
// - AREA_CODE_UNCLEAR: two readings, and nothing decides.
absl::StatusOr<jp::AreaCodeReading> ReadListedCode(const ListedCode& row, const AreaNames& names);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_LISTED_CODE_H_
