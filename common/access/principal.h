#ifndef TSUNAGU_COMMON_ACCESS_PRINCIPAL_H_
#define TSUNAGU_COMMON_ACCESS_PRINCIPAL_H_

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace tsunagu::access {

// Which rows somebody may see: everything, or those that carry one of a set of access keys ("area/312011",
// "facility/…", "person/…"). Every query of the store takes one, so that no handler can forget it.
class Scope {
 public:
  static Scope Everything() { return Scope(true, {}); }
  static Scope Keys(std::set<std::string> keys) { return Scope(false, std::move(keys)); }

  bool everything() const { return everything_; }
  const std::set<std::string>& keys() const { return keys_; }

 private:
  Scope(bool everything, std::set<std::string> keys) : everything_(everything), keys_(std::move(keys)) {}

  bool everything_;
  std::set<std::string> keys_;
};

// Who is calling, and what they may do.
struct Principal {
  std::string id;  // stable, not personal: "admin", "officer-31"
  // "areas.read", "areas.*", "*.read" or "*".
  std::set<std::string> permissions;
  Scope scope = Scope::Keys({});

  bool May(absl::string_view permission) const {
    if (permissions.count("*") != 0 || permissions.count(std::string(permission)) != 0) return true;
    const size_t dot = permission.find('.');
    if (dot == absl::string_view::npos) return false;
    const std::string resource(permission.substr(0, dot));
    return permissions.count(resource + ".*") != 0 ||
           permissions.count("*" + std::string(permission.substr(dot))) != 0;
  }
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_PRINCIPAL_H_
