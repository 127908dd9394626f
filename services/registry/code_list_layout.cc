#include <memory>
#include <string>

#include "common/jp/area_code.h"
#include "common/text/foreign_reader.h"
#include "services/registry/degrees.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/area.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {
namespace {

class CodeListReader : public ForeignReaderOf<v1::Area> {
 public:
  explicit CodeListReader(absl::Span<const std::string> heading)
      : ForeignReaderOf(heading, {{"code", "団体コード"},
                                  {"kind", "市区町村名（漢字）"},
                                  {"parent", "市区町村名（漢字）"},
                                  {"display_name", "市区町村名（漢字）"},
                                  {"kana", "市区町村名（カナ）"},
                                  {"office_latitude_e6", "緯度"},
                                  {"office_longitude_e6", "経度"}}) {}
  std::string layout() const override { return "code-list"; }

 private:
  void ReadRow(absl::Span<const std::string> cells, v1::Area& area, std::string&, Faults& faults) override {
    const auto reading = jp::ReadAreaCode(Cell(cells, "団体コード"));
    const std::string prefecture = Cell(cells, "都道府県名（漢字）"), municipality = Cell(cells, "市区町村名（漢字）");
    if (!reading.ok()) {
      faults.Add("団体コード", reading.status());
      area.set_display_name(municipality.empty() ? prefecture : municipality);
      area.set_kind(v1::AREA_KIND_PREFECTURE);  // any: the row is refused, and without a code nobody can judge it
    } else {
      if (reading->warning != Reason()) {
        faults.Add("団体コード", reading->warning, {{"code", reading->code.six()}});
      }
      area = list_.AreaOf(reading->code, prefecture, municipality);
    }
    area.set_kana(Cell(cells, municipality.empty() ? "都道府県名（カナ）" : "市区町村名（カナ）"));
    ReadDegrees(Cell(cells, "緯度"), "緯度", faults, [&](int32_t e6) { area.set_office_latitude_e6(e6); });
    ReadDegrees(Cell(cells, "経度"), "経度", faults, [&](int32_t e6) { area.set_office_longitude_e6(e6); });
  }

  rules::CodeList list_;
};

}  // namespace

FileFormatFactory CodeListLayout() {
  return [](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    if (!HasColumn(heading, "団体コード") || !HasColumn(heading, "都道府県名（漢字）") || !HasColumn(heading, "市区町村名（漢字）")) {
      return nullptr;
    }
    return std::make_unique<CodeListReader>(heading);
  };
}

}  // namespace tsunagu::registry
