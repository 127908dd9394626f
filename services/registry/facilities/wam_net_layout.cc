#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/jp/code_points.h"
#include "common/jp/office_number.h"
#include "common/service/service.h"
#include "common/text/foreign_reader.h"
#include "services/registry/areas/known_areas.h"
#include "services/registry/facilities/known_services.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/address.h"
#include "services/registry/rules/open_data.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::registry {
namespace {

constexpr char kDesignator[] = "都道府県コード又は市区町村コード", kNumber[] = "NO（※システム内の固有の番号、連番）",
               kMunicipality[] = "事業所住所（市区町村）", kStreet[] = "事業所住所（番地以降）",
               kOffice[] = "事業所番号", kService[] = "サービス種別", kCapacity[] = "定員";

// Restores the leading zero of a code of `digits` digits, if a spreadsheet has dropped it.
std::string WithZero(const std::string& code, size_t digits) {
  const bool lost = code.size() + 1 == digits && std::all_of(code.begin(), code.end(), absl::ascii_isdigit);
  return lost ? absl::StrCat("0", code) : code;
}

class WamNetReader : public ForeignReaderOf<v1::Facility> {
 public:
  WamNetReader(absl::Span<const std::string> heading, rules::AddressBook addresses, KnownServices services)
      : ForeignReaderOf(heading, {{"display_name", "事業所の名称"},
                                  {"kana", "事業所の名称_かな"},
                                  {"area", kMunicipality},
                                  {"service_kind", kService},
                                  {"other_service_kind", kService},
                                  {"address", kMunicipality},
                                  {"latitude_e6", "事業所緯度"},
                                  {"longitude_e6", "事業所経度"},
                                  {"capacity", kCapacity},
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
        addresses_(std::move(addresses)),
        services_(std::move(services)) {}
  std::string layout() const override { return "wam-net"; }

 private:
  // Each service has a file of its own.
  std::string ListOfRecord(const v1::Facility& facility) const override {
    return absl::StrCat(facility.service_kind(), " ", facility.other_service_kind());
  }

  void ReadRow(absl::Span<const std::string> cells, v1::Facility& facility, std::string&, Faults& faults) override {
    const std::string called = Text(cells, kService, faults);
    const KnownService* service = services_.Find(called);
    if (service == nullptr && !called.empty()) return faults.Add(kService, "NOT_WANTED"_reason, {{"value", called}});
    if (service != nullptr) {
      facility.set_service_kind(service->kind);
      facility.set_other_service_kind(service->name);
    }
    facility.set_display_name(Text(cells, "事業所の名称", faults));
    facility.set_kana(Text(cells, "事業所の名称_かな", faults));
    facility.set_operator_name(Text(cells, "法人の名称", faults));
    facility.set_weekday_hours(Text(cells, "利用可能な時間帯（平日）", faults));
    facility.set_saturday_hours(Text(cells, "利用可能な時間帯（土曜）", faults));
    facility.set_sunday_hours(Text(cells, "利用可能な時間帯（日曜）", faults));
    facility.set_holiday_hours(Text(cells, "利用可能な時間帯（祝日）", faults));
    facility.set_closed_days(Text(cells, "定休日", faults, true));
    facility.set_note(Text(cells, "利用可能曜日特記事項（留意事項）", faults, true));
    facility.set_designated_by(WithZero(jp::NarrowTrimmed(Cell(cells, kDesignator)), 5));
    ReadPlace(cells, facility, faults);
    ReadIdentifiers(cells, service == nullptr ? "0" : service->code, facility, faults);
    ReadCapacity(cells, facility, faults);
  }

  // Returns a cell without control characters, which occur in published data.
  std::string Text(absl::Span<const std::string> cells, const char* column, Faults& faults, bool lines = false) const {
    const std::string cell = Cell(cells, column);
    std::string text = rules::WithoutControls(cell, lines);
    if (text != cell) faults.Add(column, "CONTROL_CHARACTERS"_reason);
    return text;
  }

  // An unreadable capacity does not affect the rest of the row: it counts as unknown, not as none.
  void ReadCapacity(absl::Span<const std::string> cells, v1::Facility& facility, Faults& faults) const {
    const std::string cell = Cell(cells, kCapacity);
    if (cell.empty()) return;
    const auto children = rules::ReadCapacity(cell);
    if (children) return facility.set_capacity(*children);
    faults.Add(kCapacity, "COUNTS_AS_UNKNOWN"_reason, {{"value", cell}});
  }

  template <typename Set>
  void ReadDegrees(absl::Span<const std::string> cells, const char* column, const char* field, Faults& faults,
                   Set set) const {
    const std::string cell = Cell(cells, column);
    if (cell.empty()) return;
    const FieldRule& rule = contract::Schema::Of(v1::Facility::descriptor()).Find(field)->rule;
    int32_t millionths = 0;
    const bool is_read = rules::ParseMillionths(cell, millionths);
    if (is_read && rule.min() <= millionths && millionths <= rule.max()) return set(millionths);
    faults.Add(column, "COUNTS_AS_UNKNOWN"_reason, {{"value", cell}});
  }

  void ReadPlace(absl::Span<const std::string> cells, v1::Facility& facility, Faults& faults) const {
    const std::string municipality = Text(cells, kMunicipality, faults), street = Text(cells, kStreet, faults);
    facility.set_address(absl::StrCat(municipality, street));
    const rules::AddressBook::Found found = addresses_.Find(facility.address(), facility.designated_by());
    facility.set_area(found.area);
    if (found.warning != Reason()) {
      faults.Add(kMunicipality, found.warning, {{"address", municipality}, {"area", found.ended}});
    }
    ReadDegrees(cells, "事業所緯度", "latitude_e6", faults, [&](int32_t e6) { facility.set_latitude_e6(e6); });
    ReadDegrees(cells, "事業所経度", "longitude_e6", faults, [&](int32_t e6) { facility.set_longitude_e6(e6); });
  }

  void ReadIdentifiers(absl::Span<const std::string> cells, const std::string& service, v1::Facility& facility,
                       Faults& faults) const {
    const std::string key = Cell(cells, kNumber);
    if (key.empty()) {
      faults.Add(kNumber, "FIELD_REQUIRED"_reason);
    } else {
      facility.set_source_key(absl::StrCat("wamnet/", key));
    }
    std::string number = jp::NarrowTrimmed(Cell(cells, kOffice));
    if (number.empty()) return;
    const std::string restored = WithZero(number, 10);
    const auto checked = jp::CheckOfficeNumber(restored);
    const bool of_prefecture = restored.substr(0, 2) == facility.designated_by().substr(0, 2);
    if (restored != number && of_prefecture && checked.ok() && *checked == Reason()) {
      faults.Add(kOffice, "LEADING_ZERO_RESTORED"_reason, {{"code", restored}});
      number = restored;
    }
    facility.add_identifiers(absl::StrCat("office/", number, "/", service));
  }

  const rules::AddressBook addresses_;
  const KnownServices services_;
};

// Returns the names of all areas except prefectures, as of today.
absl::StatusOr<rules::AddressBook> ReadAddressBook(Service& service) {
  ASSIGN_OR_RETURN(const std::vector<v1::Area> areas, ReadAreas(service));
  const contract::Schema& schema = contract::Schema::Of(v1::Area::descriptor());
  const jp::CivilDay today = service.Today();
  rules::AddressBook book;
  for (const v1::Area& area : areas) {
    const jp::Period period = schema.PeriodOf(area);
    if (area.kind() != v1::AREA_KIND_PREFECTURE && period.from <= today) book.Add(area, today <= period.to);
  }
  return book;
}

}  // namespace

FileFormatFactory WamNetLayout(Service& service) {
  return [&service](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    if (!HasColumn(heading, kNumber) || !HasColumn(heading, kOffice)) return nullptr;
    ASSIGN_OR_RETURN(rules::AddressBook addresses, ReadAddressBook(service));
    ASSIGN_OR_RETURN(KnownServices services, ReadServices(service));
    return std::make_unique<WamNetReader>(heading, std::move(addresses), std::move(services));
  };
}

}  // namespace tsunagu::registry
