#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "common/text/foreign_reader.h"
#include "services/registry/degrees.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/address.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::registry {
namespace {

v1::FacilityServiceKind ServiceKindOf(const std::string& ja) {
  const auto& kinds = *v1::FacilityServiceKind_descriptor();
  for (int i = 1; i < kinds.value_count(); ++i) {
    if (kinds.value(i)->options().GetExtension(tsunagu::ja) == ja) {
      return static_cast<v1::FacilityServiceKind>(kinds.value(i)->number());
    }
  }
  return v1::FACILITY_SERVICE_KIND_UNSPECIFIED;
}

std::string KnownServiceKinds() {
  const auto& kinds = *v1::FacilityServiceKind_descriptor();
  std::vector<std::string> known;
  for (int i = 1; i < kinds.value_count(); ++i) {
    known.push_back(kinds.value(i)->options().GetExtension(tsunagu::ja));
  }
  return absl::StrJoin(known, ", ");
}

// サービス種類コード of 国保連.
std::string ServiceCodeOf(v1::FacilityServiceKind kind) {
  switch (kind) {
    case v1::FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT:
      return "63";
    case v1::FACILITY_SERVICE_KIND_AFTER_SCHOOL_DAY_SERVICE:
      return "65";
    case v1::FACILITY_SERVICE_KIND_HOME_VISIT_CHILD_DEVELOPMENT_SUPPORT:
      return "66";
    case v1::FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT:
      return "67";
    case v1::FACILITY_SERVICE_KIND_CONSULTATION_SUPPORT:
      return "70";
    default:
      return "0";
  }
}

constexpr char kDesignator[] = "都道府県コード又は市区町村コード", kNumber[] = "NO（※システム内の固有の番号、連番）",
               kMunicipality[] = "事業所住所（市区町村）", kStreet[] = "事業所住所（番地以降）", kOffice[] = "事業所番号";

class WamNetReader : public ForeignReaderOf<v1::Facility> {
 public:
  WamNetReader(absl::Span<const std::string> heading, rules::AddressBook addresses)
      : ForeignReaderOf(heading, {{"display_name", "事業所の名称"},
                                  {"kana", "事業所の名称_かな"},
                                  {"area", kMunicipality},
                                  {"service_kind", "サービス種別"},
                                  {"address", kMunicipality},
                                  {"latitude_e6", "事業所緯度"},
                                  {"longitude_e6", "事業所経度"},
                                  {"capacity", "定員"},
                                  {"identifiers", kOffice},
                                  {"source_key", kNumber},
                                  {"designated_by", kDesignator},
                                  {"operator_name", "法人の名称"},
                                  {"weekday_hours", "利用可能な時間帯（平日）"},
                                  {"saturday_hours", "利用可能な時間帯（土曜）"},
                                  {"sunday_hours", "利用可能な時間帯（日曜）"},
                                  {"holiday_hours", "利用可能な時間帯（祝日）"},
                                  {"closed_days", "定休日"},
                                  {"note", "利用可能曜日特記事項（留意事項）"}}),
        addresses_(std::move(addresses)) {}
  std::string layout() const override { return "wam-net"; }

 private:
  void ReadRow(absl::Span<const std::string> cells, v1::Facility& facility, std::string&, Faults& faults) override {
    facility.set_display_name(Cell(cells, "事業所の名称"));
    facility.set_kana(Cell(cells, "事業所の名称_かな"));
    const std::string kind = Cell(cells, "サービス種別");
    facility.set_service_kind(ServiceKindOf(kind));
    if (!kind.empty() && facility.service_kind() == v1::FACILITY_SERVICE_KIND_UNSPECIFIED) {
      faults.Add("サービス種別", "UNKNOWN_ENUM_VALUE"_reason, {{"allowed", KnownServiceKinds()}});
    }
    facility.set_designated_by(Cell(cells, kDesignator));
    facility.set_operator_name(Cell(cells, "法人の名称"));
    facility.set_weekday_hours(Cell(cells, "利用可能な時間帯（平日）"));
    facility.set_saturday_hours(Cell(cells, "利用可能な時間帯（土曜）"));
    facility.set_sunday_hours(Cell(cells, "利用可能な時間帯（日曜）"));
    facility.set_holiday_hours(Cell(cells, "利用可能な時間帯（祝日）"));
    facility.set_closed_days(Cell(cells, "定休日"));
    facility.set_note(Cell(cells, "利用可能曜日特記事項（留意事項）"));
    ReadPlace(cells, facility, faults);
    ReadIdentifiers(cells, facility, faults);
    const std::string capacity = Cell(cells, "定員");
    int32_t children = 0;
    if (capacity.empty()) return;  // unknown, not none
    if (!absl::SimpleAtoi(capacity, &children)) return faults.Add("定員", "MALFORMED_VALUE"_reason);
    facility.set_capacity(children);
  }

  void ReadPlace(absl::Span<const std::string> cells, v1::Facility& facility, Faults& faults) const {
    const std::string municipality = Cell(cells, kMunicipality);
    facility.set_address(absl::StrCat(municipality, Cell(cells, kStreet)));
    facility.set_area(addresses_.Find(municipality));
    if (facility.area().empty()) {
      faults.Add(kMunicipality, "AREA_NOT_IN_ADDRESS"_reason, {{"address", municipality}});
    }
    ReadDegrees(Cell(cells, "事業所緯度"), "事業所緯度", faults, [&](int32_t e6) { facility.set_latitude_e6(e6); });
    ReadDegrees(Cell(cells, "事業所経度"), "事業所経度", faults, [&](int32_t e6) { facility.set_longitude_e6(e6); });
  }

  void ReadIdentifiers(absl::Span<const std::string> cells, v1::Facility& facility, Faults& faults) const {
    const std::string key = Cell(cells, kNumber);
    if (key.empty()) {
      faults.Add(kNumber, "FIELD_REQUIRED"_reason);
    } else {
      facility.set_source_key(absl::StrCat("wamnet/", key));
    }
    const std::string number = Cell(cells, kOffice);
    if (number.empty()) return;
    const std::string code = ServiceCodeOf(facility.service_kind());
    facility.add_identifiers(absl::StrCat("office/", number, "/", code));
  }

  const rules::AddressBook addresses_;
};

// Names of all areas but prefectures, each with its prefecture before it.
absl::StatusOr<rules::AddressBook> ReadAddressBook(Service& service) {
  const identity::Actor actor{"system", "", "", "import", "", identity::Scope::Everything()};
  std::map<std::string, std::string> prefectures;
  std::vector<v1::Area> others;
  RETURN_IF_ERROR(service.store().Read(actor, Deadline::After(absl::Seconds(30)), [&](store::View& view) {
    return store::Records<v1::Area>(view).ForEach({}, [&](v1::Area& area) {
      if (area.kind() == v1::AREA_KIND_PREFECTURE) {
        prefectures[area.code().substr(0, 2)] = area.display_name();
      } else {
        others.push_back(std::move(area));
      }
      return absl::OkStatus();
    });
  }));
  rules::AddressBook book;
  for (const v1::Area& area : others) {
    book.Add(absl::StrCat(prefectures[area.code().substr(0, 2)], area.display_name()), area.name());
  }
  return book;
}

}  // namespace

FileFormatFactory WamNetLayout(Service& service) {
  return [&service](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    if (!HasColumn(heading, kNumber) || !HasColumn(heading, kOffice)) return nullptr;
    ASSIGN_OR_RETURN(rules::AddressBook addresses, ReadAddressBook(service));
    return std::make_unique<WamNetReader>(heading, std::move(addresses));
  };
}

}  // namespace tsunagu::registry
