#ifndef TSUNAGU_SERVICES_MATCHING_WITHIN_H_
#define TSUNAGU_SERVICES_MATCHING_WITHIN_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"

namespace tsunagu::matching {

// Returns whether an area is a whole prefecture, as areas/310000.
bool IsPrefecture(const std::string& area);
// A name that stands for the prefecture of `area` here, which says it without its check digit; empty where `area` is
// none.
std::string PrefectureOf(const std::string& area);
// Whether `area` is in the prefecture `around`, or is it; nothing is in one that is no prefecture.
bool IsInPrefecture(const std::string& area, const std::string& around);

// The areas within an area on a day: for a prefecture its municipalities, for a designated city its wards. An empty
// area contains everything.
class Within {
 public:
  Within(const identity::Places& places, std::string area, jp::CivilDay day);

  const std::string& area() const { return area_; }
  // Returns whether the area contains `area`. An unspecified area is only within the area that contains everything.
  bool Has(const std::string& area) const;
  // Select the rows whose `field` is within the area, or is empty: a condition for the store, and a filter for other
  // services (empty: all rows).
  contract::Where Rows(absl::string_view field) const;
  std::string Filter(absl::string_view field) const;

 private:
  const std::string area_;
  std::set<std::string> areas_;  // for a municipality: itself, and the areas within it
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_WITHIN_H_
