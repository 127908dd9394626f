#include "common/access/table_places.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/read_places.h"
#include "common/base/status_macros.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/records/way_in.h"

namespace tsunagu::access {
namespace {

// Returns the sum of the revisions of the rows with `within`. Rows are added and get new revisions, and none is ever
// deleted, so the sum grows with every change.
absl::StatusOr<int64_t> RevisionsOf(store::View& view, const store::Table& table) {
  const contract::Schema& schema = table.schema();
  ASSIGN_OR_RETURN(const contract::SqlCondition saying, contract::Compile(schema, SayingPlaces(schema).node()));
  int64_t sum = 0;
  RETURN_IF_ERROR(
      view.session().Query(absl::StrCat("SELECT CAST(COALESCE(SUM(t.`revision`), 0) AS SIGNED) FROM `",
                                        table.shape().table(), "` t", saying.sql.empty() ? "" : " WHERE ", saying.sql),
                           store::Bound(saying.parameters).values(), [&](const store::Row& row) {
                             sum = row.Integer(0);
                             return absl::OkStatus();
                           }));
  return sum;
}

}  // namespace

TablePlaces::TablePlaces(store::Store& store, std::unique_ptr<const identity::Places> names)
    : LoadedPlaces(std::move(names)), store_(store) {}

absl::StatusOr<bool> TablePlaces::Load() {
  const identity::Actor system{"system", "", "", "access", "", identity::Scope::Everything()};
  PlaceGraph graph;
  std::map<std::string, int64_t> sums;
  RETURN_IF_ERROR(store_.Read(system, Deadline::After(absl::Seconds(10)), [&](store::View& view) -> absl::Status {
    graph = PlaceGraph();
    sums.clear();
    // Sums are read first: a row written while rows are read then changes the sum for the next load.
    for (const auto& table : store_.tables()) {
      if (table->schema().rule().within().empty()) continue;
      ASSIGN_OR_RETURN(sums[table->shape().table()], RevisionsOf(view, *table));
    }
    if (sums == loaded_) return absl::OkStatus();
    ASSIGN_OR_RETURN(graph, ReadPlaces(view, absl::nullopt));
    return absl::OkStatus();
  }));
  if (sums == loaded_) return false;
  Replace(std::move(graph));
  loaded_ = std::move(sums);
  return true;
}

}  // namespace tsunagu::access
