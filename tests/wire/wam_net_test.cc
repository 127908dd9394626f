// Import through the wire: WAM NET's open data, with what is wrong in it and what is not wanted of it.
#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/listed_areas.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/service_kind.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHeading[] =
    "都道府県コード又は市区町村コード,NO（※システム内の固有の番号、連番）,サービス種別,事業所の名称,事業所番号,"
    "事業所住所（市区町村）,事業所住所（番地以降）,事業所緯度,事業所経度,定休日,定員\r\n";
constexpr char kMunicipality[] = "事業所住所（市区町村）";

struct Office {
  std::string designator = "31000", number = "A1", service = "保育所等訪問支援", name = "架空の一", office = "",
              address = "鳥取県鳥取市", street = "", latitude = "", closed = "", capacity = "";
};

std::string File(const std::vector<Office>& offices) {
  std::string file = kHeading;
  for (const Office& o : offices) {
    absl::StrAppend(&file, o.designator, ",", o.number, ",", o.service, ",", o.name, ",", o.office, ",", o.address, ",",
                    o.street, ",", o.latitude, ",,\"", o.closed, "\",", o.capacity, "\r\n");
  }
  return file;
}

class WamNetTest : public SuiteTest {
 protected:
  void ImportAreas() { ASSERT_EQ(ImportCsv(admin(), "areas", CodeList(ListedAreas())).counts.refused_count(), 0); }
  Imported Import(const std::vector<Office>& offices, bool full = false, bool rename = false) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("facilities");
    options.set_full(full);
    options.set_rename(rename);
    return ImportCsv(admin(), options, File(offices));
  }
  std::map<std::string, registry_v1::Facility> Stored() {
    registry_v1::ListFacilitiesRequest request;
    request.set_page_size(1000);
    const auto listed =
        admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
    EXPECT_EQ(Said(listed), "OK");
    std::map<std::string, registry_v1::Facility> stored;
    for (const auto& facility : listed->facilities()) {
      if (!facility.source_key().empty()) stored[facility.source_key().substr(7)] = facility;
    }
    return stored;
  }
};
WIRE_TEST_ON_BOTH(WamNetTest);

