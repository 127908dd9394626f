#ifndef TSUNAGU_TESTS_WIRE_WAM_NET_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_WAM_NET_TEST_BASE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/wire/listed_areas.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {

// A row of WAM NET's open data with invented contents.
struct Office {
  std::string designator = "31000", number = "A1", service = "保育所等訪問支援", name = "架空の一", office = "",
              address = "鳥取県鳥取市", street = "", latitude = "", closed = "", capacity = "";
};

inline constexpr char kWamNetHeading[] =
    "都道府県コード又は市区町村コード,NO（※システム内の固有の番号、連番）,サービス種別,事業所の名称,事業所番号,"
    "事業所住所（市区町村）,事業所住所（番地以降）,事業所緯度,事業所経度,定休日,定員\r\n";

inline std::string WamNetFile(const std::vector<Office>& offices) {
  std::string file = kWamNetHeading;
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
    return ImportCsv(admin(), options, WamNetFile(offices));
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

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_WAM_NET_TEST_BASE_H_
