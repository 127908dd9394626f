#include "common/service/list_parent.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/records/table.h"
#include "common/text/where.h"

namespace tsunagu {

absl::Status CheckParentOfList(store::View& view, store::Table& table, absl::string_view parent) {
  const absl::Status checked = table.CheckParent(view, parent);
  if (!absl::IsNotFound(checked)) return checked;
  store::Table::Query query;
  RETURN_IF_ERROR(table.Narrow(contract::Where::Under(parent), query));
  query.limit = 1;
  bool found = false;
  RETURN_IF_ERROR(table.List(view, std::move(query), [&](const store::Record&) {
    found = true;
    return absl::OkStatus();
  }));
  return found ? absl::OkStatus() : checked;
}

}  // namespace tsunagu
