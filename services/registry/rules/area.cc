#include "services/registry/rules/area.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::registry::rules {
namespace {

constexpr absl::string_view kCity = "市", kTown = "町", kVillage = "村", kWard = "区";

// 指定都市 and their wards have 100 to 199, as do 特別区 in Tokyo; cities 201 to 299; towns and villages 301 and up.
bool InFirstHundred(const jp::AreaCode& code) { return code.five()[2] == '1'; }
bool InSecondHundred(const jp::AreaCode& code) { return code.five()[2] == '2'; }

// Returns true for codes in lists that are not bodies: the villages of the northern territories, and all special wards
// together.
bool IsWithoutABody(const jp::AreaCode& code) {
  const std::string five = code.five();
  return five == "13100" || ("01695" <= five && five <= "01700");
}

// The city in a ward's name: 浜松市 in 浜松市天竜区.
absl::string_view CityIn(absl::string_view ward) {
  const size_t at = ward.find(kCity, kCity.size());  // 市 may begin a name (市川市)
  return at == absl::string_view::npos ? absl::string_view() : ward.substr(0, at + kCity.size());
}

}  // namespace

v1::AreaKind KindOf(const jp::AreaCode& code, absl::string_view display_name) {
  if (code.IsPrefecture()) return v1::AREA_KIND_PREFECTURE;
  if (IsWithoutABody(code)) return v1::AREA_KIND_NO_BODY;
  if (InFirstHundred(code)) {
    if (absl::EndsWith(display_name, kCity)) return v1::AREA_KIND_DESIGNATED_CITY;
    if (!absl::EndsWith(display_name, kWard)) return v1::AREA_KIND_UNSPECIFIED;
    return code.prefecture() == "13" ? v1::AREA_KIND_SPECIAL_WARD : v1::AREA_KIND_WARD;
  }
  if (InSecondHundred(code)) {
    return absl::EndsWith(display_name, kCity) ? v1::AREA_KIND_CITY : v1::AREA_KIND_UNSPECIFIED;
  }
  if (absl::EndsWith(display_name, kTown)) return v1::AREA_KIND_TOWN;
  if (absl::EndsWith(display_name, kVillage)) return v1::AREA_KIND_VILLAGE;
  return v1::AREA_KIND_UNSPECIFIED;
}

bool IsMunicipality(v1::AreaKind kind) {
  switch (kind) {
    case v1::AREA_KIND_DESIGNATED_CITY:
    case v1::AREA_KIND_CITY:
    case v1::AREA_KIND_SPECIAL_WARD:
    case v1::AREA_KIND_TOWN:
    case v1::AREA_KIND_VILLAGE:
      return true;
    default:
      return false;
  }
}

void CodeList::Know(const v1::Area& area) {
  if (area.kind() == v1::AREA_KIND_DESIGNATED_CITY) {
    // Keeps the first: an existing area is more reliable than a file whose names may be shifted.
    cities_.try_emplace(absl::StrCat(area.code().substr(0, 2), area.display_name()), area.code());
  }
}

v1::Area CodeList::AreaOf(const jp::AreaCode& code, absl::string_view prefecture, absl::string_view municipality) {
  v1::Area area;
  area.set_code(code.six());
  area.set_display_name(std::string(municipality.empty() ? prefecture : municipality));
  area.set_kind(KindOf(code, area.display_name()));
  if (area.kind() == v1::AREA_KIND_PREFECTURE) return area;
  const auto parent = jp::AreaCode::FromFive(absl::StrCat(code.prefecture(), "000"));
  if (parent.ok()) area.set_parent(absl::StrCat("areas/", parent->six()));
  Know(area);
  if (area.kind() == v1::AREA_KIND_WARD) {
    const auto city = cities_.find(absl::StrCat(code.prefecture(), CityIn(area.display_name())));
    if (city != cities_.end()) area.set_parent(absl::StrCat("areas/", city->second));
  }
  return area;
}

void CheckArea(const v1::Area& area, Faults& faults) {
  const auto code = jp::AreaCode::Parse(area.code());
  if (!code.ok()) return;  // the contract reports it
  const bool is_wrong = IsWithoutABody(*code) && area.kind() != v1::AREA_KIND_NO_BODY;
  if (is_wrong || code->IsPrefecture() != (area.kind() == v1::AREA_KIND_PREFECTURE)) {
    faults.Add("kind", "MALFORMED_VALUE"_reason);
  }
  const bool same_prefecture = absl::StartsWith(area.parent(), absl::StrCat("areas/", code->prefecture()));
  if (code->IsPrefecture() ? !area.parent().empty() : !same_prefecture) {
    faults.Add("parent", area.parent().empty() ? "FIELD_REQUIRED"_reason : "MALFORMED_VALUE"_reason);
  }
}

}  // namespace tsunagu::registry::rules
