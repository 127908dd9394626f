#include "common/identity/principal.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::access {
namespace {

// True when one of `keys` reaches everything that `key` does: itself, or an area's prefecture ("areas/31").
bool Covers(const std::set<std::string>& keys, const std::string& key) {
  return keys.count(key) != 0 || (absl::StartsWith(key, "areas/") && keys.count(key.substr(0, 8)) != 0);
}

}  // namespace

Scope Scope::Union(const Scope& other) const {
  if (everything_ || other.everything_) return Everything();
  std::set<std::string> keys = keys_;
  keys.insert(other.keys_.begin(), other.keys_.end());
  return Keys(std::move(keys));
}

Scope Scope::Intersection(const Scope& other) const {
  if (everything_) return other;
  if (other.everything_) return *this;
  std::set<std::string> keys;
  for (const std::string& key : keys_) {
    if (Covers(other.keys_, key)) keys.insert(key);
  }
  for (const std::string& key : other.keys_) {
    if (Covers(keys_, key)) keys.insert(key);
  }
  return Keys(std::move(keys));
}

bool Grant::Permits(absl::string_view permission) const {
  if (permissions.count("*") != 0 || permissions.count(permission) != 0) return true;
  const size_t dot = permission.find('.');
  if (dot == absl::string_view::npos) return false;
  return permissions.count(absl::StrCat(permission.substr(0, dot), ".*")) != 0 ||
         permissions.count(absl::StrCat("*", permission.substr(dot))) != 0;
}

bool Principal::May(absl::string_view permission) const {
  if (cut_by != nullptr && !cut_by->May(permission)) return false;
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) { return grant.Permits(permission); });
}

Scope Principal::ScopeFor(absl::string_view permission) const {
  Scope scope = Scope::Keys({});
  for (const Grant& grant : grants) {
    if (grant.Permits(permission)) scope = scope.Union(grant.scope);
  }
  return cut_by == nullptr ? scope : scope.Intersection(cut_by->ScopeFor(permission));
}

}  // namespace tsunagu::access
