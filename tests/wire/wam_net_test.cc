// Import through the wire: WAM NET's open data, with what is wrong in it and what is not wanted of it.
#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/wam_net_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WIRE_TEST_ON_BOTH(WamNetTest);

TEST_P(WamNetTest, WhatIsUnreadableIsUnknownAndNeverCostsTheOffice) {
  ImportAreas();
  struct Case {
    const char* capacity;
    int32_t children;  // 0: unknown
    bool warned;
  };
  const Case cases[] = {{"", 0, false},        {"10", 10, false},   {"１０", 10, false}, {"10人", 10, false},
                        {"１０名", 10, false}, {"0", 0, true},      {"０", 0, true},     {"-", 0, true},
                        {"－", 0, true},       {"10～20", 0, true}, {"5-10", 0, true},   {"10.5", 0, true},
                        {"約10", 0, true},     {"99999", 0, true},  {"人", 0, true},     {"1e1", 0, true}};
  std::vector<Office> offices;
  for (size_t i = 0; i < std::size(cases); ++i) {
    offices.push_back({.number = absl::StrCat(i), .name = absl::StrCat("架空", i), .capacity = cases[i].capacity});
  }
  offices.push_back({.number = "x", .name = "名\x7f前\t", .latitude = "0", .closed = "土\r\n日\x01"});
  offices.push_back({.number = "y", .name = "名\x1f前の\t二", .latitude = "N35"});
  const Imported imported = Import(offices);
  EXPECT_EQ(imported.counts.created_count(), static_cast<int64_t>(offices.size()))
      << absl::StrJoin(imported.rows, "\n");
  std::map<std::string, registry_v1::Facility> stored = Stored();
  for (size_t i = 0; i < std::size(cases); ++i) {
    const registry_v1::Facility& office = stored[absl::StrCat(i)];
    EXPECT_EQ(office.has_capacity(), cases[i].children != 0) << cases[i].capacity;
    EXPECT_EQ(office.capacity(), cases[i].children) << cases[i].capacity;
    const std::string told = absl::StrCat(i + 2, " warned 定員:COUNTS_AS_UNKNOWN");
    EXPECT_EQ(std::count(imported.rows.begin(), imported.rows.end(), told), cases[i].warned ? 1 : 0)
        << cases[i].capacity;
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
      {"another service",
       {.service = "居宅訪問型児童発達支援", .name = "架空あおぞら", .office = "3150000010"},
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
  EXPECT_THAT(imported.rows,
              ElementsAre("2 warned 事業所番号:LEADING_ZERO_RESTORED", "3 refused 事業所番号:MALFORMED_OFFICE_NUMBER"));
  EXPECT_EQ(Stored()["A1"].designated_by(), "01100");
  EXPECT_THAT(Stored()["A1"].identifiers(), ElementsAre("office/0159999010/67"));
}

}  // namespace
}  // namespace tsunagu::wire
