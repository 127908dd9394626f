#include "common/records/conflict.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/table.h"
#include "common/records/tx.h"

namespace tsunagu::store {

absl::StatusOr<bool> MayRead(View& view, Table& table, absl::string_view id) {
  const std::string& collection = table.schema().collection();
  const identity::Principal* caller = view.actor().caller;
  if (caller != nullptr && !caller->May(absl::StrCat(collection, ".read"))) return false;
  const ReadAs as_caller(view, view.actor().ScopeOfReading(collection));
  return table.Exists(view, id);
}

absl::Status Conflict(View& view, Table& table, absl::string_view name, Reason seen, Reason unseen) {
  ASSIGN_OR_RETURN(const std::string id, table.schema().IdOf(name));
  ASSIGN_OR_RETURN(const bool may, MayRead(view, table, id));
  return may ? Fail(seen, {{"name", std::string(name)}}) : Fail(unseen);
}

absl::Status AddConflict(Tx& tx, Table& table, absl::string_view name, absl::string_view field, Reason seen,
                         Reason unseen, Faults& faults) {
  ASSIGN_OR_RETURN(const std::string id, table.schema().IdOf(name));
  ASSIGN_OR_RETURN(const bool may, MayRead(tx, table, id));
  if (may) {
    faults.Add(field, seen, {{"name", std::string(name)}});
  } else {
    faults.Add(field, unseen);
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
