#include "common/access/shipped_role.h"

#include <limits>

#include "absl/algorithm/container.h"
#include "absl/types/optional.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/store.h"
#include "common/records/table.h"

namespace tsunagu::access {
namespace {

namespace v1 = platform::v1;

constexpr absl::Duration kPatience = absl::Seconds(30);

identity::Actor System() { return {"system", "", "", "access/ship", "", identity::Scope::Everything()}; }

template <typename List>
bool Has(const List& list, const std::string& permission) {
  return absl::c_linear_search(list, permission);
}

void NoteVersion(const ShippedRole& shipped, v1::Role& role) {
  role.set_shipped_version(shipped.version);
  role.clear_shipped_permissions();
  role.mutable_shipped_permissions()->Add(shipped.permissions.begin(), shipped.permissions.end());
}

v1::Role NewRole(const ShippedRole& shipped) {
  v1::Role role;
  role.set_display_name(shipped.display_name);
  role.mutable_permissions()->Add(shipped.permissions.begin(), shipped.permissions.end());
  NoteVersion(shipped, role);
  return role;
}

// Logs an error when somebody forgot to raise the version: installations that have the role then do not get its new
// permissions.
void CheckVersion(const ShippedRole& shipped, const v1::Role& role) {
  if (role.shipped_version() != shipped.version || absl::c_equal(role.shipped_permissions(), shipped.permissions))
    return;
  log::Line(log::Level::kError, "shipped_role_without_new_version").Add("role", shipped.id).Write();
}

// Returns what the row should become; nothing when it stays as it is. `before` is null when there is no row.
absl::StatusOr<absl::optional<v1::Role>> Due(store::View& view, const store::Table& roles, const ShippedRole& shipped,
                                             const v1::Role* before) {
  if (before != nullptr) {
    CheckVersion(shipped, *before);
    if (before->shipped_version() >= shipped.version) return absl::nullopt;
    return Merge(shipped, *before);
  }
  bool deleted = false;
  RETURN_IF_ERROR(store::ReadJournal(view.session(), roles.NameOf(shipped.id), std::numeric_limits<int64_t>::max(), 1,
                                     absl::nullopt, [&](const store::JournalEntry&) {
                                       deleted = true;
                                       return absl::OkStatus();
                                     }));
  if (deleted) return absl::nullopt;
  return NewRole(shipped);
}

// Reads the role into `role`; returns whether its row exists.
absl::StatusOr<bool> Find(store::View& view, store::Table& roles, const std::string& id, v1::Role& role) {
  return roles.FindInto(view, *roles.schema().name_field(), id, [&]() -> v1::Role& { return role; });
}

}  // namespace

v1::Role Merge(const ShippedRole& shipped, const v1::Role& role) {
  std::vector<std::string> base(role.shipped_permissions().begin(), role.shipped_permissions().end());
  if (role.shipped_version() == 0) base = shipped.first.empty() ? shipped.permissions : shipped.first;
  v1::Role merged = role;
  merged.clear_permissions();
  merged.clear_own_permissions();
  for (const std::string& permission : role.permissions()) {
    const bool own = !Has(base, permission) || Has(role.own_permissions(), permission);
    if (own) merged.add_own_permissions(permission);
    if (own || Has(shipped.permissions, permission)) merged.add_permissions(permission);
  }
  for (const std::string& permission : shipped.permissions) {
    if (!Has(base, permission) && !Has(role.permissions(), permission)) merged.add_permissions(permission);
  }
  NoteVersion(shipped, merged);
  return merged;
}

absl::Status Ship(store::Store& store, store::Table& roles, const ShippedRole& shipped) {
  // Runs at every start, and finds something to do only after an update.
  bool due = false;
  RETURN_IF_ERROR(store.Read(System(), Deadline::After(kPatience), [&](store::View& view) -> absl::Status {
    v1::Role before;
    ASSIGN_OR_RETURN(const bool there, Find(view, roles, shipped.id, before));
    ASSIGN_OR_RETURN(const auto wanted, Due(view, roles, shipped, there ? &before : nullptr));
    due = wanted.has_value();
    return absl::OkStatus();
  }));
  if (!due) return absl::OkStatus();
  v1::Role answer;
  return store.Change(System(), Deadline::After(kPatience), {shipped.id}, answer, [&](store::Tx& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Guard("shipped roles", shipped.id));
    v1::Role before;
    ASSIGN_OR_RETURN(const bool there, Find(tx, roles, shipped.id, before));
    ASSIGN_OR_RETURN(const auto wanted, Due(tx, roles, shipped, there ? &before : nullptr));
    if (!wanted.has_value()) return absl::OkStatus();  // another process was first
    answer = *wanted;
    return there ? roles.Update(tx, before, answer) : roles.Insert(tx, shipped.id, answer);
  });
}

}  // namespace tsunagu::access
