#include "common/access/read_places.h"

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/records/parts.h"
#include "common/records/table.h"

namespace tsunagu::access {
namespace {

absl::StatusOr<jp::CivilDay> DayOr(const std::string& text, jp::CivilDay absent) {
  return text.empty() ? absent : jp::ParseDay(text);
}

absl::Status AddTable(store::View& view, store::Table& table, const absl::optional<int64_t>& known_place,
                      PlaceGraph& graph) {
  const contract::Schema& schema = table.schema();
  std::vector<absl::string_view> fields;
  for (const Within& within : schema.rule().within()) {
    fields.push_back(within.outer());
    if (within.inner() != "name") fields.push_back(within.inner());
  }
  if (schema.has_period()) {
    fields.push_back(schema.rule().period().from());
    fields.push_back(schema.rule().period().to());
  }
  return table.Scan(view, SayingPlaces(schema), {absl::nullopt, known_place}, fields,
                    [&](const store::Cells& record) -> absl::Status {
                      jp::Period period;
                      if (schema.has_period()) {
                        ASSIGN_OR_RETURN(period.from, DayOr(record.Text(fields.size() - 2), jp::kFirstDay));
                        ASSIGN_OR_RETURN(period.to, DayOr(record.Text(fields.size() - 1), jp::kLastDay));
                      }
                      size_t next = 0;
                      for (const Within& within : schema.rule().within()) {
                        const std::string& outer = record.Text(next++);
                        const std::string& inner = within.inner() == "name" ? record.name() : record.Text(next++);
                        graph.Add(outer, inner, within.while_period() ? period : jp::Period());
                      }
                      return absl::OkStatus();
                    });
}

}  // namespace

contract::Where SayingPlaces(const contract::Schema& schema) {
  contract::Where any = contract::Where::None();
  for (const Within& within : schema.rule().within()) {
    if (within.inner() == "name") return {};
    any = any || contract::Where::IsSet(within.inner());
  }
  return any;
}

absl::StatusOr<PlaceGraph> ReadPlaces(store::View& view, const absl::optional<int64_t>& known_place) {
  const store::ReadAs all(view, identity::Scope::Everything());
  PlaceGraph graph;
  for (const auto& table : view.parts().tables()) {
    if (!table->schema().rule().within().empty()) RETURN_IF_ERROR(AddTable(view, *table, known_place, graph));
  }
  return graph;
}

}  // namespace tsunagu::access
