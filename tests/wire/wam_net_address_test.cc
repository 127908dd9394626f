// Import through the wire: the area of an office is derived from its address, as people spell addresses.
#include <iterator>

#include "tests/wire/wam_net_test_base.h"

namespace tsunagu::wire {
namespace {

constexpr char kMunicipality[] = "事業所住所（市区町村）";

class WamNetAddressTest : public WamNetTest {};
WIRE_TEST_ON_BOTH(WamNetAddressTest);

TEST_P(WamNetAddressTest, AddressesFindTheirAreaOrSayWhyNot) {
  ImportAreas();
  registry_v1::Area ended = *GetArea("areas/221317");  // 浜松市中区, gone since 2024
  ended.mutable_valid_to_date()->set_year(2023);
  ended.mutable_valid_to_date()->set_month(12);
  ended.mutable_valid_to_date()->set_day(31);
  registry_v1::UpdateAreaRequest end;
  *end.mutable_area() = ended;
  end.mutable_update_mask()->add_paths("valid_to_date");
  ASSERT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", end)), "OK");
  // 静岡市 before 2003: another code, the same name. It comes last into the list, and must not win.
  registry_v1::Area old = AnArea("222011", registry_v1::AREA_KIND_CITY, "静岡市", "areas/220001");
  *old.mutable_valid_to_date() = ended.valid_to_date();
  Create(old);
  registry_v1::Area gone = AnArea("313041", registry_v1::AREA_KIND_TOWN, "架空町", "areas/310000");
  *gone.mutable_valid_to_date() = ended.valid_to_date();
  Create(gone);

  struct Case {
    const char* name;
    const char* designator;
    const char* address;
    const char* street;
    const char* area;  // its code; empty where none is to be found
    const char* warning = "";
  };
  const Case cases[] = {
      {"as listed", "31201", "鳥取県鳥取市", "尚徳町1", "312011"},
      {"ケ as ヶ", "14100", "神奈川県横浜市保土ヶ谷区", "川辺町2-9", "141062"},
      {"ケ as ガ", "14100", "神奈川県横浜市保土ガ谷区", "", "141062"},
      {"a space within", "01100", "北海道札幌市 中央区", "北一条西２丁目", "011011"},
      {"an ideographic space", "13000", "東京都　千代田区", "", "131016"},
      {"the ward in the other column", "01100", "北海道札幌市", "北区北24条", "011029"},
      {"a variation selector", "38202", "愛\U000E0100媛県今治市", "", "382027"},
      {"a zero-width space", "38202", "愛媛県\u200B今治市", "", "382027"},
      {"another character for the same", "04000", "宮城県塩釜市", "", "042030"},
      {"an old shape", "40000", "福岡県糟屋郡須惠町", "", "403440"},
      {"縣", "31000", "鳥取縣岩美郡岩美町", "", "313025"},
      {"竜 for 龍, ヶ", "08000", "茨城県竜ヶ崎市", "", "082082"},
      {"鹿嶋 in 茨城", "08000", "茨城県鹿島市", "", "082228"},
      {"鹿島 in 佐賀", "41000", "佐賀県鹿嶋市", "", "412074"},
      {"no prefecture", "27100", "大阪市谷町4丁目", "", "271004", "PREFECTURE_TAKEN"},
      {"no prefecture, a ward", "27100", "大阪市西区", "", "271063", "PREFECTURE_TAKEN"},
      {"no prefecture, two of that name", "34000", "府中市", "", "342084", "PREFECTURE_TAKEN"},
      {"no prefecture, the other", "13000", "府中市", "", "132063", "PREFECTURE_TAKEN"},
      {"no prefecture, a zero lost", "1100", "伊達市", "", "012335", "PREFECTURE_TAKEN"},
      {"no prefecture, 鹿島 for 鹿嶋", "08000", "鹿島市", "", "082228", "PREFECTURE_TAKEN"},
      {"no prefecture, designated elsewhere", "31000", "大阪市西区", "", "", "AREA_NOT_IN_ADDRESS"},
      {"no prefecture, no code", "", "大阪市西区", "", "", "AREA_NOT_IN_ADDRESS"},
      {"the code is never the answer", "31201", "どこか", "", "", "AREA_NOT_IN_ADDRESS"},
      {"nor against the address", "31201", "島根県松江市", "", "322016"},
      {"a ward nobody knows", "14100", "神奈川県横浜市架空区", "", "141003", "WARD_NOT_FOUND"},
      {"a new ward", "22130", "静岡県浜松市浜名区", "", "221309", "WARD_NOT_FOUND"},
      {"a ward that has ended", "22130", "静岡県浜松市中区", "", "221309", "WARD_NOT_FOUND"},
      {"a city with wards, none named", "27100", "大阪府大阪市", "谷町4丁目", "271004"},
      {"地区 is no ward", "14100", "神奈川県横浜市架空地区1", "", "141003"},
      {"an ended namesake", "22100", "静岡県静岡市葵区", "", "221015"},
      {"an ended namesake, the city", "22100", "静岡県静岡市", "追手町5", "221007"},
      {"only one that has ended", "31000", "鳥取県東伯郡架空町", "", "", "ENDED_AREA_IN_ADDRESS"},
      {"empty", "31000", "", "", "", "AREA_NOT_IN_ADDRESS"},
  };
  std::vector<Office> offices;
  for (size_t i = 0; i < std::size(cases); ++i) {
    offices.push_back({.designator = cases[i].designator,
                       .number = absl::StrCat("A", i),
                       .name = absl::StrCat("架空", i),
                       .address = cases[i].address,
                       .street = cases[i].street});
  }
  const Imported imported = Import(offices);
  std::map<std::string, std::string> told;  // by row
  for (const std::string& row : imported.rows) told[row.substr(0, row.find(' '))] = row.substr(row.find(' ') + 1);
  std::map<std::string, registry_v1::Facility> stored = Stored();
  for (size_t i = 0; i < std::size(cases); ++i) {
    const std::string area = *cases[i].area ? absl::StrCat("areas/", cases[i].area) : "";
    EXPECT_EQ(stored[absl::StrCat("A", i)].area(), area) << cases[i].name;
    const std::string warning = *cases[i].warning ? absl::StrCat("warned ", kMunicipality, ":", cases[i].warning) : "";
    EXPECT_EQ(told[absl::StrCat(i + 2)], warning) << cases[i].name;
    const std::string designator = cases[i].designator;
    EXPECT_EQ(stored[absl::StrCat("A", i)].designated_by(), designator == "1100" ? "01100" : designator);
  }
}

}  // namespace
}  // namespace tsunagu::wire
