#ifndef TSUNAGU_SERVICES_MATCHING_WITHIN_H_
#define TSUNAGU_SERVICES_MATCHING_WITHIN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::matching {

// Whether an area is a whole prefecture: areas/310000.
bool IsPrefecture(const std::string& area);
// Whether `area` lies in a municipality or prefecture; everything lies in an empty one.
bool LiesIn(const std::string& area, const std::string& wider);
// A filter for rows whose `field` lies in an area, or says nothing; empty for an empty area.
std::string InArea(absl::string_view field, const std::string& area);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_WITHIN_H_
