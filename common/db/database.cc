#include "common/db/database.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

template <typename Named>
const Named* Find(const std::vector<Named>& all, absl::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const FoundTable::Column* FoundTable::FindColumn(absl::string_view column) const { return Find(columns, column); }

const FoundTable::Index* FoundTable::FindIndex(absl::string_view index) const { return Find(indexes, index); }

void FoundTable::AddIndexColumn(const std::string& index, bool unique, absl::string_view column) {
  if (indexes.empty() || indexes.back().name != index) indexes.push_back({index, unique, ""});
  std::string& all = indexes.back().columns;
  absl::StrAppend(&all, all.empty() ? "" : ", ", "`", column, "`");
}

absl::StatusOr<std::vector<std::string>> Database::Columns(absl::string_view table) {
  ASSIGN_OR_RETURN(const FoundTable shape, Describe(table));
  std::vector<std::string> names;
  for (const FoundTable::Column& column : shape.columns) names.push_back(column.name);
  return names;
}

}  // namespace tsunagu::store