TEST_P(WamNetTest, AddressesFindTheirAreaOrSayWhyNot) {
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
    offices.push_back({.designator = cases[i].designator, .number = absl::StrCat("A", i), .name = absl::StrCat("架空", i),
                       .address = cases[i].address, .street = cases[i].street});
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

TEST_P(WamNetTest, WhatIsUnreadableIsUnknownAndNeverCostsTheOffice) {
  ImportAreas();
  struct Case {
    const char* capacity;
    int32_t children;  // 0: unknown
    bool warned;
  };
  const Case cases[] = {{"", 0, false},   {"10", 10, false},    {"１０", 10, false}, {"10人", 10, false},
                        {"１０名", 10, false}, {"0", 0, true},   {"０", 0, true},     {"-", 0, true},
                        {"－", 0, true},  {"10～20", 0, true},  {"5-10", 0, true},   {"10.5", 0, true},
                        {"約10", 0, true}, {"99999", 0, true}, {"人", 0, true},     {"1e1", 0, true}};
  std::vector<Office> offices;
  for (size_t i = 0; i < std::size(cases); ++i) {
    offices.push_back({.number = absl::StrCat(i), .name = absl::StrCat("架空", i), .capacity = cases[i].capacity});
  }
  offices.push_back({.number = "x", .name = "名\x7f前\t", .latitude = "0", .closed = "土\r\n日\x01"});
  offices.push_back({.number = "y", .name = "名\x1f前の\t二", .latitude = "N35"});
  const Imported imported = Import(offices);
  EXPECT_EQ(imported.counts.created_count(), static_cast<int64_t>(offices.size())) << absl::StrJoin(imported.rows, "\n");
  std::map<std::string, registry_v1::Facility> stored = Stored();
  for (size_t i = 0; i < std::size(cases); ++i) {
    const registry_v1::Facility& office = stored[absl::StrCat(i)];
    EXPECT_EQ(office.has_capacity(), cases[i].children != 0) << cases[i].capacity;
    EXPECT_EQ(office.capacity(), cases[i].children) << cases[i].capacity;
    const std::string told = absl::StrCat(i + 2, " warned 定員:COUNTS_AS_UNKNOWN");
    EXPECT_EQ(std::count(imported.rows.begin(), imported.rows.end(), told), cases[i].warned ? 1 : 0) << cases[i].capacity;
  }
  EXPECT_EQ(stored["x"].display_name(), "名前");
  EXPECT_EQ(stored["x"].closed_days(), "土\n日");
  EXPECT_EQ(stored["y"].display_name(), "名前の 二");
  EXPECT_FALSE(stored["x"].has_latitude_e6());
  const size_t last = imported.rows.size();
  EXPECT_EQ(imported.rows[last - 2],
            "18 warned 事業所の名称:CONTROL_CHARACTERS 事業所緯度:COUNTS_AS_UNKNOWN 定休日:CONTROL_CHARACTERS");
  EXPECT_EQ(imported.rows[last - 1], "19 warned 事業所の名称:CONTROL_CHARACTERS 事業所緯度:COUNTS_AS_UNKNOWN");
}

TEST_P(WamNetTest, OfficesOfOtherServicesAreCountedApartUntilTheyAreWanted) {
  ImportAreas();
  const std::vector<Office> offices = {{.number = "1"},
                                       {.number = "2", .service = "架空介護", .office = "3110000019"},
                                       {.number = "3", .service = "架空介護"},
                                       {.number = "4", .service = "架空ホーム"}};
  const Imported first = Import(offices);
  EXPECT_EQ(first.summary, "4 rows: 1 created, 3 not wanted");
  EXPECT_THAT(first.rows, IsEmpty());
  ASSERT_EQ(first.counts.not_wanted_size(), 2);
  EXPECT_EQ(first.counts.not_wanted(0).value(), "架空介護");
  EXPECT_EQ(first.counts.not_wanted(0).row_count(), 2);
  ASSERT_EQ(ImportCsv(admin(), "serviceKinds", "code,display_name\n22,架空介護\n").summary, "1 rows: 1 created");
  EXPECT_EQ(Import(offices).summary, "4 rows: 2 created, 1 unchanged, 1 not wanted");
  const registry_v1::Facility office = Stored()["2"];
  EXPECT_EQ(office.other_service_kind(), "serviceKinds/22");
  EXPECT_EQ(office.service_kind(), registry_v1::FACILITY_SERVICE_KIND_UNSPECIFIED);
  EXPECT_THAT(office.identifiers(), ElementsAre("office/3110000019/22"));
}

TEST_P(WamNetTest, ANumberThatStandsForTwoOfficesIsAConflict) {
  ImportAreas();
  const Office office = {.name = "架空あおぞら", .office = "3150000010"};
  ASSERT_EQ(Import({office}).summary, "1 rows: 1 created");
  struct Case {
    const char* name;
    Office row;
    const char* told;  // empty: an update
  };
  const char* conflict = "2 refused 事業所の名称:KEY_OF_ANOTHER";
  const Case cases[] = {
      {"renamed", {.name = "架空そら", .office = "3150000010"}, ""},
      {"back", office, ""},
      {"another number", {.name = "架空 あおぞら", .office = "3150000028"}, ""},
      {"back", office, ""},
      {"another office", {.name = "架空ひまわり", .office = "3150000036"}, conflict},
      {"another office without a number", {.name = "架空ひまわり"}, conflict},
      {"another service", {.service = "居宅訪問型児童発達支援", .name = "架空あおぞら", .office = "3150000010"},
       "2 refused サービス種別:KEY_OF_ANOTHER"},
  };
  for (const Case& c : cases) {
    const Imported imported = Import({c.row});
    EXPECT_EQ(absl::StrJoin(imported.rows, "; "), c.told) << c.name;
    EXPECT_EQ(imported.counts.updated_count(), *c.told ? 0 : 1) << c.name;
  }
  EXPECT_EQ(Stored()["A1"].display_name(), "架空あおぞら");
  EXPECT_EQ(Import({{.name = "架空ひまわり", .office = "3150000036"}}, false, true).summary, "1 rows: 1 updated");
}

TEST_P(WamNetTest, AWholeListSaysWhichOfItsOfficesAreGone) {
  ImportAreas();
  const Office one = {.number = "1", .name = "架空一"}, two = {.number = "2", .name = "架空二"},
               three = {.number = "3", .name = "架空三"},
               visits = {.number = "4", .service = "居宅訪問型児童発達支援", .name = "架空四"};
  ASSERT_EQ(Import({one, two, three, visits}).summary, "4 rows: 4 created");
  Create("own", AFacility("自前", "areas/312011"));  // from no list
  EXPECT_THAT(Import({one}).missing, IsEmpty());
  const std::string name_of_two = Stored()["2"].name(), name_of_three = Stored()["3"].name();
  std::vector<std::string> gone = {name_of_two + " 架空二", name_of_three + " 架空三"};
  const Imported first = Import({one}, true);
  EXPECT_THAT(first.missing, testing::UnorderedElementsAreArray(gone));
  EXPECT_EQ(first.counts.missing_count(), 2);
  registry_v1::EndFacilityRequest end;
  end.set_name(name_of_two);
  end.mutable_end_date()->set_year(2050);
  end.mutable_end_date()->set_month(3);
  end.mutable_end_date()->set_day(31);
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/EndFacility", end)), "OK");
  EXPECT_THAT(Import({one}, true).missing, ElementsAre(gone[1])) << "what has ended is not missing";
  EXPECT_THAT(Import({two}).rows, ElementsAre("2 warned :ENDED_BUT_LISTED"));
  EXPECT_EQ(Stored()["2"].valid_to_date().year(), 2050);
}

TEST_P(WamNetTest, ZerosThatASpreadsheetDroppedAreRestored) {
  ImportAreas();
  const Imported imported = Import({{.designator = "1100", .office = "159999010", .address = "北海道札幌市中央区"},
                                    {.designator = "31000", .number = "A2", .name = "架空二", .office = "159999010"}});
  EXPECT_THAT(imported.rows, ElementsAre("2 warned 事業所番号:LEADING_ZERO_RESTORED",
                                         "3 refused 事業所番号:MALFORMED_OFFICE_NUMBER"));
  EXPECT_EQ(Stored()["A1"].designated_by(), "01100");
  EXPECT_THAT(Stored()["A1"].identifiers(), ElementsAre("office/0159999010/67"));
}

}  // namespace
}  // namespace tsunagu::wire
