#ifndef TSUNAGU_SERVICES_MATCHING_WITHIN_H_
#define TSUNAGU_SERVICES_MATCHING_WITHIN_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"

namespace tsunagu::matching {

// Whether an area is a whole prefecture: areas/310000.
bool IsPrefecture(const std::string& area);
// A name that stands for the prefecture of `area` here, which says it without its check digit; empty where `area` is
// none.
std::string PrefectureOf(const std::string& area);
// Whether `area` is in the prefecture `around`, or is it; nothing is in one that is no prefecture.
bool IsInPrefecture(const std::string& area, const std::string& around);

// What lies in an area on a day: in a prefecture its municipalities, in a designated city its wards. Everything lies in
// an empty one.
class Within {
 public:
  Within(const identity::Places& places, std::string area, jp::CivilDay day);

  const std::string& area() const { return area_; }
  // Whether it has `area`; one that nobody has said lies in everything alone.
  bool Has(const std::string& area) const;
  // Rows whose `field` lies in it, or says nothing: for the store, and as a filter for others (empty: all rows).
  contract::Where Rows(absl::string_view field) const;
  std::string Filter(absl::string_view field) const;

 private:
  const std::string area_;
  std::set<std::string> areas_;  // of a municipality: itself, and what lies in it
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_WITHIN_H_
