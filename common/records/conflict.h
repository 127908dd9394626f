#ifndef TSUNAGU_COMMON_RECORDS_CONFLICT_H_
#define TSUNAGU_COMMON_RECORDS_CONFLICT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/records/records.h"
#include "common/records/view.h"

namespace tsunagu::store {

// Whether the caller may read the record `id` of `table`: with the permission, and in the scope of that. Where scope
// does not limit a resource, the permission still does.
absl::StatusOr<bool> MayRead(View& view, Table& table, absl::string_view id);

// Refuses a whole change because of the record `name`: `seen` with its name {name} where the caller may read it, else
// `unseen`, which has no name. At a field: Decision::AddConflict.
absl::Status Conflict(View& view, Table& table, absl::string_view name, Reason seen, Reason unseen);

template <typename N>
absl::Status Conflict(View& view, absl::string_view name, Reason seen, Reason unseen) {
  return Conflict(view, TableOf(view, N::descriptor()), name, seen, unseen);
}

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_CONFLICT_H_
