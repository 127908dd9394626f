#include "services/registry/rules/area.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

jp::AreaCode Code(absl::string_view six) { return *jp::AreaCode::Parse(six); }

TEST(KindOf, FollowsCodeAndName) {
  struct Case {
    const char* name;
    const char* code;
    const char* display_name;
    v1::AreaKind kind;
  };
  const Case cases[] = {
      {"prefecture", "310000", "鳥取県", v1::AREA_KIND_PREFECTURE},
      {"北海道 is one too", "010006", "北海道", v1::AREA_KIND_PREFECTURE},
      {"designated city", "011002", "札幌市", v1::AREA_KIND_DESIGNATED_CITY},
      {"second designated city", "221309", "浜松市", v1::AREA_KIND_DESIGNATED_CITY},
      {"ward of a designated city", "011011", "札幌市中央区", v1::AREA_KIND_WARD},
      {"special ward", "131016", "千代田区", v1::AREA_KIND_SPECIAL_WARD},
      {"city", "312011", "鳥取市", v1::AREA_KIND_CITY},
      {"city named after a county", "402168", "小郡市", v1::AREA_KIND_CITY},
      {"town", "313025", "岩美町", v1::AREA_KIND_TOWN},
      {"village", "133078", "檜原村", v1::AREA_KIND_VILLAGE},
      {"village of the northern territories", "016951", "色丹村", v1::AREA_KIND_NO_BODY},
      {"the last of them", "017001", "蘂取村", v1::AREA_KIND_NO_BODY},
      {"the town before them", "016942", "羅臼町", v1::AREA_KIND_TOWN},
      {"all special wards together", "131008", "特別区部", v1::AREA_KIND_NO_BODY},
      {"no kind in the name", "312011", "鳥取", v1::AREA_KIND_UNSPECIFIED},
      {"town among wards", "011011", "中央町", v1::AREA_KIND_UNSPECIFIED},
      {"ward among towns", "313025", "岩美区", v1::AREA_KIND_UNSPECIFIED},
      {"no name", "312011", "", v1::AREA_KIND_UNSPECIFIED},
      {"town with the number of a city", "312011", "鳥取町", v1::AREA_KIND_UNSPECIFIED},
      {"city with the number of a town", "313025", "岩美市", v1::AREA_KIND_UNSPECIFIED},
  };
  for (const Case& c : cases) EXPECT_EQ(KindOf(Code(c.code), c.display_name), c.kind) << c.name;
}

TEST(IsMunicipality, AllBodiesButPrefecturesAre) {
  std::string those;
  for (int kind = v1::AreaKind_MIN; kind <= v1::AreaKind_MAX; ++kind) {
    const auto one = static_cast<v1::AreaKind>(kind);
    if (IsMunicipality(one)) absl::StrAppend(&those, " ", v1::AreaKind_Name(one));
  }
  EXPECT_EQ(those, " AREA_KIND_DESIGNATED_CITY AREA_KIND_CITY AREA_KIND_SPECIAL_WARD AREA_KIND_TOWN AREA_KIND_VILLAGE");
}

TEST(CodeList, GivesEachRowItsKindAndParent) {
  struct Row {
    const char* code;
    const char* prefecture;
    const char* municipality;
    v1::AreaKind kind;
    const char* name;
    const char* parent;
  };
  const Row rows[] = {
      {"120006", "千葉県", "", v1::AREA_KIND_PREFECTURE, "千葉県", ""},
      {"121002", "千葉県", "千葉市", v1::AREA_KIND_DESIGNATED_CITY, "千葉市", "areas/120006"},
      {"121011", "千葉県", "千葉市中央区", v1::AREA_KIND_WARD, "千葉市中央区", "areas/121002"},
      {"122033", "千葉県", "市川市", v1::AREA_KIND_CITY, "市川市", "areas/120006"},
      {"130001", "東京都", "", v1::AREA_KIND_PREFECTURE, "東京都", ""},
      {"131016", "東京都", "千代田区", v1::AREA_KIND_SPECIAL_WARD, "千代田区", "areas/130001"},
      {"221007", "静岡県", "静岡市", v1::AREA_KIND_DESIGNATED_CITY, "静岡市", "areas/220001"},
      {"221309", "静岡県", "浜松市", v1::AREA_KIND_DESIGNATED_CITY, "浜松市", "areas/220001"},
      {"221317", "静岡県", "浜松市中区", v1::AREA_KIND_WARD, "浜松市中区", "areas/221309"},
      {"221015", "静岡県", "静岡市葵区", v1::AREA_KIND_WARD, "静岡市葵区", "areas/221007"},
      {"231011", "愛知県", "名古屋市千種区", v1::AREA_KIND_WARD, "名古屋市千種区",
       "areas/230006"},  // its city is not there
  };
  CodeList list;
  for (const Row& row : rows) {
    const v1::Area area = list.AreaOf(Code(row.code), row.prefecture, row.municipality);
    EXPECT_EQ(area.code(), row.code);
    EXPECT_EQ(area.kind(), row.kind) << row.code;
    EXPECT_EQ(area.display_name(), row.name) << row.code;
    EXPECT_EQ(area.parent(), row.parent) << row.code;
  }
}

std::string Found(const v1::Area& area) {
  Faults faults;
  CheckArea(area, faults);
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

v1::Area AnArea(const char* code, v1::AreaKind kind, const char* parent) {
  v1::Area area;
  area.set_code(code);
  area.set_kind(kind);
  area.set_parent(parent);
  return area;
}

TEST(CheckArea, KindAndParentFitTheCode) {
  struct Case {
    const char* name;
    v1::Area area;
    const char* found;
  };
  const Case cases[] = {
      {"prefecture", AnArea("310000", v1::AREA_KIND_PREFECTURE, ""), ""},
      {"city", AnArea("312011", v1::AREA_KIND_CITY, "areas/310000"), ""},
      {"ward", AnArea("221317", v1::AREA_KIND_WARD, "areas/221309"), ""},
      {"prefecture with a parent", AnArea("310000", v1::AREA_KIND_PREFECTURE, "areas/320005"),
       "parent:MALFORMED_VALUE"},
      {"city without a parent", AnArea("312011", v1::AREA_KIND_CITY, ""), "parent:FIELD_REQUIRED"},
      {"parent elsewhere", AnArea("312011", v1::AREA_KIND_CITY, "areas/320005"), "parent:MALFORMED_VALUE"},
      {"city as prefecture", AnArea("312011", v1::AREA_KIND_PREFECTURE, "areas/310000"), "kind:MALFORMED_VALUE"},
      {"prefecture as city", AnArea("310000", v1::AREA_KIND_CITY, "areas/320005"),
       "kind:MALFORMED_VALUE parent:MALFORMED_VALUE"},
      {"a code without a body", AnArea("016951", v1::AREA_KIND_NO_BODY, "areas/010006"), ""},
      {"a code without a body as a village", AnArea("016951", v1::AREA_KIND_VILLAGE, "areas/010006"),
       "kind:MALFORMED_VALUE"},
      {"a code that the contract refuses", AnArea("312012", v1::AREA_KIND_PREFECTURE, "x"), ""},
  };
  for (const Case& c : cases) EXPECT_EQ(Found(c.area), c.found) << c.name;
}

}  // namespace
}  // namespace tsunagu::registry::rules
