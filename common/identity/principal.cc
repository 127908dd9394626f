#include "common/identity/principal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tsunagu::identity {

bool Grant::Permits(absl::string_view permission) const {
  if (permissions.count(permission) != 0) return true;
  const size_t dot = permission.find('.');
  const absl::string_view of = permission.substr(0, dot);
  if (of == "service") return false;  // the right to be a service is never part of another right
  if (permissions.count("*") != 0) return true;
  if (dot == absl::string_view::npos) return false;
  if (permissions.count(absl::StrCat(of, ".*")) != 0) return true;
  // A caller who may grant access may do everything, so a wildcard over all resources does not include access.
  return of != "access" && permissions.count(absl::StrCat("*", permission.substr(dot))) != 0;
}

bool Principal::May(absl::string_view permission) const {
  if (cut_by != nullptr && !cut_by->May(permission)) return false;
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) { return grant.Permits(permission); });
}

Scope Principal::ScopeFor(absl::string_view permission) const {
  bool everything = false;
  Scope::Keys keys;
  for (const Grant& grant : grants) {
    if (!grant.Permits(permission)) continue;
    everything |= grant.scope.everything();
    // Each grant has one set of keys; together they make one set.
    for (const Scope::Keys& granted : grant.scope.all_of()) keys.insert(granted.begin(), granted.end());
  }
  const Scope scope = everything ? Scope::Everything() : Scope::Of(std::move(keys));
  return cut_by == nullptr ? scope : scope.Intersection(cut_by->ScopeFor(permission));
}

}  // namespace tsunagu::identity
