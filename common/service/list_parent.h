#ifndef TSUNAGU_COMMON_SERVICE_LIST_PARENT_H_
#define TSUNAGU_COMMON_SERVICE_LIST_PARENT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tsunagu {

namespace store {
class Table;
class View;
}  // namespace store

// Returns OK if the caller may list the records of `table` under `parent`: if the caller may read the parent, or a
// record under it, whose name contains that of the parent. Errors: those of Table::CheckParent.
absl::Status CheckParentOfList(store::View& view, store::Table& table, absl::string_view parent);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_LIST_PARENT_H_
