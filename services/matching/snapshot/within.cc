#include "services/matching/snapshot/within.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::matching {
namespace {

constexpr size_t kNameSize = 12;  // areas/312011

// What the names of a prefecture and of all in it begin with: areas/31.
std::string BeginningOf(const std::string& area) { return area.substr(0, 8); }

}  // namespace

bool IsPrefecture(const std::string& area) { return area.size() == kNameSize && area.substr(8, 3) == "000"; }

std::string PrefectureOf(const std::string& area) {
  return area.size() == kNameSize ? BeginningOf(area) + "0000" : std::string();
}

bool IsInPrefecture(const std::string& area, const std::string& around) {
  return IsPrefecture(around) && BeginningOf(area) == BeginningOf(around);
}

Within::Within(const identity::Places& places, std::string area, jp::CivilDay day) : area_(std::move(area)) {
  if (area_.empty() || IsPrefecture(area_)) return;
  areas_.insert(area_);
  for (const std::string& key : places.ReachOf(area_, day)) {
    if (absl::StartsWith(key, "areas/") && key.size() == kNameSize) areas_.insert(key);
  }
}

bool Within::Has(const std::string& area) const {
  if (area_.empty()) return true;
  return IsPrefecture(area_) ? IsInPrefecture(area, area_) : areas_.count(area) > 0;
}

contract::Where Within::Rows(absl::string_view field) const {
  using contract::Where;
  if (area_.empty()) return Where();
  const std::string prefecture = BeginningOf(area_);
  const Where inside = IsPrefecture(area_)
                           ? Where::AtLeast(field, prefecture) && Where::AtMost(field, prefecture + "9999")
                           : Where::OneOf(field, areas_);
  return inside || !Where::IsSet(field);
}

std::string Within::Filter(absl::string_view field) const {
  if (area_.empty()) return "";
  std::string filter = absl::StrCat("(NOT ", field, ":*");
  if (IsPrefecture(area_)) {
    const std::string prefecture = BeginningOf(area_);
    absl::StrAppend(&filter, " OR (", field, " >= \"", prefecture, "\" AND ", field, " <= \"", prefecture, "9999\")");
  }
  for (const std::string& area : areas_) absl::StrAppend(&filter, " OR ", field, " = \"", area, "\"");
  return filter + ")";
}

}  // namespace tsunagu::matching
