#include "services/registry/areas/area_proposals.h"

#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/contract/validate.h"
#include "common/records/records.h"
#include "common/service/service.h"
#include "common/text/cell_values.h"
#include "common/text/heading.h"
#include "common/text/row_source.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/area_change.h"
#include "services/registry/rules/area_proposal.h"

namespace tsunagu::registry {
namespace {

using Areas = std::map<std::string, v1::Area>;  // by code

const contract::Schema& AreaSchema() { return contract::Schema::Of(v1::Area::descriptor()); }

// Reads the rows of a list. Adds every fault of the rows to `faults`, by line and column.
class ListReading {
 public:
  explicit ListReading(Service& service)
      : formats_({CodeListLayout(service)}), search_(AreaSchema(), formats_, false) {}

  absl::StatusOr<Areas> Read(const std::string& data) {
    const auto source = FoundOutRows(contract::Encoding::kAuto, "");
    RETURN_IF_ERROR(source->Feed(data));
    RETURN_IF_ERROR(TakeRows(*source));
    RETURN_IF_ERROR(source->Finish());
    RETURN_IF_ERROR(TakeRows(*source));
    if (reader_ == nullptr) return search_.NotFound();
    RETURN_IF_ERROR(faults_.ToStatus());
    return std::move(areas_);
  }

 private:
  absl::Status TakeRows(RowSource& source) {
    for (;;) {
      ASSIGN_OR_RETURN(absl::optional<FileRow> row, source.Next());
      if (!row) return absl::OkStatus();
      if (reader_ != nullptr) {
        TakeRow(*row);
        continue;
      }
      ASSIGN_OR_RETURN(reader_, search_.Take(*row));
      width_ = WidthOf(row->cells);
    }
  }

  void TakeRow(FileRow& row) {
    const std::string line = absl::StrCat("data[", row.line, "]");
    if (!row.fault.ok()) return faults_.Add(line, row.fault);
    while (row.cells.size() > width_ && TrimmedCell(row.cells.back()).empty()) row.cells.pop_back();
    if (row.cells.size() > width_) {
      return faults_.Add(line, "WRONG_COLUMN_COUNT"_reason,
                         {{"expected", absl::StrCat(width_)}, {"found", absl::StrCat(row.cells.size())}});
    }
    row.cells.resize(width_);
    v1::Area area;
    std::string id;
    Faults said;
    reader_->Read(row.cells, area, id, said);
    if (said.empty()) contract::ValidateRecord(AreaSchema(), area, "", said);
    rules::CheckArea(area, said);
    bool is_taken = true;
    for (const Fault& fault : said.all()) {
      if (IsWarning(ReasonOf(fault))) continue;
      is_taken = false;
      faults_.Add(line, ToStatus(fault));
    }
    if (!is_taken) return;
    const std::string code = area.code();
    if (!areas_.emplace(code, std::move(area)).second) faults_.Add(line, "AREA_LISTED_TWICE"_reason, {{"code", code}});
  }

  const std::vector<FileFormatFactory> formats_;
  HeadingSearch search_;
  std::unique_ptr<RowReader> reader_;
  size_t width_ = 0;
  Areas areas_;
  Faults faults_;
};

// Returns the areas that exist on `day`, with their names on that day.
absl::StatusOr<Areas> ReadStanding(store::View& view, jp::CivilDay day) {
  std::vector<v1::AreaChange> changes;
  RETURN_IF_ERROR(store::Records<v1::AreaChange>(view).ForEach({}, [&](v1::AreaChange& change) {
    changes.push_back(std::move(change));
    return absl::OkStatus();
  }));
  const rules::AreaHistory history(std::move(changes));
  Areas areas;
  RETURN_IF_ERROR(store::Records<v1::Area>(view).ForEach(contract::Where::ActiveOn(day), [&](v1::Area& area) {
    area.set_display_name(history.On(area, day).display_name);
    const std::string code = area.code();
    areas.emplace(code, std::move(area));
    return absl::OkStatus();
  }));
  return areas;
}

std::set<std::string> PrefecturesOf(const Areas& areas) {
  std::set<std::string> prefectures;
  for (const auto& [code, area] : areas) prefectures.insert(code.substr(0, 2));
  return prefectures;
}

std::vector<v1::Area> Those(const Areas& areas, const std::set<std::string>& prefectures) {
  std::vector<v1::Area> those;
  for (const auto& [code, area] : areas) {
    if (prefectures.count(code.substr(0, 2)) != 0) those.push_back(area);
  }
  return those;
}

}  // namespace

absl::StatusOr<v1::ProposeAreaChangesResponse> ProposeAreaChanges(Service& service, const rpc::Call& call,
                                                                  const v1::ProposeAreaChangesRequest& request) {
  const jp::CivilDay day = request.has_effective_date() ? jp::DayOf(request.effective_date()) : service.Today();
  ASSIGN_OR_RETURN(Areas listed, ListReading(service).Read(request.data()));
  for (auto area = listed.begin(); area != listed.end();) {  // a list of ours also has days
    area = AreaSchema().PeriodOf(area->second).Contains(day) ? std::next(area) : listed.erase(area);
  }
  Areas standing;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(standing, ReadStanding(view, day));
    return absl::OkStatus();
  }));

  v1::ProposeAreaChangesResponse response;
  std::set<std::string> compared;
  const std::set<std::string> in_list = PrefecturesOf(listed), here = PrefecturesOf(standing);
  for (const std::string& prefecture : in_list) {
    if (here.count(prefecture) != 0) compared.insert(prefecture);
  }
  for (const auto& prefectures : {in_list, here}) {
    for (const std::string& prefecture : prefectures) {
      const auto code = jp::AreaCode::FromFive(absl::StrCat(prefecture, "000"));
      if (compared.count(prefecture) == 0 && code.ok()) {
        response.add_left_out_prefectures(absl::StrCat("areas/", code->six()));
      }
    }
  }
  int changed = 0;
  for (v1::AreaChangeProposal& proposal :
       rules::ProposeAreaChanges(Those(standing, compared), Those(listed, compared), day)) {
    changed += proposal.area_change().from_areas_size();
    *response.add_proposals() = std::move(proposal);
  }
  response.set_unchanged_count(static_cast<int>(Those(standing, compared).size()) - changed);
  return response;
}

}  // namespace tsunagu::registry
