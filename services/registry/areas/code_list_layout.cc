#include <memory>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/jp/place_name.h"
#include "common/service/service.h"
#include "common/text/foreign_reader.h"
#include "services/registry/areas/known_areas.h"
#include "services/registry/degrees.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/listed_code.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {
namespace {

class CodeListReader : public ForeignReaderOf<v1::Area> {
 public:
  CodeListReader(absl::Span<const std::string> heading, const std::vector<v1::Area>& known)
      : ForeignReaderOf(heading, {{"code", "団体コード"},
                                  {"kind", "市区町村名（漢字）"},
                                  {"parent", "市区町村名（漢字）"},
                                  {"display_name", "市区町村名（漢字）"},
                                  {"kana", "市区町村名（カナ）"},
                                  {"office_latitude_e6", "緯度"},
                                  {"office_longitude_e6", "経度"}}) {
    for (const v1::Area& area : known) {
      names_[area.code()] = area.display_name();
      list_.Know(area);
    }
  }
  std::string layout() const override { return "code-list"; }

 private:
  void ReadRow(absl::Span<const std::string> cells, v1::Area& area, std::string&, Faults& faults) override {
    const std::string prefecture = Cell(cells, "都道府県名（漢字）"), municipality = Cell(cells, "市区町村名（漢字）");
    const std::string code = Cell(cells, "団体コード");
    auto reading = rules::ReadListedCode({code, prefecture, municipality}, names_);
    if (ReasonOf(reading.status()) == "UNKNOWN_PREFECTURE"_reason) {
      faults.Add("都道府県名（漢字）", reading.status());
      reading = jp::ReadAreaCode(code);  // needed for the other faults of the row
    }
    if (!reading.ok()) {
      faults.Add("団体コード", reading.status());
      area.set_display_name(municipality.empty() ? prefecture : municipality);
      area.set_kind(v1::AREA_KIND_PREFECTURE);  // any value: the row is refused, and without a code no kind can be
                                                // checked
    } else {
      if (reading->warning != Reason()) {
        faults.Add("団体コード", reading->warning, {{"code", reading->code.six()}});
      }
      // Kind and parent follow from the name, even if characters of it were lost.
      const std::string& today = names_[reading->code.six()];
      const bool is_damaged = jp::IsDamagedCopy(municipality, today);
      area = list_.AreaOf(reading->code, prefecture, is_damaged ? today : municipality);
      if (is_damaged) area.set_display_name(municipality);
    }
    area.set_kana(Cell(cells, municipality.empty() ? "都道府県名（カナ）" : "市区町村名（カナ）"));
    ReadDegrees(Cell(cells, "緯度"), "緯度", faults, [&](int32_t e6) { area.set_office_latitude_e6(e6); });
    ReadDegrees(Cell(cells, "経度"), "経度", faults, [&](int32_t e6) { area.set_office_longitude_e6(e6); });
  }

  rules::CodeList list_;
  rules::AreaNames names_;
};

}  // namespace

FileFormatFactory CodeListLayout(Service& service) {
  return [&service](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    if (!HasColumn(heading, "団体コード") || !HasColumn(heading, "都道府県名（漢字）") ||
        !HasColumn(heading, "市区町村名（漢字）")) {
      return nullptr;
    }
    ASSIGN_OR_RETURN(const std::vector<v1::Area> known, ReadAreas(service));
    return std::make_unique<CodeListReader>(heading, known);
  };
}

}  // namespace tsunagu::registry
